import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { SAMPLE_ACCOUNTS } from "../../stacks/lib/samples";

/** What a workflow must know of an environment before it has any credentials. */
export interface DeliveredEnvironment {
  readonly name: string;
  readonly region: string;
  /** ARNs of the roles that the foundation made. */
  readonly planRole: string;
  readonly applyRole: string;
}

interface Stack {
  readonly provider: {
    readonly aws: readonly { readonly region: string; readonly allowed_account_ids: readonly string[] }[];
  };
  readonly output?: Readonly<Record<string, unknown>>;
  readonly resource: { readonly aws_iam_role?: Readonly<Record<string, { readonly name: string }>> };
}

/**
 * Environments that a pipeline can deploy, from the synthesized foundations, in the order of their names: those with
 * roles for GitHub, in accounts that are not the samples'.
 */
export function deliveredEnvironments(outdir: string): DeliveredEnvironment[] {
  const stacks = join(outdir, "stacks");
  return readdirSync(stacks)
    .filter((name) => name.startsWith("streamflow-foundation-"))
    .flatMap((name) => environmentsOf(readStack(join(stacks, name, "cdk.tf.json"))))
    .sort((one, other) => one.name.localeCompare(other.name));
}

/** Lines for GITHUB_OUTPUT; `deployable=false` where no pipeline can deploy. */
export function oneEnvironment(outdir: string, name: string): string {
  const found = deliveredEnvironments(outdir).find((one) => one.name === name);
  if (found === undefined) return "deployable=false";
  const { region, planRole, applyRole } = found;
  return ["deployable=true", `region=${region}`, `plan-role=${planRole}`, `apply-role=${applyRole}`].join(
    "\n",
  );
}

function environmentsOf({ provider, output = {}, resource }: Stack): DeliveredEnvironment[] {
  const { region = "", allowed_account_ids: [account = ""] = [] } = provider.aws[0] ?? {};
  if (SAMPLE_ACCOUNTS.includes(account)) return [];
  const role = (environment: string, kind: string) =>
    `arn:aws:iam::${account}:role/${resource.aws_iam_role?.[`${environment}_${kind}`]?.name ?? ""}`;
  return Object.keys(output)
    .flatMap((key) => /^(.+)_apply_role$/.exec(key)?.[1] ?? [])
    .map((name) => ({ name, region, planRole: role(name, "plan"), applyRole: role(name, "apply") }));
}

const readStack = (file: string): Stack => JSON.parse(readFileSync(file, "utf8")) as Stack;
