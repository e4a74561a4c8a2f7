import { each } from "../rule";

/** Deletion protection, `prevent_destroy` and the last snapshot go together: one alone protects nothing. */
export const databaseIsProtectedWhenAsked = each("aws_db_instance", (database) => {
  const guards = {
    deletionProtection: database.at("deletion_protection").isTrue,
    "lifecycle.preventDestroy": database.at("lifecycle.prevent_destroy").isTrue,
    "finalSnapshotIdentifier without skipFinalSnapshot":
      database.at("final_snapshot_identifier").exists && !database.at("skip_final_snapshot").isTrue,
  };
  const missing = Object.entries(guards).flatMap(([name, set]) => (set ? [] : [name]));
  return missing.length === 0 || missing.length === 3
    ? undefined
    : { finding: "is protected by halves", remedy: `set ${missing.join(" and ")} too, or none of the three` };
});
