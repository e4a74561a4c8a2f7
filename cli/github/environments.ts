import { plannedStatements } from "@packages/iam/planned-policy";
import { readStacks, type Stack } from "@packages/terraform/synthesized-stack";
import { Value } from "@packages/terraform/value";
import { optional } from "../../stacks/lib/optional";
import { nameInFoundation, PULL_REQUESTS } from "../../stacks/lib/pull-requests";
import { SAMPLE_ACCOUNTS } from "../../stacks/lib/samples";

/** What a workflow needs to know about an environment before it has credentials. */
export interface DeliveredEnvironment {
  readonly name: string;
  readonly region: string;
  /** ARNs of the roles that the foundation created. */
  readonly planRole: string;
  readonly applyRole: string;
  /** GitHub environment in which a pull request plans it; undefined if pull requests plan without approval. */
  readonly planEnvironment?: string;
}

/**
 * Environments that pipelines can deploy, from the synthesized foundations, sorted by name: those with GitHub roles in
 * accounts that are not samples. The roles for pull requests are listed as PULL_REQUESTS.
 */
export function deliveredEnvironments(outdir: string): DeliveredEnvironment[] {
  return readStacks(outdir)
    .filter(({ name }) => name.startsWith("streamflow-foundation-"))
    .flatMap(environmentsOf)
    .sort((one, other) => one.name.localeCompare(other.name));
}

/**
 * Lines for GITHUB_OUTPUT: all environments, those that pull requests plan at once, those that need approval, and the
 * stacks of the first two.
 */
export function environmentLists(environments: readonly DeliveredEnvironment[]): string {
  const stacksOf = (some: readonly DeliveredEnvironment[]) =>
    some.map(({ name }) => `streamflow-${name}`).join(",");
  const permanent = environments.filter(({ name }) => name !== PULL_REQUESTS);
  const isOpen = ({ planEnvironment }: DeliveredEnvironment) => planEnvironment === undefined;
  return [
    `environments=${JSON.stringify(permanent)}`,
    `open=${JSON.stringify(permanent.filter(isOpen))}`,
    `guarded=${JSON.stringify(permanent.filter((one) => !isOpen(one)))}`,
    `stacks=${stacksOf(permanent)}`,
    `open-stacks=${stacksOf(permanent.filter(isOpen))}`,
  ].join("\n");
}

/** Lines for GITHUB_OUTPUT about an environment, or about that of a pull request; `deployable=false` if pipelines can't deploy it. */
export function oneEnvironment(outdir: string, name: string): string {
  const found = deliveredEnvironments(outdir).find((one) => one.name === nameInFoundation(name));
  if (found === undefined) return "deployable=false";
  const { region, planRole, applyRole } = found;
  return ["deployable=true", `region=${region}`, `plan-role=${planRole}`, `apply-role=${applyRole}`].join(
    "\n",
  );
}

function environmentsOf(stack: Stack): DeliveredEnvironment[] {
  const [provider] = stack.providers;
  const region = provider?.at("region").text ?? "";
  const account = provider?.at("allowed_account_ids").texts[0] ?? "";
  if (SAMPLE_ACCOUNTS.includes(account)) return [];
  const role = (environment: string, kind: "plan" | "apply"): string => {
    const name = stack.attributes("aws_iam_role", `${environment}_${kind}`)?.name;
    return `arn:aws:iam::${account}:role/${typeof name === "string" ? name : ""}`;
  };
  return stack.json
    .at("output")
    .keys.flatMap((key) => /^(.+)_apply_role$/.exec(key)?.[1] ?? [])
    .map((name) => ({
      name,
      region,
      planRole: role(name, "plan"),
      applyRole: role(name, "apply"),
      ...optional({ planEnvironment: planEnvironmentIn(stack, name) }),
    }));
}

/** The GitHub environment that the plan role trusts. */
function planEnvironmentIn(stack: Stack, environment: string): string | undefined {
  const trust = new Value(stack.attributes("aws_iam_role", `${environment}_plan`)?.assume_role_policy);
  return plannedStatements(trust)
    .flatMap(({ conditions }) => conditions.flatMap(({ values }) => values))
    .flatMap((value) => /:environment:([^:]+)$/.exec(value)?.[1] ?? [])[0];
}
