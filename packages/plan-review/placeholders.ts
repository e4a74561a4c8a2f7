import { decode } from "@packages/terraform/expression";
import { isObject } from "./list-items";
import type { Attributes, Marks, Plan } from "@packages/terraform/plan";

/** Stands for a value that is known only when it is applied. */
export const UNKNOWN = "(known after apply)";

/** Stands for what AWS fills in and the code says nothing of: no change that anybody made. */
export const COMPUTED = "(computed)";

/** Whether a text stands for a value that nobody knows yet, or names the reference that will give it. */
export function isPlaceholder(value: unknown): boolean {
  return typeof value === "string" && (value === UNKNOWN || value === COMPUTED || REFERENCE.test(value));
}

/** What `filled` leaves of a reference that is not known yet: `(aws_db_instance.d.arn)`. */
const REFERENCE = /^\([a-z]\w*\.[\w.[\]"-]+\)$/;

/** Gives the value of a reference such as `aws_sqs_queue.media_queue.arn`; undefined while it is not known. */
export type Resolve = (reference: string) => unknown;

/** Reads values of resources that the plan knows already. */
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
  /** What of it is unknown. */
  readonly marks: Marks;
  /** As the code sets it. */
  readonly source: unknown;
}

/**
 * A planned value with what is unknown filled in as far as the code tells it: one unknown ARN makes Terraform call
 * a whole policy unknown, though all of its other words stand in the synthesized JSON. What it sets and nobody knows yet is
 * `UNKNOWN`, what it does not set `COMPUTED`.
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
          source: Array.isArray(source) ? source[index] : index === 0 ? source : undefined,
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
      filled({ value: values?.[key], marks: each?.[key], source: from[key] }, resolve),
    ]),
  );
}

/** A synthesized value with its references replaced by what they are. */
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
  // `${…}/*` is still told apart from others by its end.
  return whole === undefined ? source.replace(/\$\{([^{}]+)\}/g, "($1)") : UNKNOWN;
}

/** Whether anything is marked, at any depth. */
export function hasMarks(marks: Marks): boolean {
  if (marks === true) return true;
  return typeof marks === "object" && marks !== null && Object.values(marks).some((mark) => hasMarks(mark));
}

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
