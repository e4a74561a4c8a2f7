import type { StateSettings } from "./base-stack";
import { parseCidr } from "./cidr";
import { type CacheSettings, checkCache } from "./constructs/cache";
import { checkDatabase, type DatabaseSettings } from "./constructs/database-settings";
import { checkLogs, type LogSettings } from "./constructs/log-group";
import { NAT_MODES } from "./constructs/nat-gateways";
import type { NetworkSettings } from "./constructs/network";
import { checkFunction, type FunctionSettings } from "./constructs/node-function";
import { type ApiSettings, checkApi } from "./constructs/rest-api";
import { INTERFACE_ENDPOINTS } from "./constructs/vpc-endpoints";
import { checkQueue, type WorkQueueSettings } from "./constructs/work-queue";
import { Check, ZONE_LETTERS } from "./limits";

/** Everything in which one environment differs from another. */
export interface EnvironmentSettings {
  /** Lower case; part of every name. */
  readonly name: string;
  /** AWS account id, 12 digits. Terraform refuses to touch any other account. */
  readonly account: string;
  readonly region: string;
  /** Profile of `~/.aws/config` that `npm run deploy` uses where no AWS credentials are in the environment. */
  readonly profile: string;
  /** Public host name. */
  readonly domain: string;
  readonly state: StateSettings;
  /** Refuse to delete what holds data, and keep a last snapshot if it is deleted all the same. */
  readonly protect: boolean;
  readonly logs: LogSettings;
  readonly network: NetworkSettings;
  readonly database: DatabaseSettings;
  readonly cache: CacheSettings;
  readonly queue: WorkQueueSettings;
  readonly api: ApiSettings;
  /** The function that answers the API. */
  readonly media: FunctionSettings;
}

/** Throws a `SettingsError` that holds one line for each mistake in any of the environments. */
export function checkEnvironments(environments: readonly EnvironmentSettings[]): void {
  const problems: string[] = [];
  environments.forEach((settings) => checkEnvironment(settings, new Check(settings.name, problems)));
  for (const key of ["name", "domain"] as const) {
    environments.forEach((settings, index) => {
      const first = environments.findIndex((other) => other[key] === settings[key]);
      new Check(settings.name, problems).that(
        first === index,
        key,
        settings[key],
        "its own",
        "another has it",
      );
    });
  }
  new Check("", problems).throwProblems();
}

function checkEnvironment(settings: EnvironmentSettings, check: Check): void {
  check.matches("name", settings.name, /^[a-z][a-z0-9]{1,11}$/, "2 to 12 lower-case letters and digits");
  check.matches("account", settings.account, /^\d{12}$/, "an AWS account id of 12 digits, as a text");
  check.oneOf("region", settings.region, Object.keys(ZONE_LETTERS));
  check.matches("profile", settings.profile, /^[\w.@-]+$/, "the name of an AWS profile");
  check.matches(
    "domain",
    settings.domain,
    /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/,
    'a host name such as "dev.streamflow.com"',
  );
  check.oneOf("protect", settings.protect, [true, false]);
  checkState(settings.state, check.at("state"));
  checkLogs(settings.logs, check.at("logs"));
  checkNetwork(settings, check.at("network"));
  checkDatabase(settings.database, check.at("database"));
  checkCache(settings.cache, check.at("cache"));
  checkQueue(settings.queue, check.at("queue"));
  checkApi(settings.api, check.at("api"));
  // API Gateway gives up after 29 seconds.
  checkFunction(settings.media, check.at("media"), "29 seconds");
}

function checkState(state: StateSettings, check: Check): void {
  check.oneOf("kind", state.kind, ["s3", "terraform-cloud"]);
  if (state.kind === "s3") {
    check.matches(
      "bucket",
      state.bucket,
      /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/,
      "a bucket name of 3 to 63 lower-case letters, digits and hyphens",
    );
    check.oneOf("region", state.region, Object.keys(ZONE_LETTERS));
  } else if (state.kind === "terraform-cloud") {
    check.matches("organization", state.organization, /^[\w-]{3,40}$/, "a Terraform Cloud organization");
  }
}

function checkNetwork({ network, region }: EnvironmentSettings, check: Check): void {
  const block = parseCidr(network.cidr);
  const [first = 0, second = 0] = network.cidr.split(".").map(Number);
  const isPrivate =
    first === 10 || (first === 172 && second >= 16 && second < 32) || (first === 192 && second === 168);
  check.that(
    block?.prefix === 16 && isPrivate,
    "cidr",
    network.cidr,
    'a private IPv4 block of /16 such as "10.20.0.0/16"',
    "each subnet takes a /20 of it",
  );
  check.within("zones.length", network.zones.length, 2, 4, "zones", "RDS and ElastiCache need two");
  const letters = ZONE_LETTERS[region] ?? "";
  const zones = [...letters].map((letter) => `${region}${letter}`);
  network.zones.forEach((zone, index) => {
    if (zones.length > 0) check.oneOf(`zones[${index}]`, zone, zones);
    check.that(network.zones.indexOf(zone) === index, `zones[${index}]`, zone, "named once");
  });
  check.oneOf("nat", network.nat, NAT_MODES);
  network.endpoints.forEach((service, index) => {
    check.oneOf(`endpoints[${index}]`, service, INTERFACE_ENDPOINTS);
  });
  const needed = (["secretsmanager", "sqs"] as const).filter(
    (service) => !network.endpoints.includes(service),
  );
  check.that(
    network.nat !== "none" || needed.length === 0,
    "nat",
    network.nat,
    `"one" or "perZone", or network.endpoints must hold ${needed.join(" and ")}`,
    "functions in private subnets would reach them neither way",
  );
  if (typeof network.flowLogs === "object") check.onOrReason("flowLogs", network.flowLogs);
  else check.oneOf("flowLogs", network.flowLogs, ["ALL", "REJECT"]);
}
