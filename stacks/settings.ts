import { isDeepStrictEqual } from "node:util";
import type { StateSettings } from "./base-stack";
import { type AlarmSettings, checkAlarms } from "./constructs/observability/alarm-topic";
import { type BackupSettings, checkBackup } from "./constructs/recovery/backups";
import { type BudgetSettings, checkBudget } from "./constructs/observability/budget";
import { type CacheSettings, checkCache } from "./constructs/data/cache";
import type { RepositoryIds } from "./constructs/delivery/delivery-permissions";
import { checkRepositoryIds } from "./constructs/delivery/delivery-roles";
import { checkDatabase, type DatabaseSettings } from "./constructs/data/database-settings";
import { checkEdge, type EdgeSettings } from "./constructs/edge/edge";
import { checkFirewall, type FirewallSettings } from "./constructs/edge/firewall";
import { checkGrafana, type GrafanaSettings } from "./constructs/observability/grafana";
import { checkLogs, type LogSettings } from "./constructs/compute/log-group";
import type { NetworkSettings } from "./constructs/network/network";
import { checkNetwork } from "./constructs/network/network-settings";
import { checkFunction, type FunctionSettings } from "./constructs/compute/node-function";
import { checkProcessor, type ProcessorSettings } from "./constructs/compute/processor-settings";
import { type ApiSettings, checkApi } from "./constructs/api/rest-api";
import { checkSlo, type SloSettings } from "./constructs/observability/slo";
import { checkStorage, type StorageSettings } from "./constructs/data/storage";
import { checkTracing, type TracingSettings } from "./constructs/observability/tracing";
import { checkWebApp, type WebAppSettings } from "./constructs/edge/web-app";
import { checkQueue, type WorkQueueSettings } from "./constructs/data/work-queue";
import { Check, ZONE_LETTERS } from "./lib/validation";
import { SAMPLE_ACCOUNTS, SAMPLE_PLAYBACK_KEY } from "./lib/samples";

/** Everything in which one environment differs from another. */
export interface EnvironmentSettings {
  /** Lower case; part of every name. */
  readonly name: string;
  /** AWS account id, 12 digits. Terraform refuses to touch any other account. */
  readonly account: string;
  readonly region: string;
  /** Profile of `~/.aws/config` that `npm run deploy` uses where no AWS credentials are in the environment. */
  readonly profile: string;
  /** `owner/name` on GitHub: whose workflows may deploy, and a tag on every resource. */
  readonly repository: string;
  /**
   * GitHub's numbers of the repository and its owner, which the tokens of repositories made or renamed since July 2026
   * name: without them such a repository's workflows can't deploy.
   */
  readonly repositoryIds?: RepositoryIds;
  /** Public host name. */
  readonly domain: string;
  /** Route 53 zone of the domain: with it come certificates and DNS records; without, AWS's own host names. */
  readonly hostedZoneId?: string;
  readonly state: StateSettings;
  /** Refuse to delete what holds data, and keep a last snapshot if it is deleted all the same. */
  readonly protect: boolean;
  readonly logs: LogSettings;
  readonly network: NetworkSettings;
  readonly database: DatabaseSettings;
  readonly cache: CacheSettings;
  readonly queue: WorkQueueSettings;
  readonly storage: StorageSettings;
  readonly api: ApiSettings;
  /** The function that answers the API. */
  readonly media: FunctionSettings;
  readonly processor: ProcessorSettings;
  readonly firewall: FirewallSettings;
  readonly edge: EdgeSettings;
  /** The console, hosted by Amplify. */
  readonly app: WebAppSettings;
  readonly tracing: TracingSettings;
  /** Alarms and who is told, or why there are none. */
  readonly alarms: AlarmSettings | { readonly off: string };
  /** What is promised, and alarms when it is about to be broken; or why nothing is. They want `alarms`. */
  readonly slo: SloSettings | { readonly off: string };
  /** What a month may cost, and who is told when it will cost more; or why nobody is. */
  readonly budget: BudgetSettings | { readonly off: string };
  /** A Managed Grafana workspace, where there is one; about 9 $ a month for each person who edits. */
  readonly grafana?: GrafanaSettings;
  /** AWS Backup besides the database's own backups, or why not. */
  readonly backup: BackupSettings | { readonly off: string };
}

/** Tags of every resource of an environment. */
export function stackTags(
  { repository }: Pick<EnvironmentSettings, "repository">,
  environment: string,
): Record<string, string> {
  return { Project: "streamflow", Environment: environment, ManagedBy: "terraform", Repository: repository };
}

/** Throws a `SettingsError` that holds one line for each mistake in any of the environments. */
export function checkEnvironments(environments: readonly EnvironmentSettings[]): void {
  const problems: string[] = [];
  environments.forEach((settings) => checkEnvironment(settings, new Check(settings.name, problems)));
  for (const key of ["name", "domain"] as const) {
    environments.forEach((settings, index) => {
      const first = environments.findIndex((other) => other[key] === settings[key]);
      if (first === index) return;
      const problem = { allowed: "its own", why: "another has it" };
      new Check(settings.name, problems).reject(key, settings[key], problem);
    });
  }
  environments.forEach((settings) => checkAccount(settings, environments, problems));
  new Check("", problems).throwProblems();
}

/** Environments of one account share its foundation, which is in one region and keeps its state in one place. */
function checkAccount(
  settings: EnvironmentSettings,
  environments: readonly EnvironmentSettings[],
  problems: string[],
): void {
  const first = environments.find(({ account }) => account === settings.account) ?? settings;
  for (const key of ["region", "state"] as const) {
    if (isDeepStrictEqual(settings[key], first[key])) continue;
    new Check(settings.name, problems).reject(key, settings[key], {
      allowed: `that of ${first.name}, ${JSON.stringify(first[key])}`,
      why: `both are in account ${settings.account}, whose foundation they share`,
    });
  }
}

function checkEnvironment(settings: EnvironmentSettings, check: Check): void {
  checkIdentity(settings, check);
  checkState(settings.state, check.at("state"));
  checkLogs(settings.logs, check.at("logs"));
  checkNetwork(settings.network, settings.region, check.at("network"));
  checkDatabase(settings.database, check.at("database"));
  checkCache(settings.cache, check.at("cache"));
  checkQueue(settings.queue, check.at("queue"));
  checkStorage(settings.storage, check.at("storage"));
  checkApi(settings.api, check.at("api"));
  // API Gateway gives up after 29 seconds.
  checkFunction(settings.media, check.at("media"), "29 seconds");
  checkProcessor(settings.processor, check.at("processor"));
  checkFirewall(settings.firewall, check.at("firewall"));
  checkEdge(settings.edge, check.at("edge"));
  checkWebApp(settings.app, check.at("app"));
  checkTracing(settings.tracing, check.at("tracing"));
  if ("off" in settings.alarms) check.onOrReason("alarms", settings.alarms);
  else checkAlarms(settings.alarms, check.at("alarms"));
  checkPromises(settings, check);
  if (settings.grafana !== undefined) checkGrafana(settings.grafana, check.at("grafana"));
  if ("off" in settings.backup) check.onOrReason("backup", settings.backup);
  else checkBackup(settings.backup, settings.region, check.at("backup"));
  checkSampleKey(settings, check);
}

function checkSampleKey({ account, edge }: EnvironmentSettings, check: Check): void {
  const isSample = Object.values(edge.playbackKeys).includes(SAMPLE_PLAYBACK_KEY);
  if (!isSample || !/^\d{12}$/.test(account) || SAMPLE_ACCOUNTS.includes(String(account))) return;
  check.reject("edge.playbackKeys", "the sample key", {
    allowed: "a public key of your own",
    why: "the sample is there to try the product without an AWS account",
  });
}

function checkPromises({ slo, budget, alarms }: EnvironmentSettings, check: Check): void {
  if ("off" in slo) check.onOrReason("slo", slo);
  else {
    const before = check.problems.length;
    checkSlo(slo, check.at("slo"));
    const told = !("off" in alarms) || check.problems.length > before;
    if (!told) {
      check.reject("slo", "objectives", { allowed: "off where alarms are", why: "nobody would be told" });
    }
  }
  if ("off" in budget) check.onOrReason("budget", budget);
  else checkBudget(budget, "off" in alarms ? 1 : 0, check.at("budget"));
}

function checkIdentity(settings: EnvironmentSettings, check: Check): void {
  check.matches("name", settings.name, {
    pattern: /^[a-z][a-z0-9]{1,11}$/,
    allowed: "2 to 12 lower-case letters and digits",
  });
  check.matches("account", settings.account, {
    pattern: /^\d{12}$/,
    allowed: "an AWS account id of 12 digits, as a text",
  });
  check.oneOf("region", settings.region, Object.keys(ZONE_LETTERS));
  check.matches("profile", settings.profile, {
    pattern: /^[\w.@-]+$/,
    allowed: "the name of an AWS profile",
  });
  check.matches("repository", settings.repository, {
    pattern: /^[\w.-]+\/[\w.-]+$/,
    allowed: "owner/name of a GitHub repository",
  });
  if (settings.repositoryIds !== undefined)
    checkRepositoryIds(settings.repositoryIds, check.at("repositoryIds"));
  check.matches("domain", settings.domain, {
    pattern: /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/,
    allowed: 'a host name such as "dev.streamflow.com"',
  });
  if (settings.hostedZoneId !== undefined) {
    check.matches("hostedZoneId", settings.hostedZoneId, {
      pattern: /^Z[A-Z0-9]{5,31}$/,
      allowed: "the id of a Route 53 zone",
    });
  }
  check.oneOf("protect", settings.protect, [true, false]);
}

function checkState(state: StateSettings, check: Check): void {
  check.oneOf("kind", state.kind, ["s3", "terraform-cloud"]);
  if (state.kind === "s3") {
    check.matches("bucket", state.bucket, {
      pattern: /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/,
      allowed: "a bucket name of 3 to 63 lower-case letters, digits and hyphens",
    });
    check.oneOf("region", state.region, Object.keys(ZONE_LETTERS));
  } else if (state.kind === "terraform-cloud") {
    check.matches("organization", state.organization, {
      pattern: /^[\w-]{3,40}$/,
      allowed: "a Terraform Cloud organization",
    });
  }
}
