import type { Rule } from "./rule";
import * as byName from "./rules";

/** Id of a rule: the name of its file in `rules/`. */
export type RuleId = (typeof byName)[keyof typeof byName]["id"];

/** Every rule, in the order of their ids. */
export const rules: readonly Rule<RuleId>[] = Object.values<Rule<RuleId>>(byName).toSorted((one, other) =>
  one.id < other.id ? -1 : 1,
);

/** The rule with an id. */
export function ruleOf(id: RuleId): Rule<RuleId> {
  const rule = rules.find((one) => one.id === id);
  if (rule === undefined) throw new Error(`no rule has the id ${id}`);
  return rule;
}
