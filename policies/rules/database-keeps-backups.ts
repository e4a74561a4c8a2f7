import { each } from "../rule";

export const databaseKeepsBackups = each("aws_db_instance", (database) => {
  const days = database.at("deletion_protection").isTrue ? 7 : 1;
  return database.at("backup_retention_period").number >= days
    ? undefined
    : {
        finding: `keeps backups for less than ${days} days`,
        remedy: `set backupRetentionPeriod to ${days} or more`,
      };
});
