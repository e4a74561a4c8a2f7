import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { clientConfig, emulatorEnvironment } from "../../packages/embedded-aws/client";
import { TerraformStack } from "../../packages/terraform/terraform-stack";
import { controlAsks } from "../../packages/embedded-aws/permissions/control-call";
import { type AccessRequest, evaluate } from "../../packages/iam/evaluate";
import type { RoleCall } from "../../packages/embedded-aws/permissions/role-call";
import { DeployedRoles } from "../../packages/embedded-aws/permissions/roles";
import { terraformToolchain } from "../../cli/lib/toolchain";
import type { EnvironmentSettings } from "../../stacks/settings";

/** What a plan by the plan role did. */
export interface PlannedAsRole {
  readonly empty: boolean;
  readonly asked: readonly AccessRequest[];
  /** What the role's policies, and those of AWS that it has, do not allow, in words. */
  readonly denied: readonly string[];
}

/** Plans what is deployed on the emulator, `folder` holds its `cdk.tf.json`, with the credentials of the plan role. */
export async function planAsRole(
  { name, account, region }: EnvironmentSettings,
  endpoint: string,
  folder: string,
): Promise<PlannedAsRole> {
  const config = clientConfig(endpoint, region);
  const role = `arn:aws:iam::${account}:role/streamflow-foundation-${account}-${name}-plan`;
  const { Credentials } = await new STSClient(config).send(
    new AssumeRoleCommand({ RoleArn: role, RoleSessionName: "plan" }),
  );
  const scratch = mkdtempSync(join(tmpdir(), "streamflow-plan-role-"));
  const stack = new TerraformStack(
    {
      toolchain: await terraformToolchain(),
      folder,
      env: {
        ...emulatorEnvironment(endpoint, region),
        AWS_ACCESS_KEY_ID: Credentials?.AccessKeyId ?? "",
        AWS_SECRET_ACCESS_KEY: Credentials?.SecretAccessKey ?? "",
        AWS_SESSION_TOKEN: Credentials?.SessionToken ?? "",
        TF_DATA_DIR: join(scratch, "terraform"),
      },
      log: join(scratch, "terraform.log"),
    },
    join(scratch, "plan.tfplan"),
    { parallelism: 40 },
  );
  try {
    await stack.init();
    const { empty } = await stack.plan(() => undefined);
    const asked = (await callsOf(role, endpoint)).flatMap((call) => controlAsks(call));
    const policies = await new DeployedRoles(config).of(role);
    const denied = asked.flatMap((one) => {
      const { result, reason } = evaluate(one, policies);
      return result === "allowed" ? [] : [`${one.action} on ${one.resource}: ${reason}`];
    });
    return { empty, asked, denied: [...new Set(denied)] };
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

async function callsOf(role: string, endpoint: string): Promise<RoleCall[]> {
  const response = await fetch(`${endpoint}/moto-api/overlay/role-calls?after=0`);
  return ((await response.json()) as RoleCall[]).filter((call) => call.role === role);
}

/** Each action and resource once, in order, with the environment's own words left out. */
export function readsOf(
  asked: readonly AccessRequest[],
  { name, account, state }: EnvironmentSettings,
): string[] {
  const bucket = state.kind === "s3" ? state.bucket : "";
  const words = asked.map(({ action, resource }) =>
    `${action} ${resource}`
      .replace(`:::${bucket}`, ":::STATE_BUCKET")
      .replaceAll(account, "ACCOUNT")
      .replaceAll(`streamflow-${name}`, "streamflow-NAME"),
  );
  return [...new Set(words)].sort();
}
