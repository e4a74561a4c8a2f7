import { each, unless } from "../rule";

export const databaseKeepsBackups = each("aws_db_instance", (database) => {
  const days = database.at("deletion_protection").isTrue ? 7 : 1;
  return unless(
    database.at("backup_retention_period").number >= days,
    `keeps backups for less than ${days} days`,
    `set backupRetentionPeriod to ${days} or more`,
  );
});
