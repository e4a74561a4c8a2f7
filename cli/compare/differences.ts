import { isDeepStrictEqual } from "node:util";
import type { Elements } from "./flatten";

/** One attribute in which two stacks differ, or a whole element that only one of them has. */
export interface Difference {
  readonly address: string;
  readonly construct: string;
  /** Empty for a whole element. */
  readonly attribute: string;
  /** `undefined` where it is not there. */
  readonly from: unknown;
  readonly to: unknown;
}

/** Stands for an element in a difference: it is there. */
export const PRESENT = "present";

export const keyOf = ({ address, attribute }: Difference): string => `${address} ${attribute}`;

/** Everything in which `b` differs from `a`. */
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
