import { decode } from "@packages/terraform/expression";
import { isObject } from "./list-items";
import type { Attributes, Marks, Plan } from "@packages/terraform/plan";

/** Placeholder of values known only after apply. */
export const UNKNOWN = "(known after apply)";

/** Placeholder of values that AWS computes and the code does not set. */
export const COMPUTED = "(computed)";

/** Whether a text is a placeholder, or a reference to a value that is not known yet. */
export function isPlaceholder(value: unknown): boolean {
  return typeof value === "string" && (value === UNKNOWN || value === COMPUTED || REFERENCE.test(value));
}

/** A reference that `filled` could not resolve: `(aws_db_instance.d.arn)`. */
const REFERENCE = /^\([a-z]\w*\.[\w.[\]"-]+\)$/;

/** Resolves a reference such as `aws_sqs_queue.media_queue.arn`; undefined while unknown. */
export type Resolve = (reference: string) => unknown;

/** A resolver for values of resources that the plan already knows. */
export function resolver(plan: Plan): Resolve {
  const current = plan.resource_changes.filter(({ deposed }) => deposed === undefined);
  const known = new Map(current.map(({ address, change }) => [address, change]));
  return (reference) => {
    const [type = "", name = "", ...path] = reference.split(/[.[\]]+/).filter(Boolean);
    const change = known.get(`${type}.${name}`);
    return path.reduce<unknown>(
      (value, key) =>
        typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined,
      change?.after_unknown === undefined
        ? change?.after
        : withoutUnknown(change.after, change.after_unknown),
    );
  };
}

function withoutUnknown(value: unknown, marks: Marks): unknown {
  if (marks === true) return undefined;
  if (!isObject(value) || !isObject(marks)) return value;
  return {
    ...value,
    ...Object.fromEntries(Object.keys(marks).map((key) => [key, withoutUnknown(value[key], marks[key])])),
  };
}

export interface PlannedValue {
  readonly value: unknown;
  /** Marks of unknown parts. */
  readonly marks: Marks;
  /** Value in the code. */
  readonly source: unknown;
}

/**
 * A planned value with unknown parts filled in from the code: one unknown ARN makes Terraform mark a whole policy as
 * unknown, although the synthesized JSON has the rest. Unknown values that the code sets are `UNKNOWN`, others
 * `COMPUTED`.
 */
export function filled({ value, marks, source }: PlannedValue, resolve: Resolve): unknown {
  if (marks === true) return source === undefined ? COMPUTED : resolved(source, resolve);
  if (!hasMarks(marks)) return value;
  if (Array.isArray(value) || Array.isArray(marks)) {
    const [values, each] = [list(value), list(marks)];
    return Array.from({ length: Math.max(values.length, each.length) }, (_, index) =>
      filled(
        {
          value: values[index],
          marks: each[index],
          source: Array.isArray(source)
            ? source[index]
            : index === 0 || source === UNKNOWN
              ? source
              : undefined,
        },
        resolve,
      ),
    );
  }
  const [values, each]: Attributes[] = [isObject(value) ? value : {}, isObject(marks) ? marks : {}];
  const from = isObject(source) ? source : {};
  const keys = [...new Set([...Object.keys(values ?? {}), ...Object.keys(each ?? {})])];
  return Object.fromEntries(
    keys.map((key) => [
      key,
      filled(
        { value: values?.[key], marks: each?.[key], source: source === UNKNOWN ? source : from[key] },
        resolve,
      ),
    ]),
  );
}

/** A synthesized value with its references resolved. */
function resolved(source: unknown, resolve: Resolve): unknown {
  if (typeof source === "string") return text(source, resolve);
  if (Array.isArray(source)) return source.map((member) => resolved(member, resolve));
  if (!isObject(source)) return source;
  return Object.fromEntries(Object.entries(source).map(([key, member]) => [key, resolved(member, resolve)]));
}

function text(source: string, resolve: Resolve): unknown {
  if (/^\$\{jsonencode\(/.test(source)) {
    const held = decode(source);
    return held === undefined ? UNKNOWN : resolved(held, resolve);
  }
  let complete = true;
  const whole = /^\$\{([^{}]+)\}$/.exec(source)?.[1];
  const value = source.replace(/\$\{([^{}]+)\}/g, (_, reference: string) => {
    const known = resolve(reference);
    if (typeof known !== "string" && typeof known !== "number") complete = false;
    return String(known);
  });
  if (complete) return value;
  // `${…}/*` stays distinguishable by its end.
  return whole === undefined ? source.replace(/\$\{([^{}]+)\}/g, "($1)") : UNKNOWN;
}

/** Whether anything is marked at any depth. */
export function hasMarks(marks: Marks): boolean {
  if (marks === true) return true;
  return typeof marks === "object" && marks !== null && Object.values(marks).some((mark) => hasMarks(mark));
}

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
