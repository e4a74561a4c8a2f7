import { defineRule, each } from "../rule";

/** One of the three alone does not prevent the loss of data. */
export const databaseProtectionIsComplete = defineRule({
  id: "database-protection-is-complete",
  sentence: "A database has deletion protection, prevent_destroy and a final snapshot, or none of them.",
  source: "https://docs.aws.amazon.com/securityhub/latest/userguide/rds-controls.html#rds-8",
  code: { "stacks/constructs/data/database.ts": ["props.protect"] },
  find: each("aws_db_instance", (database) => {
    const guards = {
      deletionProtection: database.at("deletion_protection").isTrue,
      "lifecycle.preventDestroy": database.at("lifecycle.prevent_destroy").isTrue,
      "finalSnapshotIdentifier without skipFinalSnapshot":
        database.at("final_snapshot_identifier").exists && !database.at("skip_final_snapshot").isTrue,
    };
    const missing = Object.entries(guards).flatMap(([name, isSet]) => (isSet ? [] : [name]));
    return missing.length === 0 || missing.length === Object.keys(guards).length
      ? undefined
      : {
          finding: `the protection is incomplete, without ${missing.join(" and ")}`,
          remedy: "derive all three from props.protect",
        };
  }),
});
