import { defineRule, each } from "../rule";

const MIN_DAYS = 1;
const MIN_DAYS_WHEN_PROTECTED = 7;

export const databaseHasBackups = defineRule({
  id: "database-has-backups",
  sentence: "A database keeps automated backups: for 7 days where it is protected, else for 1.",
  source: "https://docs.aws.amazon.com/securityhub/latest/userguide/rds-controls.html#rds-11",
  settings: ["database.backupRetentionDays"],
  find: each("aws_db_instance", (database) => {
    const minDays = database.at("deletion_protection").isTrue ? MIN_DAYS_WHEN_PROTECTED : MIN_DAYS;
    return database.at("backup_retention_period").number >= minDays
      ? undefined
      : {
          finding: `backups are kept for less than ${minDays} days`,
          remedy: `set database.backupRetentionDays to ${minDays} or more`,
        };
  }),
});
