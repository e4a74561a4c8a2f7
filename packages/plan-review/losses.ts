import { Value } from "@packages/terraform/value";
import type { Action, Change } from "./changes";
import type { Finding } from "./finding";
import { isPlaceholder } from "./placeholders";
import { evaluateTwice, readable } from "./masked-evaluation";
import { attributeChanges } from "./attribute-changes";
import type { AttributeChange } from "./attribute-changes";
import { AttributeIndex, type Transition } from "./rules/attribute-rule";
import { HELD, INERT, REVISIONS } from "./rules/held";
import { PARAMETERS, PROTECTIONS } from "./rules/protections";
import { WEAKENINGS } from "./rules/retentions";

export { HELD } from "./rules/held";

/** Attributes with physical names; two resources with the same name are the same in AWS. */
const NAMES = ["identifier", "bucket", "name", "replication_group_id"];

/** Texts for resources that end or leave the state. */
const ENDS: Partial<Readonly<Record<Action, string>>> = {
  delete: "is deleted",
  replace: "is replaced",
  supersede: "is replaced, and the old one only removed from the state: it still exists and costs money",
  forget: "is removed from the state: it still exists and costs money",
  unknown: "changes in an unknown way",
};

/** Findings for all resources that end, and for lowered protection. */
export function lossFindings(changes: readonly Change[]): Finding[] {
  return readable(evaluateTwice(changes, evaluatedFindings), { keyOf, hide });
}

const keyOf = ({ severity, rule, title }: Finding): string => [severity, rule, title].join("\n");

function hide({ severity, rule, address = "" }: Finding): Finding {
  return {
    severity,
    rule,
    address,
    title: `${address}: ${rule.replaceAll("-", " ")} (sensitive value)`,
  };
}

function evaluatedFindings(changes: readonly Change[]): Finding[] {
  const heirs = createdNames(changes);
  return changes.flatMap((change) => [
    ...ending(change, heirs),
    ...commands(change),
    ...invocations(change),
    ...weakened(change),
    ...limiting(change, heirs),
  ]);
}

/** Created resources by type and physical name. */
function createdNames(changes: readonly Change[]): ReadonlyMap<string, Change> {
  const created = changes.filter(({ action }) => action === "create");
  return new Map(
    created.flatMap((change) => namesOf(change.type, change.after).map((name) => [name, change])),
  );
}

function namesOf(type: string, values: Change["after"]): string[] {
  const at = new Value(values);
  return NAMES.map((name) => [name, at.at(name).text] as const)
    .filter(([, text]) => text !== "" && !isPlaceholder(text))
    .map(([name, text]) => [type, name, text].join("\n"));
}

function ending(change: Change, heirs: ReadonlyMap<string, Change>): Finding[] {
  const { address, action, type, deposed } = change;
  const how = ENDS[action];
  if (how === undefined) return [];
  const held = HELD[type];
  const isLost = held !== undefined && (action === "delete" || action === "replace");
  const severity = isLost ? "block" : isHarmless(change) ? "info" : "review";
  const what = deposed === undefined ? address : `${address}, object ${deposed} of a failed replacement,`;
  return [
    {
      severity,
      rule: isLost ? "data-loss" : action,
      title: `${what} ${how}${isLost ? `, which loses ${held}` : ""}`,
      address,
      details: endingDetails(change, heirs),
    },
  ];
}

/** Commands of provisioners run when a resource is created or destroyed. */
function commands({ address, action, runsCommands }: Change): Finding[] {
  if (!runsCommands || !["create", "replace", "supersede", "delete"].includes(action)) return [];
  const title = `${address} runs commands of provisioners`;
  return [{ severity: "review", rule: "command", title, address }];
}

/**
 * Functions that an apply invokes. A new version of the function alone is a release; a reviewer must see other reasons, such
 * as new migrations.
 */
function invocations({ address, action, type, before, after }: Change): Finding[] {
  if (type !== "aws_lambda_invocation") return [];
  if (!["create", "update", "replace", "supersede"].includes(action)) return [];
  const reasons = attributeChanges(before, after).filter(({ path }) =>
    /^(?:input|triggers)(?:\.|$)/.test(path),
  );
  const name = new Value(after).at("function_name").text;
  return [
    {
      severity: action === "create" || reasons.length > 0 ? "review" : "info",
      rule: "action",
      title: `${address} invokes the function ${name}`,
      address,
      details: reasons.map((one) => `${one.path}: ${textOf(one.before)} → ${textOf(one.after)}`),
    },
  ];
}

const textOf = (value: unknown): string =>
  typeof value === "string" ? value : JSON.stringify(value ?? "none");

function isHarmless({ action, type, runsCommands }: Change): boolean {
  if (type in INERT && !runsCommands) return action !== "unknown";
  return action === "replace" && type in REVISIONS;
}

function endingDetails(change: Change, heirs: ReadonlyMap<string, Change>): string[] {
  const { address, type, before, replacedBy, reason } = change;
  const heir = namesOf(type, before)
    .map((name) => heirs.get(name))
    .find((one) => one !== undefined);
  return [
    ...(replacedBy.length > 0 ? [`replaced because of ${replacedBy.join(", ")}`] : []),
    ...(reason === undefined ? [] : [reason]),
    ...(heir === undefined
      ? []
      : [
          `${heir.address} has the same name: if it is the same resource, add moved { from = ${address}, to = ${heir.address} }`,
        ]),
    ...(type in INERT ? [`${type}: ${INERT[type] ?? ""}`] : []),
    ...snapshot(change),
  ];
}

function snapshot({ type, action, before }: Change): string[] {
  if (action === "forget" || action === "supersede") return [];
  if (type !== "aws_db_instance" && type !== "aws_rds_cluster") return [];
  const skipped = new Value(before).at("skip_final_snapshot").isTrue;
  return [skipped ? "no final snapshot is made" : "a final snapshot is made"];
}

/** Holders of what a new limit applies to: the attribute that names them, and their type and its name. */
const LIMITED: readonly (readonly [attribute: string, type: string, name: string])[] = [
  ["bucket", "aws_s3_bucket", "bucket"],
  ["repository", "aws_ecr_repository", "name"],
];

/** A new limit for something that exists already, such as an expiry of a bucket's objects. */
function limiting(change: Change, heirs: ReadonlyMap<string, Change>): Finding[] {
  const { action, type, address, after } = change;
  if (action !== "create") return [];
  const next = new Value(after);
  const isNew = LIMITED.some(([attribute, holder, name]) => {
    const text = next.at(attribute).text;
    return text !== "" && (isPlaceholder(text) || heirs.has([holder, name, text].join("\n")));
  });
  if (isNew) return [];
  return WEAKENINGS.filter(({ types }) => types.includes(type)).flatMap(({ rule, describe }) => {
    const text = describe(new Value(undefined), next);
    return text === undefined
      ? []
      : [{ severity: "review" as const, rule, title: `${address}: ${text}`, address }];
  });
}

const INDEX = new AttributeIndex(PROTECTIONS);

/** Whether a rule of protections, outages or destinations covers an attribute. */
export function isJudgedProtection(type: string, { path, item }: AttributeChange): boolean {
  return (
    isPartOfWeakening(type, path) ||
    parameterRule(path, item) !== undefined ||
    INDEX.of(type, path).length > 0
  );
}

/** Whether a rule of several attributes covers this one. */
function isPartOfWeakening(type: string, path: string): boolean {
  return WEAKENINGS.some(
    ({ types, covers }) =>
      types.includes(type) && covers.some((name) => path === name || path.startsWith(`${name}.`)),
  );
}

function weakened(change: Change): Finding[] {
  const { type, action, address, before, after } = change;
  if (action !== "update" && action !== "replace" && action !== "supersede") return [];
  const [old, next] = [new Value(before), new Value(after)];
  const whole = WEAKENINGS.filter(({ types }) => types.includes(type)).flatMap(
    ({ severity, rule, describe }) => {
      const text = describe(old, next);
      return text === undefined ? [] : [{ severity, rule, title: `${address}: ${text}`, address }];
    },
  );
  return [...whole, ...attributeChanges(before, after).flatMap((one) => attributeFinding(change, one))];
}

/** The finding of the first rule that applies. */
function attributeFinding({ address, type, after }: Change, changed: AttributeChange): Finding[] {
  const { path, item } = changed;
  const parameter = parameterRule(path, item)?.describe(changed);
  if (parameter !== undefined) {
    return [
      { severity: "review", rule: "protection-lowered", title: `${address}: ${item} ${parameter}`, address },
    ];
  }
  if (isPartOfWeakening(type, path)) return [];
  for (const { severity, rule, why, describe } of INDEX.of(type, path)) {
    const text = describe(changed);
    if (text === undefined) continue;
    const isLater = rule === "outage" && new Value(after).at("apply_immediately").raw === false;
    const reason = `${why === undefined ? "" : `: ${why}`}${isLater ? ", in the maintenance window" : ""}`;
    return [{ severity, rule, title: `${address}: ${path} ${text}${reason}`, address }];
  }
  return [];
}

/** The rule of a parameter in a list of names and values. */
function parameterRule(path: string, item: string): Transition | undefined {
  return /(?:^|\.)value$/.test(path) && Object.hasOwn(PARAMETERS, item) ? PARAMETERS[item] : undefined;
}
