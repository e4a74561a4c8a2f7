import { createHash } from "node:crypto";
import type { Plan } from "./plan";

/**
 * SHA-256 of what a plan would do, in hexadecimal: the same for every plan that would do the same, whenever and in
 * whichever order it was made. Secret values count, but can't be read from it.
 */
export function planDigest({ resource_changes: resources, output_changes: outputs = {} }: Plan): string {
  const changes = resources
    .filter(({ change }) => change.actions.join() !== "no-op" && change.actions.join() !== "read")
    .map(({ address, previous_address: previous, change }) => ({ address, previous, change }))
    .sort((one, other) => (one.address < other.address ? -1 : 1));
  const told = Object.entries(outputs).filter(([, { actions }]) => actions.join() !== "no-op");
  return createHash("sha256")
    .update(JSON.stringify(sorted({ changes, outputs: Object.fromEntries(told) })))
    .digest("hex");
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([key, member]) => [key, sorted(member)]));
}
