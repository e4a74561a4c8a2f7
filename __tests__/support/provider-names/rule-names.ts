import { EXPOSURE_READERS } from "../../../packages/plan-review/exposure";
import { GRANT_READERS } from "../../../packages/plan-review/rules/grant-readers";
import { HELD } from "../../../packages/plan-review/rules/held";
import { ORDINARY_BY_TYPE } from "../../../packages/plan-review/rules/ordinary";
import { PROTECTIONS } from "../../../packages/plan-review/rules/protections";
import { PUBLIC_VALUES } from "../../../packages/plan-review/rules/public-values";
import { WEAKENINGS } from "../../../packages/plan-review/rules/retentions";
import { SECRET_BY_TYPE } from "../../../packages/plan-review/rules/secret-attributes";

/** Attributes that rules name for types. */
export interface NamedAttributes {
  /** `*` matches any text. */
  readonly types: readonly string[];
  /** Ends of paths. */
  readonly attributes: readonly string[];
}

/** Attributes whose text is JSON or YAML: their parts are not in a schema. */
const TEXT_ATTRIBUTES =
  /^(?:container_definitions|redrive_policy|redrive_allow_policy|rule_json|policy|policy_data)\.|deadLetterTargetArn|readonlyRootFilesystem|RateBasedStatement/;

const covered = ({ types, covers }: { types: readonly string[]; covers: readonly string[] }) => ({
  types,
  attributes: covers,
});

/** The attributes of all rules. Those in texts and `*`, which stands for all of a type, are not included. */
export function ruleAttributes(): NamedAttributes[] {
  return [
    ...[...EXPOSURE_READERS, ...GRANT_READERS, ...WEAKENINGS].map(covered),
    ...[...PROTECTIONS, ...PUBLIC_VALUES],
    ...Object.entries(ORDINARY_BY_TYPE).flatMap(([type, names]) =>
      names.split(" ").map((name) => ({ types: [type], attributes: [name] })),
    ),
    ...Object.entries(SECRET_BY_TYPE).flatMap(([type, names]) =>
      names.map((name) => ({ types: [type], attributes: [name] })),
    ),
  ].map(({ types, attributes }) => ({
    types,
    attributes: attributes.filter(
      (name) =>
        name !== "" && name !== "*" && name !== "policy.AllowFromPublic" && !TEXT_ATTRIBUTES.test(name),
    ),
  }));
}

/** All types that rules name, also with `*`. */
export function ruleTypes(): string[] {
  return [...new Set([...Object.keys(HELD), ...ruleAttributes().flatMap(({ types }) => types)])].sort();
}

/** Whether a type matches a name with `*` for any text. */
export function matchesName(name: string, type: string): boolean {
  const parts = name.split("*");
  return new RegExp(`^${parts.join(".*")}$`).test(type);
}

/** Whether a path ends with an attribute of a rule. */
export function endsWith(path: string, attribute: string): boolean {
  return path === attribute || path.endsWith(`.${attribute}`);
}
