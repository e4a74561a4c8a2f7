import { attributeChanges } from "./attribute-changes";
import type { Change } from "./changes";
import { isJudgedExposure } from "./exposure";
import type { Finding } from "./finding";
import { isJudgedAccess } from "./grants";
import { isJudgedProtection } from "./losses";
import { INERT } from "./rules/held";
import { isOrdinary } from "./rules/ordinary";

/** Changes of a type that no rule judges. */
export interface NotJudged {
  readonly type: string;
  /** Changed attributes without a rule, sorted. */
  readonly attributes: readonly string[];
  /** Number of resources. */
  readonly resources: number;
}

const NAMED_TYPES = 12;

/** Changed attributes that no rule judges, by type. Deletions are always findings. */
export function notJudged(changes: readonly Change[]): NotJudged[] {
  const types = new Map<string, { attributes: Set<string>; resources: number }>();
  for (const change of changes) {
    const attributes = unknownAttributes(change);
    if (attributes.length === 0) continue;
    const known = types.get(change.type) ?? { attributes: new Set(), resources: 0 };
    for (const attribute of attributes) known.attributes.add(attribute);
    types.set(change.type, { attributes: known.attributes, resources: known.resources + 1 });
  }
  return [...types]
    .map(([type, { attributes, resources }]) => ({ type, attributes: [...attributes].sort(), resources }))
    .sort((one, other) => (one.type < other.type ? -1 : 1));
}

function unknownAttributes({ type, action, before, after }: Change): string[] {
  if (after === undefined || action === "delete" || action === "forget" || type in INERT) return [];
  const names = attributeChanges(before, after)
    .filter((one) => !isOrdinary(type, one.path) && !isJudgedProtection(type, one))
    .filter(({ path }) => !isJudgedExposure(type, path) && !isJudgedAccess(type, path));
  return [...new Set(names.map(({ path }) => path))];
}

/** One finding that names all types and attributes without a rule. */
export function notJudgedFindings(types: readonly NotJudged[]): Finding[] {
  if (types.length === 0) return [];
  const names = types.slice(0, NAMED_TYPES).map(({ type }) => type);
  const others = types.length - names.length;
  return [
    {
      severity: "review",
      rule: "not-judged",
      title: `not judged: ${types.length} type${types.length === 1 ? "" : "s"}: ${names.join(", ")}${others > 0 ? ` and ${others} more` : ""}`,
      details: types.map(({ type, attributes, resources }) => {
        return `${type} (${resources}): ${attributes.join(", ")}`;
      }),
    },
  ];
}
