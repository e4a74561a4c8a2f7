import type { Value } from "@packages/terraform/value";
import { readStatements, type Statement } from "./document";

/** A statement of a policy before deployment: references are unresolved, so it can't be evaluated. */
export interface PlannedStatement extends Statement {
  /** The Condition element as written. */
  readonly condition: unknown;
}

/**
 * Statements of a synthesized or planned policy: an object, JSON, or `${jsonencode(…)}`. Missing or unknown parts are
 * empty; never throws.
 */
export function plannedStatements(policy: Value): PlannedStatement[] {
  const document = policy.json;
  const statements = document.at("Statement");
  const conditions = statements.list.map((statement) => statement.at("Condition").raw);
  return readStatements({ Version: document.at("Version").raw, Statement: statements.raw }).map(
    (statement, index) => ({ ...statement, condition: conditions[index] }),
  );
}
