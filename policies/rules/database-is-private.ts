import { defineRule, each } from "../rule";

export const databaseIsPrivate = defineRule({
  id: "database-is-private",
  sentence: "A database has no public address.",
  source: "https://docs.aws.amazon.com/securityhub/latest/userguide/rds-controls.html#rds-2",
  code: { "stacks/constructs/data/database.ts": ["publiclyAccessible", "dbSubnetGroupName"] },
  find: each("aws_db_instance", (database) =>
    !database.at("publicly_accessible").isTrue && database.at("db_subnet_group_name").exists
      ? undefined
      : {
          finding: "has a public address, or no subnet group",
          remedy:
            "set publiclyAccessible to false, and dbSubnetGroupName to a subnet group of isolated subnets",
        },
  ),
});
