/** A permission: a principal that is allowed or denied an action on a resource. */
export interface Grant {
  readonly effect: "allow" | "deny";
  /** A role by its construct, a service or an account; `anyone` is the public. */
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  /** JSON of the condition; empty without one. */
  readonly condition: string;
  /** Address of the resource that contains it. */
  readonly address: string;
  /** The policy's resource, if `resource` does not name it: `*` in a key policy is that key. */
  readonly holder?: string | undefined;
  /** Granted to the public; conditions don't restrict it to someone. */
  readonly world: boolean;
  /** Account that it is granted to by number. */
  readonly account?: string | undefined;
  /** Granted to a service of AWS for the resources of every account. */
  readonly anyCaller?: boolean;
  /** Grants more than listed: all actions, NotAction, or an AWS policy that allows everything. */
  readonly wide: boolean;
}

export interface Granted extends Pick<Grant, "address" | "principal" | "action" | "resource"> {
  /** The Condition element. */
  readonly condition?: unknown;
}

/** A permission that is allowed, not public and not wide. */
export function grant({ condition, ...right }: Granted): Grant {
  const serialized = condition === undefined || condition === null ? "" : JSON.stringify(condition);
  return {
    ...right,
    effect: "allow",
    condition: serialized === "{}" ? "" : serialized,
    world: false,
    wide: false,
  };
}
