import { CACHE_NODE_TYPES } from "@packages/aws-sizes/cache";
import { DATABASE_CLASSES, hasPerformanceInsights } from "@packages/aws-sizes/database";
import {
  duration,
  group,
  oneOf,
  onOrReason,
  rule,
  type Settings,
  text,
  textThat,
  trueOrFalse,
  unlessOff,
  wholeNumber,
} from "../../lib/schema";
import {
  dailyWindow,
  MINUTES_PER_DAY,
  minutesOf,
  overlapsDaily,
  type TimeWindow,
  weeklyWindow,
} from "../../lib/time-window";

/** Returns a function that lists the sizes of a value's family, or all families if the family is unknown. */
function sizesLike(all: readonly string[]) {
  return (value: unknown): string => {
    const parts = all.map((name) => name.split("."));
    const [service, family] = String(value).split(".");
    const sizes = parts.filter((part) => part[0] === service && part[1] === family).map(([, , size]) => size);
    if (sizes.length > 0) return `${service}.${family} has ${sizes.join(", ")}`;
    return `families are ${[...new Set(parts.map((part) => part.slice(0, 2).join(".")))].join(", ")}`;
  };
}

const MAX_STORAGE_GIB = 65_536;
/** RDS requires a maximum of at least 110 % of the initial storage. */
const minimumMaxStorage = (storageGiB: number): number => Math.ceil((storageGiB * 11) / 10);

export const databaseSchema = group({
  /**
   * PostgreSQL version: a major such as `17`, or a minor to pin it.
   * @risk Terraform can't apply a new major version; upgrade manually.
   */
  engineVersion: text({ pattern: /^1[5-8](\.\d+)?$/, allowed: 'a PostgreSQL version from "15" to "18"' }),
  /**
   * Instance class, such as `db.t4g.micro`.
   * @cost From $12 per month (`db.t4g.micro`); $123 for `db.m7g.large`. A standby doubles it.
   * @risk A change restarts the database: one minute with a standby, several without.
   */
  instanceClass: oneOf(DATABASE_CLASSES, {
    allowed: 'an RDS instance class that PostgreSQL runs on, such as "db.t4g.micro" or "db.m7g.large"',
    why: sizesLike(DATABASE_CLASSES),
  }),
  /**
   * Initial storage, in GiB.
   * @cost $0.115 per GiB-month. A standby doubles it.
   * @risk RDS can't shrink it.
   */
  storageGiB: wholeNumber({
    least: 20,
    most: 59_578,
    unit: "GiB",
    why: `gp3 has at least 20 GiB, and must have room to grow up to ${MAX_STORAGE_GIB} GiB`,
  }),
  /** Maximum storage for autoscaling, in GiB. */
  maxStorageGiB: wholeNumber({ least: minimumMaxStorage(20), most: MAX_STORAGE_GIB, unit: "GiB" }),
  /**
   * Standby in another zone.
   * @cost Doubles the instance and its storage.
   * @risk Without it, losing the zone stops the product until someone restores a backup.
   */
  multiAz: onOrReason(),
  /**
   * Retention of point-in-time recovery, in days.
   * @risk Older data is only in AWS Backup.
   */
  backupRetentionDays: wholeNumber({ least: 1, most: 35, unit: "days", why: "0 turns backups off" }),
  // RDS reads an end before the start as the next day. A window of over half a day is taken for a swapped one.
  /** Daily backup window in UTC, such as `03:00-04:00`, at least 30 minutes. */
  backupWindow: textThat((value) => isLongEnough(dailyWindow(value), MINUTES_PER_DAY / 2), {
    allowed: 'UTC times such as "03:00-04:00", from 30 minutes to 12 hours apart, start first',
    why: (value) => lengthOf(dailyWindow(String(value))),
  }),
  /** Weekly maintenance window in UTC, such as `sun:05:00-sun:06:00`, at least 30 minutes. */
  maintenanceWindow: textThat((value) => isLongEnough(weeklyWindow(value), MINUTES_PER_DAY - 1), {
    allowed:
      'UTC times such as "sun:05:00-sun:06:00", at least 30 minutes and under 24 hours apart, start first',
    why: (value) => lengthOf(weeklyWindow(String(value))),
  }),
  /**
   * Interval of operating system metrics in seconds; 0 turns them off.
   * @cost CloudWatch Logs costs $0.50 per GB ingested; short intervals write more.
   */
  monitoringIntervalSeconds: oneOf<number>([0, 1, 5, 10, 15, 30, 60]),
  /** Performance Insights: query statistics of the last 7 days. Not available on micro classes. */
  performanceInsights: trueOrFalse(),
  /**
   * Apply changes immediately instead of in the maintenance window.
   * @risk With `true`, changes that need a restart restart the database during the deployment.
   */
  applyImmediately: trueOrFalse(),
}).check(
  rule(
    ["storageGiB", "maxStorageGiB"],
    "`database.maxStorageGiB` is at least 10 % more than `database.storageGiB`.",
    ({ storageGiB, maxStorageGiB }, reject) => {
      const least = minimumMaxStorage(storageGiB);
      if (maxStorageGiB >= least) return;
      reject("maxStorageGiB", maxStorageGiB, {
        allowed: `a whole number from ${least} to ${MAX_STORAGE_GIB} GiB`,
        why: `RDS requires at least 10 % more than database.storageGiB, ${storageGiB} GiB`,
      });
    },
  ),
  rule(
    ["instanceClass", "performanceInsights"],
    "`database.performanceInsights` is false on micro classes.",
    ({ instanceClass, performanceInsights }, reject) => {
      if (!performanceInsights || hasPerformanceInsights(instanceClass)) return;
      reject("performanceInsights", true, {
        allowed: "false",
        why: `RDS does not offer Performance Insights on ${instanceClass}`,
      });
    },
  ),
  rule(
    ["backupWindow", "maintenanceWindow"],
    "`database.backupWindow` and `database.maintenanceWindow` don't overlap.",
    ({ backupWindow, maintenanceWindow }, reject) => {
      const [backup, maintenance] = [dailyWindow(backupWindow), weeklyWindow(maintenanceWindow)];
      if (backup === undefined || maintenance === undefined || !overlapsDaily(backup, maintenance)) return;
      reject("maintenanceWindow", maintenanceWindow, {
        allowed: `outside database.backupWindow, which is ${backupWindow} each day`,
        why: "RDS rejects overlapping windows",
      });
    },
  ),
);

export type DatabaseSettings = Settings<typeof databaseSchema>;

function lengthOf(window: TimeWindow | undefined): string | undefined {
  if (window === undefined) return undefined;
  const minutes = minutesOf(window);
  return `it lasts ${minutes < 120 ? `${minutes} minutes` : `${Math.floor(minutes / 60)} hours`}`;
}

function isLongEnough(window: TimeWindow | undefined, mostMinutes: number): boolean {
  return window !== undefined && minutesOf(window) >= 30 && minutesOf(window) <= mostMinutes;
}

/** Only versions with IAM authentication: Redis OSS from 7.0, Valkey from 7.2. */
const CACHE_VERSIONS = {
  redis: ["7.0", "7.1"],
  valkey: ["7.2", "8.0", "8.1"],
} as const;

export const cacheSchema = group({
  /**
   * Redis OSS, as in the specification, or its successor Valkey.
   * @cost Valkey costs 20 % less.
   */
  engine: oneOf(["redis", "valkey"]),
  /** Engine version: up to `7.1` for Redis OSS, from `7.2` for Valkey. */
  engineVersion: oneOf([...CACHE_VERSIONS.redis, ...CACHE_VERSIONS.valkey]),
  /**
   * Node type, such as `cache.t4g.micro`.
   * @cost From $12 per month (`cache.t4g.micro`); $115 for `cache.m7g.large`. Each replica costs the same again.
   */
  nodeType: oneOf(CACHE_NODE_TYPES, {
    allowed: 'an ElastiCache node type such as "cache.t4g.micro" or "cache.m7g.large"',
    why: sizesLike(CACHE_NODE_TYPES),
  }),
  /**
   * Replicas in other zones.
   * @risk With 0, a lost node is replaced by an empty one; until it is filled, responses are slower.
   */
  replicas: wholeNumber({ least: 0, most: 5, why: "a replication group has at most five replicas" }),
  /**
   * `iam`: the media function and the processor log in with their roles, as users who may only run the commands that
   * they use, on their own keys.
   * @risk When off, whatever reaches the cache in the network can read and change all entries. While a deployment turns
   * it on or off, the cache rejects the previous version of the code, and all reads go to the database.
   */
  authentication: unlessOff(oneOf(["iam"])),
  /** Retention of daily snapshots, in days; 0 turns them off. */
  snapshotRetentionDays: wholeNumber({ least: 0, most: 35, unit: "days" }),
}).check(
  rule(
    ["engine", "engineVersion"],
    "`cache.engineVersion` is a version of `cache.engine`.",
    ({ engine, engineVersion }, reject) => {
      const versions: readonly string[] = CACHE_VERSIONS[engine];
      if (versions.includes(engineVersion)) return;
      const allowed = `one of ${versions.map((version) => `"${version}"`).join(", ")}`;
      reject("engineVersion", engineVersion, { allowed, why: `cache.engine is "${engine}"` });
    },
  ),
);

export type CacheSettings = Settings<typeof cacheSchema>;

export const queueSchema = group({
  /**
   * Time that a received message is hidden from other consumers; the processor extends it while it works.
   * @risk Too short: a video is processed twice. Too long: the video of a lost task waits.
   */
  visibilityTimeout: duration({ least: "30 seconds", most: "12 hours" }),
  /** Number of receives before a message goes to the dead-letter queue. */
  maxReceives: wholeNumber({ least: 1, most: 1_000, unit: "receives" }),
  /**
   * Retention of dead letters; SQS allows at most 14 days.
   * @risk Expired dead letters can't be redriven; their videos stay failed.
   */
  deadLetterRetention: duration({ least: "1 minute", most: "14 days" }),
});

export type WorkQueueSettings = Settings<typeof queueSchema>;

export const storageSchema = group({
  /**
   * Days until uploaded sources move to S3 Standard-Infrequent Access.
   * @cost Half the price of S3 Standard, for at least 30 days.
   */
  sourcesInfrequentAccessDays: wholeNumber({
    least: 30,
    most: 3_650,
    unit: "days",
    why: "S3 does not transition younger objects",
  }),
  /**
   * Retention of deleted and overwritten object versions, in days.
   * @cost Versions are billed until they expire.
   */
  noncurrentDays: wholeNumber({ least: 1, most: 3_650, unit: "days" }),
  /** Retention of access logs, in days. */
  logsExpirationDays: wholeNumber({ least: 1, most: 3_650, unit: "days" }),
});

export type StorageSettings = Settings<typeof storageSchema>;
