import type { Check } from "../../lib/validation";

export interface DatabaseSettings {
  /** PostgreSQL version: a major such as `17`, or a minor to pin it. */
  readonly engineVersion: string;
  /** Such as `db.t4g.micro`. */
  readonly instanceClass: string;
  /** Storage at first, in GiB. */
  readonly storageGiB: number;
  /** Storage that it may grow to by itself, in GiB. */
  readonly maxStorageGiB: number;
  /** A standby in another zone, or why not. */
  readonly multiAz: true | { readonly off: string };
  /** How far back it can be restored to any second, in days. */
  readonly backupRetentionDays: number;
  /** Daily, UTC: `03:00-04:00`. */
  readonly backupWindow: string;
  /** Weekly, UTC: `sun:05:00-sun:06:00`. */
  readonly maintenanceWindow: string;
  /** Operating-system metrics every so many seconds, 0 for none. */
  readonly monitoringIntervalSeconds: number;
  /** Query statistics; not on micro classes. */
  readonly performanceInsights: boolean;
  /** Changes take effect at once instead of in the maintenance window: with a restart if they need one. */
  readonly applyImmediately: boolean;
}

const INSTANCE_CLASS_PATTERN =
  /^db\.(t3|t4g|m5|m6g|m6i|m7g|m7i|m8g|r5|r6g|r6i|r7g|r7i|r8g)\.(micro|small|medium|large|[248]xlarge|xlarge|12xlarge|16xlarge|24xlarge)$/;
const TIME_PATTERN = "(?:[01]\\d|2[0-3]):[0-5]\\d";
const DAY_PATTERN = "(?:mon|tue|wed|thu|fri|sat|sun)";

export function checkDatabase(settings: DatabaseSettings, check: Check): void {
  const { instanceClass, storageGiB, maxStorageGiB } = settings;
  check.matches("engineVersion", settings.engineVersion, {
    pattern: /^1[5-8](\.\d+)?$/,
    allowed: 'a PostgreSQL version from "15" to "18"',
  });
  check.matches("instanceClass", instanceClass, {
    pattern: INSTANCE_CLASS_PATTERN,
    allowed: 'an RDS instance class such as "db.t4g.micro"',
  });
  check.number("storageGiB", storageGiB, { least: 20, most: 65_536, unit: "GiB", why: "gp3 starts at 20" });
  const least = Math.ceil(storageGiB * 1.1) || 22;
  check.number("maxStorageGiB", maxStorageGiB, {
    least,
    most: 65_536,
    unit: "GiB",
    why: "RDS wants room for 10 % more than storageGiB",
  });
  check.onOrReason("multiAz", settings.multiAz);
  check.number("backupRetentionDays", settings.backupRetentionDays, {
    least: 1,
    most: 35,
    unit: "days",
    why: "0 would turn backups off",
  });
  check.matches("backupWindow", settings.backupWindow, {
    pattern: new RegExp(`^${TIME_PATTERN}-${TIME_PATTERN}$`),
    allowed: 'UTC times such as "03:00-04:00"',
  });
  check.matches("maintenanceWindow", settings.maintenanceWindow, {
    pattern: new RegExp(`^${DAY_PATTERN}:${TIME_PATTERN}-${DAY_PATTERN}:${TIME_PATTERN}$`),
    allowed: 'UTC times such as "sun:05:00-sun:06:00"',
  });
  check.oneOf("monitoringIntervalSeconds", settings.monitoringIntervalSeconds, [0, 1, 5, 10, 15, 30, 60]);
  const micro = String(instanceClass).endsWith(".micro");
  if (typeof settings.performanceInsights !== "boolean" || (micro && settings.performanceInsights)) {
    check.reject("performanceInsights", settings.performanceInsights, {
      allowed: micro ? "false" : "true or false",
      why: micro ? `RDS offers none on ${instanceClass}` : undefined,
    });
  }
  check.oneOf("applyImmediately", settings.applyImmediately, [true, false]);
}
