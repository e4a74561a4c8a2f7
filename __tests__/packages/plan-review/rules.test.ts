import { exposureChange } from "../../../packages/plan-review/exposure";
import { lossFindings } from "../../../packages/plan-review/losses";
import { PARAMETERS, PROTECTIONS } from "../../../packages/plan-review/rules/protections";
import { PUBLIC_VALUES } from "../../../packages/plan-review/rules/public-values";
import { changes, planOf } from "./plans";

/** A type that a pattern such as `aws_*` matches. */
const typeOf = (pattern: string): string => pattern.replace("*", pattern === "*" ? "acme_thing" : "thing");

/** `{ a: [{ b: value }] }` for the path `a.b`. */
function nested(path: string, value: unknown): Record<string, unknown> {
  const [name = "", ...rest] = path.split(".");
  return { [name]: rest.length === 0 ? value : [nested(rest.join("."), value)] };
}

const findings = (type: string, before: object, after: object) =>
  lossFindings(changes({ [`${type}.x`]: { before, after } }));

const rules = PROTECTIONS.flatMap((rule) =>
  rule.types.flatMap((type) =>
    rule.attributes.map((attribute) => ({ ...rule, type: typeOf(type), attribute })),
  ),
);

test.each(rules)(
  "$type: $attribute $words is reported, and its neighbour is not",
  ({ type, attribute, example }) => {
    const [before, after] = example.reported.map((value) => nested(attribute, value));
    expect(findings(type, before ?? {}, after ?? {})).toMatchObject([
      { severity: expect.stringMatching(/^(review|block)$/) as string, address: `${type}.x` },
    ]);
  },
);

test.each(rules)("$type: the neighbour of $attribute $words is not reported by this rule", (rule) => {
  const [before, after] = rule.example.ignored;
  expect(rule.describe({ path: rule.attribute, item: "", before, after })).toBeUndefined();
});

test.each(Object.entries(PARAMETERS))("the parameter %s is reported where it protects less", (name, rule) => {
  const [before, after] = rule.example.reported.map((value) => ({ parameter: [{ name, value }] }));
  expect(findings("aws_db_parameter_group", before ?? {}, after ?? {})).toMatchObject([
    { severity: "review", title: expect.stringContaining(name) as string },
  ]);
  expect(findings("aws_db_parameter_group", after ?? {}, before ?? {})).toEqual([]);
});

const publicValues = PUBLIC_VALUES.flatMap((rule) =>
  rule.types.flatMap((type) =>
    rule.attributes.map((attribute) => ({ ...rule, type: typeOf(type), attribute })),
  ),
);

test.each(publicValues)("$type: $attribute with $values is an opening; $neighbour is none", (rule) => {
  const gained = (value: unknown) => {
    const planted = { [`${rule.type}.x`]: { after: nested(rule.attribute, value), before: {} } };
    return exposureChange(changes(planted), planOf(planted)).gained;
  };
  expect(gained(rule.example)).toMatchObject([{ kind: "opening", severity: expect.any(String) as string }]);
  expect(gained(rule.neighbour)).toEqual([]);
});
