import { isDeepStrictEqual } from "node:util";
import * as z from "zod";
import { apiSchema } from "./constructs/api/settings";
import { functionSchema, logsSchema, processorSchema } from "./constructs/compute/settings";
import { cacheSchema, databaseSchema, queueSchema, storageSchema } from "./constructs/data/settings";
import { accountWideSchema, repositoryIdsSchema } from "./constructs/delivery/settings";
import { appHasDomainOfItsOwn, appSchema, edgeSchema, firewallSchema } from "./constructs/edge/settings";
import { networkSchema, zonesAreOfRegion } from "./constructs/network/settings";
import {
  alarmsSchema,
  budgetSchema,
  budgetTellsSomebody,
  grafanaSchema,
  promisesHaveAlarms,
  sloSchema,
  tracingSchema,
} from "./constructs/observability/settings";
import { backupsFindTheirTime, backupSchema, copiesGoElsewhere } from "./constructs/recovery/settings";
import { REGIONS } from "./lib/aws-regions";
import { canonicalPem } from "./lib/public-key";
import { SAMPLE_ACCOUNTS, SAMPLE_PLAYBACK_KEY } from "./lib/samples";
import {
  type Expected,
  expecting,
  group,
  hostName,
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

/** Construct ids of an account's foundation, and what begins its own names in IAM: no environment can be called so. */
const TAKEN_NAMES = ["aws", "backend", "foundation", "github", "state"];

const RESERVED_BUCKET_PREFIXES = ["xn--", "sthree-", "amzn-s3-demo-"];
const RESERVED_BUCKET_SUFFIXES = ["-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3", "-an"];

/**
 * Why S3 makes no bucket of that name, if it is reserved.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 */
function reservedBy(name: string): string | undefined {
  const prefix = RESERVED_BUCKET_PREFIXES.find((one) => name.startsWith(one));
  const suffix = RESERVED_BUCKET_SUFFIXES.find((one) => name.endsWith(one));
  if (prefix !== undefined) return `S3 keeps names that begin with ${prefix} for itself`;
  return suffix === undefined ? undefined : `S3 keeps names that end with ${suffix} for itself`;
}

/** Without dots, which certificates of S3 don't cover. */
function isBucketName(name: string): boolean {
  return /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/.test(name) && reservedBy(name) === undefined;
}

const stateSchema = oneOfKinds([
  group({
    /** An S3 object with a lock file, or a workspace of Terraform Cloud named after the stack. */
    kind: z.literal("s3"),
    /** With `s3`: bucket of the account's states, which the foundation makes. */
    bucket: textThat(isBucketName, {
      allowed: "a bucket name of 3 to 63 lower-case letters, digits and hyphens",
      why: (name) => reservedBy(String(name)),
    }),
    /** With `s3`: region of the bucket. */
    region: oneOf(REGIONS),
  }),
  group({
    kind: z.literal("terraform-cloud"),
    /** With `terraform-cloud`: organization of the workspaces. */
    organization: text({
      pattern: /^[\w-]{3,40}$/,
      allowed: "a Terraform Cloud organization of 3 to 40 letters, digits, hyphens and underscores",
    }),
    /**
     * With `terraform-cloud`: host name of a Terraform Enterprise of your own.
     * @default app.terraform.io
     */
    hostname: hostName("terraform.example.com").optional(),
  }),
]);

/** Where Terraform keeps the state of an environment: an S3 object with a lock file, or a workspace. */
export type StateSettings = Settings<typeof stateSchema>;

/** Every setting of one environment. */
export const environmentSchema = group({
  /**
   * Name of the environment, a part of every other name.
   * @risk A change replaces everything.
   */
  name: textThat((name) => /^[a-z][a-z0-9]{1,11}$/.test(name) && !TAKEN_NAMES.includes(name), {
    allowed: `2 to 12 lower-case letters and digits, a letter first, and none of ${TAKEN_NAMES.join(", ")}`,
    why: (name) =>
      TAKEN_NAMES.includes(String(name)) ? "the account's foundation has something of that name" : undefined,
  }),
  /** AWS account id. Terraform refuses to touch any other account. */
  account: text({ pattern: /^\d{12}$/, allowed: "an AWS account id of 12 digits, as a text" }),
  /**
   * Region of everything but what CloudFront wants in us-east-1.
   * @risk A change replaces everything.
   */
  region: oneOf(REGIONS),
  /** Profile of `~/.aws/config` that `npm run deploy` uses where no AWS credentials are in the environment. */
  profile: text({ pattern: /^[\w.@-]+$/, allowed: "the name of an AWS profile" }),
  /** `owner/name` on GitHub: whose workflows may deploy, and a tag on every resource. */
  repository: text({
    pattern: /^[\w.-]{1,39}\/[\w.-]{1,100}$/,
    allowed: 'owner/name of a GitHub repository, such as "you/streamflow"',
  }),
  /**
   * GitHub's numbers of the repository and its owner, which the tokens of repositories made or renamed since July 2026
   * name.
   * @default none
   * @risk Without them such a repository's workflows can't deploy.
   */
  repositoryIds: repositoryIdsSchema.optional(),
  /**
   * Whether the foundation creates what an account has once, or uses what is there. The same for every environment of
   * the account.
   * @default both are created
   */
  accountWide: accountWideSchema.optional(),
  /** Public host name. */
  domain: hostName("dev.streamflow.com"),
  /**
   * Route 53 zone of the domain: with it come certificates and DNS records.
   * @default none: AWS's own host names
   */
  hostedZoneId: text({
    pattern: /^Z[A-Z0-9]{5,31}$/,
    allowed: 'the id of a Route 53 zone, such as "Z0123456789ABCDEFGHIJ"',
  }).optional(),
  /** Where Terraform keeps the environment's state. */
  state: stateSchema,
  /**
   * Refuse to delete what holds data, and keep a last snapshot if it is deleted all the same.
   * @risk With `false`, `terraform destroy` deletes the database and every video.
   */
  protect: trueOrFalse(),
  /** Log groups. */
  logs: logsSchema,
  /** The VPC. */
  network: networkSchema,
  /** PostgreSQL on RDS. */
  database: databaseSchema,
  /** ElastiCache. */
  cache: cacheSchema,
  /** The queue of uploads, and its dead letters. */
  queue: queueSchema,
  /** Buckets of sources, streams and logs. */
  storage: storageSchema,
  /** The REST API. */
  api: apiSchema,
  /** The function that answers the API. */
  media: functionSchema({ timeout: "29 seconds", why: "API Gateway gives up then" }),
  /** The Fargate service that processes videos. */
  processor: processorSchema,
  /** Web ACLs. */
  firewall: firewallSchema,
  /** CloudFront. */
  edge: edgeSchema,
  /** The console, hosted by Amplify. */
  app: appSchema,
  /** X-Ray. */
  tracing: tracingSchema,
  /** Alarms and who is told, or why there are none. */
  alarms: unlessOff(alarmsSchema),
  /** What is promised, and alarms when it is about to be broken; or why nothing is. They want `alarms`. */
  slo: unlessOff(sloSchema),
  /** What a month may cost, and who is told when it will cost more; or why nobody is. */
  budget: unlessOff(budgetSchema),
  /**
   * A Managed Grafana workspace.
   * @default none
   * @cost About 9 $ a month for each person who edits.
   */
  grafana: grafanaSchema.optional(),
  /** AWS Backup besides the database's own backups, or why not. */
  backup: unlessOff(backupSchema),
}).check(
  zonesAreOfRegion,
  appHasDomainOfItsOwn,
  promisesHaveAlarms,
  budgetTellsSomebody,
  copiesGoElsewhere,
  backupsFindTheirTime,
  rule(["account", "edge.playbackKeys"], ({ account, edge }, reject) => {
    const sample = canonicalPem(SAMPLE_PLAYBACK_KEY);
    const isSample = Object.values(edge.playbackKeys).some((key) => canonicalPem(key) === sample);
    if (!isSample || SAMPLE_ACCOUNTS.includes(account)) return;
    reject("edge.playbackKeys", edge.playbackKeys, {
      allowed: "a public key of your own",
      why: "everybody can read the sample's private half: it is there to try the product without an AWS account",
      got: () => "the sample key",
    });
  }),
);

/** Everything in which one environment differs from another. */
export type EnvironmentSettings = Settings<typeof environmentSchema>;

type Environments = z.infer<typeof environmentSchema>[];
type Context = z.core.$RefinementCtx<Environments>;

/** Every setting of every environment. */
const environmentsSchema = z
  .array(environmentSchema, expecting({ allowed: "a list of environments, at least 1" }))
  .min(1, expecting({ allowed: "a list of environments, at least 1", why: "nothing would be synthesized" }))
  .superRefine(tellDisagreements, { when: ({ value }) => Array.isArray(value) });

/** Rules between environments, each between those whose settings are right by themselves. */
function tellDisagreements(environments: Environments, context: Context): void {
  const reject = (path: readonly PropertyKey[], value: unknown, expected: Expected): void =>
    context.addIssue({ code: "custom", path: [...path], message: problem(value, expected) });
  const having = (...keys: (keyof EnvironmentSettings)[]) =>
    environments
      .map((settings, index) => ({ settings, index }))
      .filter(({ index }) => keys.every((key) => isRight(context.issues, [index, key])));

  for (const key of ["name", "domain"] as const) {
    const seen = new Set<string>();
    for (const { settings, index } of having(key)) {
      if (seen.has(settings[key]))
        reject([index, key], settings[key], { allowed: "its own", why: "another has it" });
      seen.add(settings[key]);
    }
  }
  for (const key of ["region", "state", "accountWide"] as const) {
    const all = having("name", "account", key);
    for (const { settings, index } of all) {
      const first = all.find((other) => other.settings.account === settings.account)?.settings ?? settings;
      if (isDeepStrictEqual(settings[key], first[key])) continue;
      reject([index, key], settings[key], {
        allowed: `that of ${first.name}, ${JSON.stringify(first[key]) ?? "none"}`,
        why: `both are in account ${settings.account}, whose foundation they share`,
      });
    }
  }
  const owners = new Map<string, Environments[number]>();
  for (const { settings, index } of having("name", "account", "state")) {
    if (settings.state.kind !== "s3") continue;
    const { bucket } = settings.state;
    const owner = owners.get(bucket) ?? settings;
    owners.set(bucket, owner);
    if (owner.account === settings.account) continue;
    reject([index, "state", "bucket"], bucket, {
      allowed: `a bucket of account ${settings.account}`,
      why: `${owner.name} has it in account ${owner.account}, and each account's foundation makes its own`,
    });
  }
}

/**
 * Throws a `SettingsError` that holds one line for each mistake in any of the environments, such as
 * `dev.queue.maxReceives must be a whole number from 1 to 1000 receives, got 0`.
 */
export function checkEnvironments(environments: unknown): void {
  const lines = problemsOf(environmentsSchema, environments).map(({ path, message }) => {
    const [index, ...setting] = path;
    if (index === undefined) return `environments ${message}`;
    return `${pathText(setting, labelOf(environments, index))} ${message}`;
  });
  if (lines.length > 0) throw new SettingsError(lines);
}

/** The name of an environment; its place in the list where it has no name. */
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
