import type { Value } from "@packages/terraform/value";
import { readStatements, type Statement } from "./document";

/** A statement of a policy that is not deployed yet: references are not filled in, so it can't be evaluated. */
export interface PlannedStatement extends Statement {
  /** The Condition element as it is written. */
  readonly condition: unknown;
}

/**
 * Statements of a policy as it is synthesized or planned: an object, JSON, or `${jsonencode(…)}`. What is missing, or
 * known only after apply, is empty, and never throws.
 */
export function plannedStatements(policy: Value): PlannedStatement[] {
  const document = policy.json;
  const statements = document.at("Statement");
  const conditions = statements.list.map((statement) => statement.at("Condition").raw);
  return readStatements({ Version: document.at("Version").raw, Statement: statements.raw }).map(
    (statement, index) => ({ ...statement, condition: conditions[index] }),
  );
}
