import { isDeepStrictEqual } from "node:util";
import type { Elements } from "./flatten";

/** A difference between two stacks: an attribute, or an element that only one has. */
export interface Difference {
  readonly address: string;
  readonly construct: string;
  /** Empty for a whole element. */
  readonly attribute: string;
  /** Value in the first stack; `undefined` if missing. */
  readonly from: unknown;
  readonly to: unknown;
}

/** Value of an existing element. */
export const PRESENT = "present";

export const keyOf = ({ address, attribute }: Difference): string => `${address} ${attribute}`;

/** All differences of `b` from `a`. */
export function differencesOf(a: Elements, b: Elements): Difference[] {
  const addresses = [...new Set([...a.keys(), ...b.keys()])].sort();
  return addresses.flatMap((address): Difference[] => {
    const [before, after] = [a.get(address), b.get(address)];
    const construct = before?.construct ?? after?.construct ?? "";
    if (before === undefined || after === undefined) {
      const [from, to] = [before && PRESENT, after && PRESENT];
      return [{ address, construct, attribute: "", from, to }];
    }
    const attributes = [...new Set([...before.values.keys(), ...after.values.keys()])];
    return attributes.flatMap((attribute) => {
      const [from, to] = [before.values.get(attribute), after.values.get(attribute)];
      return isDeepStrictEqual(from, to) ? [] : [{ address, construct, attribute, from, to }];
    });
  });
}
