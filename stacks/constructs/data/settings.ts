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

/** Names the sizes of a class's family, or the families where there is no such family. */
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
/** RDS wants room for 10 % more than there is. */
const leastGrowth = (storageGiB: number): number => Math.ceil((storageGiB * 11) / 10);

export const databaseSchema = group({
  /**
   * PostgreSQL version: a major such as `17`, or a minor to pin it.
   * @risk A new major version is applied by hand: Terraform is not allowed to.
   */
  engineVersion: text({ pattern: /^1[5-8](\.\d+)?$/, allowed: 'a PostgreSQL version from "15" to "18"' }),
  /**
   * Instance class, such as `db.t4g.micro`.
   * @cost From 12 $ a month (`db.t4g.micro`); 123 $ for `db.m7g.large`. A standby doubles it.
   * @risk A change restarts the database: a minute with a standby, several without.
   */
  instanceClass: oneOf(DATABASE_CLASSES, {
    allowed: 'an RDS instance class that PostgreSQL runs on, such as "db.t4g.micro" or "db.m7g.large"',
    why: sizesLike(DATABASE_CLASSES),
  }),
  /**
   * Storage at first, in GiB.
   * @cost 0.115 $ a GiB and month. A standby doubles it.
   * @risk RDS never makes it smaller.
   */
  storageGiB: wholeNumber({
    least: 20,
    most: 59_578,
    unit: "GiB",
    why: `gp3 starts at 20, and wants room to grow up to ${MAX_STORAGE_GIB}`,
  }),
  /** Storage that it may grow to by itself, in GiB. */
  maxStorageGiB: wholeNumber({ least: leastGrowth(20), most: MAX_STORAGE_GIB, unit: "GiB" }),
  /**
   * A standby in another zone, or why not.
   * @cost Doubles the instance and its storage.
   * @risk Without it, the loss of its zone stops the product until somebody restores a backup.
   */
  multiAz: onOrReason(),
  /**
   * How far back it can be restored to any second, in days.
   * @risk What is older is in AWS Backup only.
   */
  backupRetentionDays: wholeNumber({ least: 1, most: 35, unit: "days", why: "0 would turn backups off" }),
  /** When RDS backs up each day, UTC, such as `03:00-04:00`; half an hour at least. */
  backupWindow: textThat((value) => isLongEnough(dailyWindow(value), MINUTES_PER_DAY / 2), {
    allowed: 'UTC times such as "03:00-04:00", from 30 minutes to 12 hours apart, the first one first',
    why: (value) => lengthOf(dailyWindow(String(value))),
  }),
  /** When RDS maintains it each week, UTC, such as `sun:05:00-sun:06:00`; half an hour at least. */
  maintenanceWindow: textThat((value) => isLongEnough(weeklyWindow(value), MINUTES_PER_DAY - 1), {
    allowed:
      'UTC times such as "sun:05:00-sun:06:00", at least 30 minutes and under 24 hours apart, the first one first',
    why: (value) => lengthOf(weeklyWindow(String(value))),
  }),
  /**
   * Operating-system metrics every so many seconds, 0 for none.
   * @cost CloudWatch Logs takes 0.50 $ for a GB: the more often, the more.
   */
  monitoringIntervalSeconds: oneOf<number>([0, 1, 5, 10, 15, 30, 60]),
  /** Query statistics of the last seven days; not on micro classes. */
  performanceInsights: trueOrFalse(),
  /**
   * Changes take effect at once instead of in the maintenance window.
   * @risk With `true`, a change that needs a restart restarts it during the deployment.
   */
  applyImmediately: trueOrFalse(),
}).check(
  rule(["storageGiB", "maxStorageGiB"], ({ storageGiB, maxStorageGiB }, reject) => {
    const least = leastGrowth(storageGiB);
    if (maxStorageGiB >= least) return;
    reject("maxStorageGiB", maxStorageGiB, {
      allowed: `a whole number from ${least} to ${MAX_STORAGE_GIB} GiB`,
      why: `RDS wants room for 10 % more than the ${storageGiB} of database.storageGiB`,
    });
  }),
  rule(["instanceClass", "performanceInsights"], ({ instanceClass, performanceInsights }, reject) => {
    if (!performanceInsights || hasPerformanceInsights(instanceClass)) return;
    reject("performanceInsights", true, { allowed: "false", why: `RDS offers none on ${instanceClass}` });
  }),
  rule(["backupWindow", "maintenanceWindow"], ({ backupWindow, maintenanceWindow }, reject) => {
    const [backup, maintenance] = [dailyWindow(backupWindow), weeklyWindow(maintenanceWindow)];
    if (backup === undefined || maintenance === undefined || !overlapsDaily(backup, maintenance)) return;
    reject("maintenanceWindow", maintenanceWindow, {
      allowed: `outside database.backupWindow, which is ${backupWindow} each day`,
      why: "RDS refuses windows that overlap",
    });
  }),
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

const CACHE_VERSIONS = {
  redis: ["7.0", "7.1"],
  valkey: ["7.2", "8.0", "8.1"],
} as const;

export const cacheSchema = group({
  /**
   * Redis OSS, the spec's word, or Valkey, its successor.
   * @cost Valkey costs a fifth less.
   */
  engine: oneOf(["redis", "valkey"]),
  /** `7.1` is the last of Redis OSS; Valkey starts at `7.2`. */
  engineVersion: oneOf([...CACHE_VERSIONS.redis, ...CACHE_VERSIONS.valkey]),
  /**
   * Node type, such as `cache.t4g.micro`.
   * @cost From 12 $ a month (`cache.t4g.micro`); 115 $ for `cache.m7g.large`. Each replica costs as much again.
   */
  nodeType: oneOf(CACHE_NODE_TYPES, {
    allowed: 'an ElastiCache node type such as "cache.t4g.micro" or "cache.m7g.large"',
    why: sizesLike(CACHE_NODE_TYPES),
  }),
  /**
   * Copies in other zones.
   * @risk With none, a lost node is replaced empty; until then everything is slower.
   */
  replicas: wholeNumber({ least: 0, most: 5, why: "a replication group has one primary and up to five" }),
  /** Daily snapshots kept, in days; a cache can do without. */
  snapshotRetentionDays: wholeNumber({ least: 0, most: 35, unit: "days" }),
}).check(
  rule(["engine", "engineVersion"], ({ engine, engineVersion }, reject) => {
    const versions: readonly string[] = CACHE_VERSIONS[engine];
    if (versions.includes(engineVersion)) return;
    const allowed = `one of ${versions.map((version) => `"${version}"`).join(", ")}`;
    reject("engineVersion", engineVersion, { allowed, why: `cache.engine is "${engine}"` });
  }),
);

export type CacheSettings = Settings<typeof cacheSchema>;

export const queueSchema = group({
  /**
   * How long a received message is hidden from other consumers; the processor makes it longer while it works.
   * @risk Too short, and a video is processed twice; too long, and one whose task was lost waits.
   */
  visibilityTimeout: duration({ least: "30 seconds", most: "12 hours" }),
  /** How often a message is received before it goes to the dead letters. */
  maxReceives: wholeNumber({ least: 1, most: 1_000, unit: "receives" }),
  /**
   * How long dead letters wait for somebody to look; SQS keeps nothing longer than 14 days.
   * @risk After that they are gone, and their videos stay failed.
   */
  deadLetterRetention: duration({ least: "1 minute", most: "14 days" }),
});

export type WorkQueueSettings = Settings<typeof queueSchema>;

export const storageSchema = group({
  /**
   * When uploaded sources move to cheaper storage, in days.
   * @cost Half the price of S3 Standard from then on, for 30 days at least.
   */
  sourcesInfrequentAccessDays: wholeNumber({
    least: 30,
    most: 3_650,
    unit: "days",
    why: "S3 moves nothing younger",
  }),
  /**
   * How long deleted and overwritten objects can be brought back, in days.
   * @cost They are billed until then.
   */
  noncurrentDays: wholeNumber({ least: 1, most: 3_650, unit: "days" }),
  /** How long access logs are kept, in days. */
  logsExpirationDays: wholeNumber({ least: 1, most: 3_650, unit: "days" }),
});

export type StorageSettings = Settings<typeof storageSchema>;
