import { REGIONS } from "../../lib/aws-regions";
import { group, oneOf, onOrReason, rule, type Settings, unlessOff, wholeNumber } from "../../lib/schema";
import { dailyWindow, overlapsDaily, type TimeWindow, weeklyWindow } from "../../lib/time-window";

const days = (least: number) => wholeNumber({ least, most: 3_650, unit: "days" });

export const backupSchema = group({
  /**
   * Retention of daily backups, in days.
   * @cost $0.05 per GB-month of S3, in each vault.
   */
  dailyDays: days(1),
  /** Retention of weekly backups, in days; 0 makes none. */
  weeklyDays: days(0),
  /** Retention of monthly backups, in days; 0 makes none. */
  monthlyDays: days(0),
  /**
   * Also backs up the streams. The processor can make them again from the sources, and the backup bucket has copies.
   * @cost $0.05 per GB-month in each vault; docs/cost.md compares both choices.
   * @risk Without it, streams that both buckets lose are processed again, which takes days for many videos.
   */
  streams: onOrReason(),
  /**
   * Prevents the deletion of backups before the end of their retention. Someone with permission to remove the lock still can.
   * @risk Backups that are kept too long are billed until then.
   */
  vaultLock: onOrReason(),
  /**
   * Copies of daily backups in another region.
   * @cost $0.02 per GB for the transfer, the same storage price again, and $1 per month for a key.
   */
  copyTo: unlessOff(
    group({
      /** Another region of the same account. */
      region: oneOf(REGIONS),
      /** Retention of the copies, in days. */
      keepDays: days(1),
    }),
  ),
});

export type BackupSettings = Settings<typeof backupSchema>;
export type BackupCopySettings = Exclude<BackupSettings["copyTo"], { readonly off: string }>;

/** Settings that the rules about backups read. */
interface Backed {
  readonly region: string;
  readonly database: { readonly backupWindow: string; readonly maintenanceWindow: string };
  readonly backup:
    { readonly off: string } | { readonly copyTo: { readonly off: string } | { readonly region: string } };
}

export const copyRegionDiffers = rule<Backed>(
  ["region", "backup.copyTo"],
  "`backup.copyTo.region` differs from `region`.",
  ({ region, backup }, reject) => {
    if ("off" in backup || "off" in backup.copyTo || backup.copyTo.region !== region) return;
    reject("backup.copyTo.region", region, {
      allowed: `a region other than ${region}`,
      why: "a copy in the same region is lost with it",
    });
  },
);

/**
 * UTC time in which AWS Backup starts its jobs: 06:30 plus up to one hour, and one hour more, because RDS rejects
 * backups in the hour before a window.
 */
const BACKUP_JOB_WINDOW = "06:30-08:30";
const READ_SETTINGS = ["backup", "database.backupWindow", "database.maintenanceWindow"];

export const backupsAvoidWindows = rule<Backed>(
  READ_SETTINGS,
  `With \`backup\`, \`database.backupWindow\` and \`database.maintenanceWindow\` are outside ${BACKUP_JOB_WINDOW} UTC.`,
  ({ database, backup }, reject) => {
    const jobWindow = dailyWindow(BACKUP_JOB_WINDOW);
    if ("off" in backup || jobWindow === undefined) return;
    const check = (key: "backupWindow" | "maintenanceWindow", window: TimeWindow | undefined): void => {
      if (window === undefined || !overlapsDaily(jobWindow, window)) return;
      reject(`database.${key}`, database[key], {
        allowed: `outside ${BACKUP_JOB_WINDOW} UTC`,
        why: "AWS Backup starts then, and RDS rejects other backups in its windows and the hour before",
      });
    };
    check("backupWindow", dailyWindow(database.backupWindow));
    check("maintenanceWindow", weeklyWindow(database.maintenanceWindow));
  },
);
