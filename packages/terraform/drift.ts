import { isDeepStrictEqual } from "node:util";
import type { Plan, ResourceChange } from "./plan";

export interface DriftOptions {
  /** Dotted paths of the attributes of a resource type that only the provider sets. */
  readonly readOnly: (type: string) => readonly string[];
  /** Dotted paths of the attributes that the code leaves to others: `lifecycle.ignore_changes`. */
  readonly ignored: (address: string) => readonly string[];
}

/**
 * The changes outside of Terraform that someone made. Without those that the provider reports of itself: attributes that
 * nobody can set, such as a time of last use, attributes that the code leaves to others, and another notation of nothing.
 */
export function driftBySomeone(drift: Plan["resource_drift"] = [], options: DriftOptions): ResourceChange[] {
  return drift.flatMap((resource) => {
    const { before, after } = resource.change;
    if (after === null || after === undefined) return [resource];
    const left = new Set([...options.readOnly(resource.type), ...options.ignored(resource.address)]);
    const settable = settableChange({ before, after }, { left, path: "" });
    if (isDeepStrictEqual(settable, before)) return [];
    return [{ ...resource, change: { ...resource.change, after: settable } }];
  });
}

interface Change {
  readonly before: unknown;
  readonly after: unknown;
}

interface Place {
  /** Paths whose changes nobody made. */
  readonly left: ReadonlySet<string>;
  /** Dotted path of the value, without indexes of lists. */
  readonly path: string;
}

/** The value after a change, with the value before where nobody changed it. */
function settableChange({ before, after }: Change, { left, path }: Place): unknown {
  if (left.has(path) || (isNothing(before) && isNothing(after))) return before;
  if (Array.isArray(before) && Array.isArray(after)) {
    return after.map((value: unknown, index) =>
      index < before.length ? settableChange({ before: before[index], after: value }, { left, path }) : value,
    );
  }
  if (isObject(before) && isObject(after)) {
    return Object.fromEntries(
      Object.entries(after).map(([name, value]) => [
        name,
        settableChange(
          { before: before[name], after: value },
          { left, path: path === "" ? name : `${path}.${name}` },
        ),
      ]),
    );
  }
  return after;
}

/** Providers write what is not set in several ways. */
function isNothing(value: unknown): boolean {
  if (value === null || value === undefined || value === "" || value === false) return true;
  if (Array.isArray(value)) return value.length === 0;
  return isObject(value) && Object.keys(value).length === 0;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
