import type { Statement } from "@packages/iam/document";
import { type AccessRequest, type Decision, variablesOf } from "@packages/iam/evaluate";
import { matchesAction, matchesResource } from "@packages/iam/patterns";
import type { RolePolicies } from "./roles";

/** Calls with the same action, resource and role. */
export interface Entry {
  readonly role: string;
  readonly action: string;
  /** Of allowed calls without generated names: all objects of a long run would not fit into memory. */
  readonly resource: string;
  readonly why: string;
  /** The statement that would allow it, as JSON; undefined if it is allowed, or if a statement denies it. */
  readonly missing: string | undefined;
  readonly count: number;
}

/** A permission of a role: one action of a statement on one of its resources. */
export interface Right {
  readonly role: string;
  readonly action: string;
  readonly resource: string;
}

/** A resource without generated names, so that all objects and streams of a kind count as one. */
export function withoutIds(resource: string): string {
  return resource
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}/g, "{id}")
    .replace(/({id})\/(?!source).*$/, "$1/…")
    .replace(/:log-stream:.*$/, ":log-stream:…");
}

/** Record of requested and granted permissions of roles. */
export class Ledger {
  private readonly allowedEntries = new Map<string, Entry>();
  private readonly deniedEntries = new Map<string, Entry>();
  /** Used permissions by role, as text. */
  private readonly used = new Map<string, Set<string>>();

  note(role: string, request: AccessRequest, { result, reason, statements }: Decision): void {
    const { action } = request;
    const [entries, resource] =
      result === "allowed"
        ? [this.allowedEntries, withoutIds(request.resource)]
        : [this.deniedEntries, request.resource];
    const missing = result === "implicitly-denied" ? statementFor(request) : undefined;
    const key = [role, action, resource, reason, missing].join("\n");
    const count = (entries.get(key)?.count ?? 0) + 1;
    entries.set(key, { role, action, resource, why: reason, missing, count });
    if (result !== "allowed") return;
    const used = this.used.get(role) ?? new Set();
    this.used.set(role, used);
    for (const right of statements.flatMap((statement) => rightsUsed(statement, request)))
      used.add(textOf(right));
  }

  get allowed(): readonly Entry[] {
    return [...this.allowedEntries.values()];
  }

  get denied(): readonly Entry[] {
    return [...this.deniedEntries.values()];
  }

  /** Total number of calls. */
  get count(): number {
    return [...this.allowed, ...this.denied].reduce((sum, { count }) => sum + count, 0);
  }

  /** Unused permissions of a role. */
  unused({ arn, identityPolicies }: RolePolicies): Right[] {
    const used = this.used.get(arn) ?? new Set<string>();
    return identityPolicies
      .filter(({ effect }) => effect === "Allow")
      .flatMap(rightsOf)
      .filter((right) => !used.has(textOf(right)))
      .map(({ action, resource }) => ({ role: arn, action, resource }));
  }
}

/** The least statement that allows a request. */
function statementFor({ action, resource, context }: AccessRequest): string {
  const service = context["iam:passedtoservice"];
  return JSON.stringify({
    Effect: "Allow",
    Action: [action],
    Resource: [resource],
    Condition: service && { StringEquals: { "iam:PassedToService": service } },
  });
}

/** Permissions of a statement: each action on each resource. */
function rightsOf({ actions, notActions, resources, notResources }: Statement): Omit<Right, "role">[] {
  const what = notActions.length > 0 ? [`everything except ${notActions.join(", ")}`] : actions;
  const where = notResources.length > 0 ? [`everything except ${notResources.join(", ")}`] : resources;
  return what.flatMap((action) => where.map((resource) => ({ action, resource })));
}

/** Permissions of a statement that allow a request. */
function rightsUsed(
  statement: Statement,
  { action, resource, context }: AccessRequest,
): Omit<Right, "role">[] {
  const { notActions, notResources } = statement;
  const variables = variablesOf(statement, context);
  return rightsOf(statement).filter(
    (right) =>
      (notActions.length > 0 || matchesAction(right.action, action)) &&
      (notResources.length > 0 || matchesResource(right.resource, resource, variables)),
  );
}

const textOf = ({ action, resource }: Omit<Right, "role">) => `${action}\n${resource}`;
