import type { Asked, Decision, RolePolicies } from "@packages/iam/decide";
import { covers, coversAction } from "@packages/iam/pattern";

/** Calls of one kind: the same action on the same resource by the same role. */
export interface Entry {
  readonly role: string;
  readonly action: string;
  readonly resource: string;
  readonly why: string;
  readonly count: number;
}

/** A right that a role has: one action of a statement on one of its resources. */
export interface Right {
  readonly role: string;
  readonly action: string;
  readonly resource: string;
}

/** What roles asked for and were, or would have been, given. */
export class Ledger {
  private readonly allowedEntries = new Map<string, Entry>();
  private readonly deniedEntries = new Map<string, Entry>();
  /** Rights by role that served a call, as texts. */
  private readonly used = new Map<string, Set<string>>();

  note(role: string, { action, resource }: Asked, { allowed, why, by }: Decision): void {
    const entries = allowed ? this.allowedEntries : this.deniedEntries;
    const key = [role, action, resource, why].join("\n");
    entries.set(key, { role, action, resource, why, count: (entries.get(key)?.count ?? 0) + 1 });
    const used = this.used.get(role) ?? new Set();
    this.used.set(role, used);
    for (const { actions, resources } of by) {
      for (const one of actions.patterns.filter((pattern) => coversAction(pattern, action))) {
        for (const on of resources.patterns.filter((pattern) => covers(pattern, resource)))
          used.add(`${one}\n${on}`);
      }
    }
  }

  get allowed(): readonly Entry[] {
    return [...this.allowedEntries.values()];
  }

  get denied(): readonly Entry[] {
    return [...this.deniedEntries.values()];
  }

  /** Calls in all. */
  get count(): number {
    return [...this.allowed, ...this.denied].reduce((sum, { count }) => sum + count, 0);
  }

  /** Rights of a role that served no call. */
  unused({ arn, identity }: RolePolicies): Right[] {
    const used = this.used.get(arn) ?? new Set<string>();
    return identity
      .filter(({ effect }) => effect === "Allow")
      .flatMap(({ actions, resources }) =>
        actions.patterns.flatMap((action) =>
          resources.patterns
            .filter((resource) => !used.has(`${action}\n${resource}`))
            .map((resource) => ({ role: arn, action, resource })),
        ),
      );
  }
}
