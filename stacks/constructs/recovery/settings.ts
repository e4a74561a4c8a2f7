import { REGIONS } from "../../lib/aws-regions";
import { group, oneOf, onOrReason, rule, type Settings, unlessOff, wholeNumber } from "../../lib/schema";
import { dailyWindow, overlapsDaily, type TimeWindow, weeklyWindow } from "../../lib/time-window";

const days = (least: number) => wholeNumber({ least, most: 3_650, unit: "days" });

export const backupSchema = group({
  /**
   * How long each daily backup is kept, in days.
   * @cost 0.05 $ a GB of S3 and month, in each vault.
   */
  dailyDays: days(1),
  /** How long each weekly backup is kept, in days; 0 makes none. */
  weeklyDays: days(0),
  /** How long each monthly backup is kept, in days; 0 makes none. */
  monthlyDays: days(0),
  /**
   * Streams are backed up too, or why not: they can be made again from the sources, and the backup bucket has them.
   * @cost 0.05 $ a GB and month in each vault: with a million videos two thirds of the bill.
   * @risk Without it, streams that both buckets lose are processed again: about as long as the videos are, for each task.
   */
  streams: onOrReason(),
  /**
   * No backup is deleted before its time, but by whoever may remove the lock first, or why not.
   * @risk What is kept too long is billed until its time.
   */
  vaultLock: onOrReason(),
  /**
   * Daily backups are copied to another region, or why not.
   * @cost 0.02 $ a GB for the way, then as much as the first copy, and a dollar a month for a key.
   */
  copyTo: unlessOff(
    group({
      /** Another region of the same account. */
      region: oneOf(REGIONS),
      /** How long each copy is kept there, in days. */
      keepDays: days(1),
    }),
  ),
});

export type BackupSettings = Settings<typeof backupSchema>;
export type BackupCopySettings = Exclude<BackupSettings["copyTo"], { readonly off: string }>;

/** What rules between the settings of backups and others read. */
interface Backed {
  readonly region: string;
  readonly database: { readonly backupWindow: string; readonly maintenanceWindow: string };
  readonly backup:
    { readonly off: string } | { readonly copyTo: { readonly off: string } | { readonly region: string } };
}

export const copiesGoElsewhere = rule<Backed>(["region", "backup.copyTo"], ({ region, backup }, reject) => {
  if ("off" in backup || "off" in backup.copyTo || backup.copyTo.region !== region) return;
  reject("backup.copyTo.region", region, {
    allowed: `another region than ${region}`,
    why: "a copy in the same region is lost with it",
  });
});

/** AWS Backup starts its jobs at 06:30 UTC, or up to an hour later; RDS takes none in a window or the hour before. */
const BUSY = "06:30-08:30";
const WINDOWS = ["backup", "database.backupWindow", "database.maintenanceWindow"];

export const backupsFindTheirTime = rule<Backed>(WINDOWS, ({ database, backup }, reject) => {
  const busy = dailyWindow(BUSY);
  if ("off" in backup || busy === undefined) return;
  const tell = (key: "backupWindow" | "maintenanceWindow", window: TimeWindow | undefined): void => {
    if (window === undefined || !overlapsDaily(busy, window)) return;
    reject(`database.${key}`, database[key], {
      allowed: `outside ${BUSY} UTC`,
      why: "AWS Backup starts then, and RDS takes no other backup in its windows nor in the hour before",
    });
  };
  tell("backupWindow", dailyWindow(database.backupWindow));
  tell("maintenanceWindow", weeklyWindow(database.maintenanceWindow));
});
