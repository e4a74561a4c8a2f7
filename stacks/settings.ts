import { isDeepStrictEqual } from "node:util";
import * as z from "zod";
import { apiSchema, quotasSchema } from "./constructs/api/settings";
import { functionSchema, logsSchema, processorSchema } from "./constructs/compute/settings";
import { cacheSchema, databaseSchema, queueSchema, storageSchema } from "./constructs/data/settings";
import {
  accountWideSchema,
  pullRequestsSchema,
  repositoryIdsSchema,
  stateAuditSchema,
} from "./constructs/delivery/settings";
import {
  appDomainIsUnique,
  appSchema,
  dnsSchema,
  edgeSchema,
  firewallSchema,
  invalidationsReachQueue,
  originCertificateIsInRegion,
  originNameOf,
} from "./constructs/edge/settings";
import { networkSchema, zonesAreOfRegion } from "./constructs/network/settings";
import {
  alarmsSchema,
  budgetSchema,
  budgetHasRecipient,
  checksFitQuotas,
  grafanaSchema,
  sloRequiresAlarms,
  sloSchema,
  syntheticCheckSchema,
  tracingSchema,
} from "./constructs/observability/settings";
import { backupsAvoidWindows, backupSchema, copyRegionDiffers } from "./constructs/recovery/settings";
import { REGIONS } from "./lib/aws-regions";
import { PULL_REQUESTS, pullRequestOf } from "./lib/pull-requests";
import { canonicalPem } from "./lib/public-key";
import { SAMPLE_ACCOUNTS, SAMPLE_MAIL_DOMAIN, SAMPLE_PLAYBACK_KEY, SAMPLE_REPOSITORY } from "./lib/samples";
import {
  type Expected,
  expecting,
  group,
  hostName,
  named,
  isRight,
  oneOf,
  oneOfKinds,
  pathText,
  problem,
  problemsOf,
  SettingsError,
  rule,
  type Settings,
  text,
  textThat,
  trueOrFalse,
  unlessOff,
} from "./lib/schema";

/** Construct ids of the foundation and prefixes of its IAM names; not allowed as environment names. */
const RESERVED_NAMES = ["aws", "backend", "foundation", "github", PULL_REQUESTS, "state"];

/** Whether an environment can have a name. The names of pull requests, such as `pr-123`, have a hyphen. */
function isEnvironmentName(name: string): boolean {
  if (pullRequestOf(name) !== undefined) return true;
  return /^[a-z][a-z0-9]{1,11}$/.test(name) && !RESERVED_NAMES.includes(name);
}

const MAX_BUCKET_NAME_LENGTH = 63;

const RESERVED_BUCKET_PREFIXES = ["xn--", "sthree-", "amzn-s3-demo-"];
const RESERVED_BUCKET_SUFFIXES = ["-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3", "-an"];

/**
 * The reason why S3 reserves a bucket name, if it does.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 */
function reservedBy(name: string): string | undefined {
  const prefix = RESERVED_BUCKET_PREFIXES.find((one) => name.startsWith(one));
  const suffix = RESERVED_BUCKET_SUFFIXES.find((one) => name.endsWith(one));
  if (prefix !== undefined) return `S3 reserves names that start with ${prefix}`;
  return suffix === undefined ? undefined : `S3 reserves names that end with ${suffix}`;
}

/** Whether a bucket name is valid. Dots are not allowed: S3's certificates don't cover them. */
function isBucketName(name: string): boolean {
  return /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/.test(name) && reservedBy(name) === undefined;
}

const stateSchema = oneOfKinds([
  group({
    /** `s3`: an object with a lock file. `terraform-cloud`: a workspace named after the stack. */
    kind: z.literal("s3"),
    /** With `s3`: the account's state bucket, which the foundation creates. */
    bucket: textThat(isBucketName, {
      allowed: "a bucket name of 3 to 63 lower-case letters, digits and hyphens",
      why: (name) => reservedBy(String(name)),
    }),
    /** With `s3`: region of the bucket. */
    region: oneOf(REGIONS),
    /**
     * With `s3`: records of who reads and writes states, in a bucket of its own beside the state bucket.
     * @default none
     * @cost Less than $1 per month: storage of the records.
     */
    audit: stateAuditSchema.optional(),
  }).check(
    rule(
      ["bucket", "audit"],
      "With `state.audit`, `state.bucket` has at most 57 characters: the bucket of the records adds `-audit`.",
      ({ bucket, audit }, reject) => {
        const most = MAX_BUCKET_NAME_LENGTH - "-audit".length;
        if (audit === undefined || bucket.length <= most) return;
        reject("bucket", bucket, {
          allowed: `at most ${most} characters with an audit`,
          why: "the bucket of the records adds -audit to its name",
        });
      },
    ),
  ),
  group({
    kind: z.literal("terraform-cloud"),
    /** With `terraform-cloud`: organization of the workspaces. */
    organization: text({
      pattern: /^[\w-]{3,40}$/,
      allowed: "a Terraform Cloud organization of 3 to 40 letters, digits, hyphens and underscores",
    }),
    /**
     * With `terraform-cloud`: host name of your own Terraform Enterprise.
     * @default app.terraform.io
     */
    hostname: hostName("terraform.example.com").optional(),
    /**
     * With `terraform-cloud`: project of the workspaces. It is part of the identity that AWS trusts.
     * @default Default Project
     * @risk After a change, runs can't assume their roles until the foundation is deployed again.
     */
    project: text({
      pattern: /^[A-Za-z0-9][A-Za-z0-9 _-]{1,38}[A-Za-z0-9]$/,
      allowed: "a Terraform Cloud project of 3 to 40 letters, digits, spaces, hyphens and underscores",
    }).optional(),
    /**
     * With `terraform-cloud`: where the environment's Terraform runs. `remote`: in Terraform Cloud, with AWS credentials
     * of each run. `local`: where the command runs, and Terraform Cloud stores the state only. A foundation always runs
     * locally.
     * @default remote
     */
    execution: oneOf(["remote", "local"]).optional(),
    /**
     * With `terraform-cloud`: access of teams to the workspaces, which `npm run cloud` grants. `read`: plans and states,
     * `plan`: runs too, `write`: applies too, `admin`: settings of the workspaces too.
     * @default none
     */
    teams: named({
      name: text({ pattern: /^[\w-]{1,90}$/, allowed: "the name of a team in Terraform Cloud" }),
      value: oneOf(["read", "plan", "write", "admin"]),
      least: 1,
      items: "access of teams",
      why: "leave it out if no team has access",
    }).optional(),
    /**
     * With `terraform-cloud`: URL that is notified when a run needs a person or fails, such as a Slack webhook.
     * @default none
     */
    notificationUrl: textThat((value) => /^https:\/\/\S+$/.test(value) && URL.canParse(value), {
      allowed: "an https URL",
    }).optional(),
    /**
     * With `terraform-cloud`: a function of the foundation reviews each plan of a run as a run task, and stops blocked ones.
     * `npm run cloud` adds the task to the environment's workspace.
     * @default false
     * @cost A secret, $0.4 a month, and a call of a function for each run.
     */
    reviewTask: trueOrFalse().optional(),
  }),
]);

/** Location of an environment's Terraform state: an S3 object with a lock file, or a workspace. */
export type StateSettings = Settings<typeof stateSchema>;

/** The settings that an environment of a pull request can't choose. */
interface TemporarySettings {
  readonly name: string;
  readonly protect: boolean;
  readonly encryption: string;
  readonly network: { readonly nat: string };
  readonly dns: object;
  readonly alarms: object;
  readonly slo: object;
  readonly budget: object;
  readonly backup: object;
  readonly app: { readonly domain?: string | undefined };
  readonly grafana?: object | undefined;
  readonly syntheticCheck?: object | undefined;
  readonly pullRequests?: object | undefined;
}

/** What an environment of a pull request must be: nothing in it is kept, or found by others. */
const pullRequestIsTemporary = rule<TemporarySettings>(
  ["name"],
  "An environment named `pr-` and a number has `protect: false`, no NAT gateway, key, domain, alarms, budget, backups, " +
    "Grafana, synthetic check or `pullRequests` of its own.",
  (settings, reject) => {
    if (pullRequestOf(settings.name) === undefined) return;
    const why = "an environment of a pull request is destroyed with it";
    const required = { protect: false, encryption: "aws-owned", "network.nat": "none" } as const;
    const actual = [settings.protect, settings.encryption, settings.network.nat];
    Object.entries(required).forEach(([path, value], index) => {
      if (actual[index] !== value) reject(path, actual[index], { allowed: JSON.stringify(value), why });
    });
    for (const key of ["dns", "alarms", "slo", "budget", "backup"] as const) {
      if (!("off" in settings[key])) reject(key, settings[key], { allowed: "off", why });
    }
    for (const [path, value] of [
      ["app.domain", settings.app.domain],
      ["grafana", settings.grafana],
      ["syntheticCheck", settings.syntheticCheck],
      ["pullRequests", settings.pullRequests],
    ] as const) {
      if (value !== undefined) reject(path, value, { allowed: "left out", why });
    }
  },
);

/** Every setting of one environment. */
export const environmentSchema = group({
  /**
   * Name of the environment; part of all physical names.
   * @risk A change replaces all resources.
   */
  name: textThat(isEnvironmentName, {
    allowed: `2 to 12 lower-case letters and digits, starting with a letter, and none of ${RESERVED_NAMES.join(", ")}`,
    why: (name) =>
      RESERVED_NAMES.includes(String(name)) ? "the account's foundation uses that name" : undefined,
  }),
  /** AWS account id; Terraform rejects credentials of any other account. */
  account: text({ pattern: /^\d{12}$/, allowed: "an AWS account id of 12 digits, as a string" }),
  /**
   * Region of all resources except those that CloudFront needs in us-east-1.
   * @risk A change replaces all resources.
   */
  region: oneOf(REGIONS),
  /** Profile in `~/.aws/config` for `npm run deploy` when no AWS credentials are set in environment variables. */
  profile: text({ pattern: /^[\w.@-]+$/, allowed: "the name of an AWS profile" }),
  /** `owner/name` on GitHub; its workflows can deploy, and every resource has it as a tag. */
  repository: text({
    pattern: /^[\w.-]{1,39}\/[\w.-]{1,100}$/,
    allowed: 'owner/name of a GitHub repository, such as "you/streamflow"',
  }),
  /**
   * GitHub ids of the repository and its owner; tokens contain them for repositories created or renamed since July
   * 2026.
   * @default none
   * @risk Without them, such a repository's workflows can't deploy.
   */
  repositoryIds: repositoryIdsSchema.optional(),
  /**
   * Whether the foundation creates what an account has once, or uses what is there. The same for every environment of
   * the account.
   * @default both are created
   */
  accountWide: accountWideSchema.optional(),
  /**
   * Environments of pull requests with the label `preview`, made from this one in the smallest sizes.
   * docs/delivery.md#environments-of-pull-requests says what they can't do.
   * @default none
   * @cost While one exists, about $70 per month.
   * @risk Their pipeline role can change what environments of the account have, where IAM can't tell them apart.
   */
  pullRequests: pullRequestsSchema.optional(),
  /** Public host name. */
  domain: hostName("dev.streamflow.com"),
  /**
   * Certificates and DNS records of `domain`.
   * @risk When off, the pages have CloudFront's host name, and CloudFront calls the load balancer over plain HTTP.
   */
  dns: unlessOff(dnsSchema),
  /** Location of the environment's Terraform state. */
  state: stateSchema,
  /**
   * Deletion protection for resources with data, and a final snapshot if the database is deleted.
   * @risk With `false`, `terraform destroy` deletes the database and every video.
   */
  protect: trueOrFalse(),
  /**
   * Key for data at rest in the topic of the alarms, the queues, the buckets, the log groups, the secrets, the image
   * repository, the cache, the database with its insights, and the backup vaults. `aws-owned`: keys of AWS, which need no
   * policy. `customer`: a key of the environment, which the account's foundation creates; deploy the foundation first.
   * docs/delivery.md lists what it does not encrypt.
   * @cost With `customer`, $1 per month and key, $1 more after each of the first two yearly rotations, and $0.03 per
   * 10 000 requests to KMS. The keys are in up to three regions: its own, us-east-1 and that of the backup copies.
   * @risk A change to `customer` replaces the database, the cache, the image repository and the backup vaults, with their
   * data. A change to `aws-owned` deletes the key, without which all data is unreadable: the review blocks that plan, and
   * a deleted key can be recovered for 30 days. Choose before the first deployment.
   */
  encryption: oneOf(["aws-owned", "customer"]),
  /** CloudWatch log groups. */
  logs: logsSchema,
  /** The VPC. */
  network: networkSchema,
  /** PostgreSQL on RDS. */
  database: databaseSchema,
  /** ElastiCache replication group. */
  cache: cacheSchema,
  /** The SQS queue of uploads and its dead-letter queue. */
  queue: queueSchema,
  /** Buckets of sources, streams and logs. */
  storage: storageSchema,
  /** The REST API. */
  api: apiSchema,
  /** What one creator may upload within 24 hours. */
  quotas: quotasSchema,
  /** The Lambda function that serves the API. */
  media: functionSchema({ timeout: "29 seconds", why: "API Gateway times out after 29 seconds" }),
  /** The Fargate service that transcodes videos. */
  processor: processorSchema,
  /** WAF web ACLs. */
  firewall: firewallSchema,
  /** CloudFront distribution. */
  edge: edgeSchema,
  /** The console, hosted by Amplify. */
  app: appSchema,
  /** X-Ray tracing. */
  tracing: tracingSchema,
  /** CloudWatch alarms and their recipients. */
  alarms: unlessOff(alarmsSchema),
  /**
   * Service level objectives with burn rate alarms; requires `alarms`. The requests and videos of `syntheticCheck` count too:
   * neither API Gateway's metrics nor the processor's tell who a request or a video is from.
   */
  slo: unlessOff(sloSchema),
  /** Monthly cost budget and its recipients. */
  budget: unlessOff(budgetSchema),
  /**
   * A Managed Grafana workspace; docs/delivery.md describes what it needs first.
   * @default none
   * @cost About $9 per month per editor.
   */
  grafana: grafanaSchema.optional(),
  /**
   * A function that uploads, plays and deletes a short video as creators and viewers do, with an alarm if that fails.
   * docs/delivery.md#the-synthetic-check says what it checks.
   * @default none
   * @cost About $2 per month with a check every 10 minutes.
   * @risk With `protect`, the pipeline may not delete the check's user pool: after the setting is left out, a person
   * applies the plan.
   */
  syntheticCheck: syntheticCheckSchema.optional(),
  /** AWS Backup, in addition to the database's own backups. */
  backup: unlessOff(backupSchema),
}).check(
  zonesAreOfRegion,
  appDomainIsUnique,
  originCertificateIsInRegion,
  invalidationsReachQueue,
  sloRequiresAlarms,
  budgetHasRecipient,
  checksFitQuotas,
  copyRegionDiffers,
  backupsAvoidWindows,
  rule(
    ["pullRequests", "state"],
    'With `pullRequests`, `state.kind` is "s3".',
    ({ pullRequests, state }, reject) => {
      if (pullRequests === undefined || state.kind === "s3") return;
      reject("state.kind", state.kind, {
        allowed: '"s3" with pullRequests',
        why: "a workspace of Terraform Cloud would have to be made for each pull request",
      });
    },
  ),
  pullRequestIsTemporary,
  rule(
    ["account", "repository"],
    "In an account of your own, `repository` is not the sample's.",
    ({ account, repository }, reject) => {
      if (repository !== SAMPLE_REPOSITORY || SAMPLE_ACCOUNTS.includes(account)) return;
      reject("repository", repository, {
        allowed: "your own repository",
        why: "the pipeline's roles in the account trust the workflows of this repository",
      });
    },
  ),
  rule(
    ["account", "alarms", "budget"],
    "In an account of your own, `alarms.emails` and `budget.emails` are not the sample's.",
    ({ account, alarms, budget }, reject) => {
      if (SAMPLE_ACCOUNTS.includes(account)) return;
      for (const [path, recipients] of Object.entries({ alarms, budget })) {
        const emails = "emails" in recipients ? recipients.emails : [];
        const sample = emails.find((email) => email.endsWith(SAMPLE_MAIL_DOMAIN));
        if (sample === undefined) continue;
        reject(`${path}.emails`, sample, {
          allowed: "your own addresses",
          why: "the sample's addresses are not yours",
        });
      }
    },
  ),
  rule(
    ["account", "edge.playbackKeys"],
    "In an account of your own, `edge.playbackKeys` does not contain the sample's key.",
    ({ account, edge }, reject) => {
      const sample = canonicalPem(SAMPLE_PLAYBACK_KEY);
      const isSample = Object.values(edge.playbackKeys).some((key) => canonicalPem(key) === sample);
      if (!isSample || SAMPLE_ACCOUNTS.includes(account)) return;
      reject("edge.playbackKeys", edge.playbackKeys, {
        allowed: "a public key of your own",
        why: "the sample's private key is public; it is only for trying the product without an AWS account",
        got: () => "the sample key",
      });
    },
  ),
);

/** All settings of one environment. */
export type EnvironmentSettings = Settings<typeof environmentSchema>;

type Environments = z.infer<typeof environmentSchema>[];
type Context = z.core.$RefinementCtx<Environments>;

/** The list of all environments, with rules between them. */
const environmentsSchema = z
  .array(environmentSchema, expecting({ allowed: "a list of environments, at least 1" }))
  .min(1, expecting({ allowed: "a list of environments, at least 1", why: "nothing would be synthesized" }))
  .superRefine(checkBetweenEnvironments, { when: ({ value }) => Array.isArray(value) });

/** The rules between environments, for docs/settings.md. */
export const RULES_BETWEEN_ENVIRONMENTS: readonly string[] = [
  "`name` is unique.",
  "`domain`, `app.domain` and `origin.` followed by `domain` are the host names of one environment only.",
  "Environments of one account have the same `region`, `state` and `accountWide`.",
  "`state.bucket` is used in one account only.",
  "`pullRequests` is set in one environment only, in an account without `protect: true`.",
  "An environment named `pr-` and a number is in the account of the one that has `pullRequests`.",
];

/** Rules between environments; each rule compares only environments whose settings are valid. */
function checkBetweenEnvironments(environments: Environments, context: Context): void {
  const reject = (path: readonly PropertyKey[], value: unknown, expected: Expected): void =>
    context.addIssue({ code: "custom", path: [...path], message: problem(value, expected) });
  const having = (...keys: (keyof EnvironmentSettings)[]) =>
    environments
      .map((settings, index) => ({ settings, index }))
      .filter(({ index }) => keys.every((key) => isRight(context.issues, [index, key])));

  const names = new Set<string>();
  for (const { settings, index } of having("name")) {
    const { name } = settings;
    if (names.has(name))
      reject([index, "name"], name, { allowed: "unique", why: "another environment has it" });
    names.add(name);
  }
  const owners = new Map<string, number>();
  for (const { settings, index } of having("domain", "app")) {
    for (const { path, host } of hostNamesOf(settings)) {
      const owner = owners.get(host) ?? index;
      owners.set(host, owner);
      if (owner === index) continue;
      reject([index, ...path], host, { allowed: "unique", why: "another environment has this host name" });
    }
  }
  for (const key of ["region", "state", "accountWide"] as const) {
    const all = having("name", "account", key);
    for (const { settings, index } of all) {
      const first = all.find((other) => other.settings.account === settings.account)?.settings ?? settings;
      if (isDeepStrictEqual(settings[key], first[key])) continue;
      reject([index, key], settings[key], {
        allowed: `the same as in ${first.name}, ${JSON.stringify(first[key]) ?? "none"}`,
        why: `both are in account ${settings.account}, whose foundation they share`,
      });
    }
  }
  checkPullRequests({ reject, having });
  const bucketOwners = new Map<string, Environments[number]>();
  for (const { settings, index } of having("name", "account", "state")) {
    if (settings.state.kind !== "s3") continue;
    const { bucket } = settings.state;
    const owner = bucketOwners.get(bucket) ?? settings;
    bucketOwners.set(bucket, owner);
    if (owner.account === settings.account) continue;
    reject([index, "state", "bucket"], bucket, {
      allowed: `a bucket of account ${settings.account}`,
      why: `${owner.name} uses it in account ${owner.account}, and each account's foundation creates its own bucket`,
    });
  }
}

interface BetweenEnvironments {
  readonly reject: (path: readonly PropertyKey[], value: unknown, expected: Expected) => void;
  readonly having: (
    ...keys: (keyof EnvironmentSettings)[]
  ) => { readonly settings: Environments[number]; readonly index: number }[];
}

/** The rules about environments of pull requests, whose roles reach what IAM can't tell apart in an account. */
function checkPullRequests({ reject, having }: BetweenEnvironments): void {
  const all = having("name", "account", "protect", "pullRequests");
  const [base, ...others] = all.filter(({ settings }) => settings.pullRequests !== undefined);
  for (const { settings, index } of others) {
    reject([index, "pullRequests"], settings.pullRequests, {
      allowed: `set in one environment only, and ${base?.settings.name} has it`,
      why: "the names pr-1, pr-2, … belong to one account",
    });
  }
  for (const { settings, index } of all) {
    const isOfBase = settings.account === base?.settings.account;
    if (base !== undefined && isOfBase && settings.protect) {
      reject([base.index, "pullRequests"], base.settings.pullRequests, {
        allowed: "left out, or in an account of its own",
        why: `the account has the protected environment ${settings.name}, which pull requests could harm`,
      });
    }
    if (pullRequestOf(settings.name) === undefined || isOfBase) continue;
    reject([index, "name"], settings.name, {
      allowed: "another name, or an environment of the account must have pullRequests",
      why: "names such as pr-123 belong to pull requests",
    });
  }
}

/** Host names of an environment, each with the path of the setting that it comes from. */
function hostNamesOf({ domain, app }: Environments[number]): { path: string[]; host: string }[] {
  return [
    { path: ["domain"], host: domain },
    { path: ["domain"], host: originNameOf(domain) },
    ...(app.domain === undefined ? [] : [{ path: ["app", "domain"], host: app.domain }]),
  ];
}

/**
 * Throws a `SettingsError` with one line per mistake in any environment, such as `dev.queue.maxReceives must be a whole
 * number from 1 to 1000 receives, got 0`.
 */
export function checkEnvironments(environments: unknown): void {
  const lines = problemsOf(environmentsSchema, environments).map(({ path, message }) => {
    const [index, ...setting] = path;
    if (index === undefined) return `environments ${message}`;
    return `${pathText(setting, labelOf(environments, index))} ${message}`;
  });
  if (lines.length > 0) throw new SettingsError(lines);
}

/** Label of an environment in messages: its name, or its index if the name is invalid. */
function labelOf(environments: unknown, index: PropertyKey): string {
  const all = environments as Readonly<Record<PropertyKey, { readonly name?: unknown } | null | undefined>>;
  const name = all[index]?.name;
  return typeof name === "string" && /^[\w-]+$/.test(name) ? name : `environments[${String(index)}]`;
}

/** Tags of every resource of an environment. */
export function stackTags(
  { repository }: Pick<EnvironmentSettings, "repository">,
  environment: string,
): Record<string, string> {
  return { Project: "streamflow", Environment: environment, ManagedBy: "terraform", Repository: repository };
}
