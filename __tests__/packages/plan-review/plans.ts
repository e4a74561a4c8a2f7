import { changesOf, synthesizedResources } from "../../../packages/plan-review/changes";
import type { Change } from "../../../packages/plan-review/changes";
import type { Plan, PlannedChange, ResourceChange } from "../../../packages/terraform/plan";

export interface Planted extends Partial<Omit<PlannedChange, "actions">> {
  /** `create`, `update`, `delete` or `replace`; derived from before and after if not given. */
  readonly actions?: readonly string[];
  readonly previous?: string;
  readonly reason?: string;
}

/** A plan as Terraform writes it, from changes by address. */
export function planOf(changes: Readonly<Record<string, Planted>>, more: Partial<Plan> = {}): Plan {
  return {
    format_version: "1.2",
    terraform_version: "1.11.4",
    resource_changes: Object.entries(changes).map(([address, planted]) => resource(address, planted)),
    ...more,
  };
}

export function resource(address: string, { previous, reason, ...change }: Planted): ResourceChange {
  const [type = "", name = ""] = address.split(".");
  const { before = null, after = null } = change;
  const actions = before === null ? ["create"] : after === null ? ["delete"] : ["update"];
  return {
    address,
    mode: "managed",
    type,
    name,
    change: { actions, before, after, ...change },
    ...(previous === undefined ? {} : { previous_address: previous }),
    ...(reason === undefined ? {} : { action_reason: reason }),
  };
}

/** The changes of such a plan; `code` is the synthesized JSON by address. */
export function changes(
  planted: Readonly<Record<string, Planted>>,
  code: Readonly<Record<string, object>> = {},
): Change[] {
  return changesOf(planOf(planted), synthesizedResources(synthesized(code)));
}

/** `cdk.tf.json` with these resources. */
export function synthesized(code: Readonly<Record<string, object>>): object {
  const types: Record<string, Record<string, object>> = {};
  for (const [address, attributes] of Object.entries(code)) {
    const [type = "", name = ""] = address.split(".");
    (types[type] ??= {})[name] = attributes;
  }
  return { resource: types };
}
