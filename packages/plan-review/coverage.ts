import { attributeChanges } from "./attribute-changes";
import type { Change } from "./changes";
import { EXPOSURE_READERS, isJudgedExposure } from "./exposure";
import type { Finding } from "./finding";
import { isJudgedAccess } from "./grants";
import { isJudgedProtection } from "./losses";
import { grantReader } from "./rules/grant-readers";
import { HELD, INERT } from "./rules/held";
import { isOrdinary, ORDINARY_BY_TYPE } from "./rules/ordinary";
import { PROTECTIONS } from "./rules/protections";
import { PUBLIC_VALUES } from "./rules/public-values";
import { WEAKENINGS } from "./rules/retentions";

/** Changes of a type that no rule covers. */
export interface NotJudged {
  readonly type: string;
  /** Changed attributes without a rule, sorted. */
  readonly attributes: readonly string[];
  /** Number of resources. */
  readonly resources: number;
}

const NAMED_TYPES = 12;

/** Stands for the attributes of a change whose planned values are missing. */
const NO_VALUES = "the plan has no values";

/** Changed attributes that no rule covers, by type. Deletions are always findings. */
export function notJudged(changes: readonly Change[]): NotJudged[] {
  const types = new Map<string, { attributes: Set<string>; resources: number }>();
  for (const change of changes) {
    const attributes = unknownAttributes(change);
    if (attributes === undefined) continue;
    const known = types.get(change.type) ?? { attributes: new Set(), resources: 0 };
    for (const attribute of attributes) known.attributes.add(attribute);
    types.set(change.type, { attributes: known.attributes, resources: known.resources + 1 });
  }
  return [...types]
    .map(([type, { attributes, resources }]) => ({ type, attributes: [...attributes].sort(), resources }))
    .sort((one, other) => (one.type < other.type ? -1 : 1));
}

/** Changed attributes without a rule; undefined if rules cover all of them. */
function unknownAttributes({ type, action, before, after, hasValues }: Change): string[] | undefined {
  const isJudged = action === "delete" || action === "forget" || action === "unknown" || type in INERT;
  if (isJudged) return undefined;
  if (!hasValues) return [NO_VALUES];
  const changes = attributeChanges(before, after).filter(({ path }) => !isTag(path));
  const names = changes
    .filter((one) => !isOrdinary(type, one.path) && !isJudgedProtection(type, one))
    .filter(({ path }) => !isJudgedExposure(type, path) && !isJudgedAccess(type, path));
  const isUnknownType = !isKnownType(type) && (changes.length > 0 || action === "create");
  return names.length > 0 || isUnknownType ? [...new Set(names.map(({ path }) => path))] : undefined;
}

const isTag = (path: string): boolean =>
  /^(?:tags|tags_all|labels|effective_labels|terraform_labels)(?:\.|$)/.test(path);

const KNOWN_TYPES = new Set([
  ...Object.keys(ORDINARY_BY_TYPE),
  ...Object.keys(HELD),
  ...EXPOSURE_READERS.flatMap(({ types }) => types),
  ...[...WEAKENINGS, ...PROTECTIONS, ...PUBLIC_VALUES].flatMap(({ types }) => types),
]);

/** Whether any rule was written for the type: of others, also harmless names of attributes say nothing. */
function isKnownType(type: string): boolean {
  return KNOWN_TYPES.has(type) || grantReader(type) !== undefined || isJudgedAccess(type, "");
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
        return `${type} (${resources}): ${attributes.length === 0 ? "no rule for this type" : attributes.join(", ")}`;
      }),
    },
  ];
}
