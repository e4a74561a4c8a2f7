import { defineRule, each } from "../rule";

export const databaseIsEncrypted = defineRule({
  id: "database-is-encrypted",
  sentence: "A database's storage is encrypted.",
  source: "https://docs.aws.amazon.com/securityhub/latest/userguide/rds-controls.html#rds-3",
  code: { "stacks/constructs/data/database.ts": ["storageEncrypted"] },
  find: each("aws_db_instance", (database) =>
    database.at("storage_encrypted").isTrue
      ? undefined
      : { finding: "storage is not encrypted", remedy: "set storageEncrypted to true" },
  ),
});
