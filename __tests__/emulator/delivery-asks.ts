import { controlAsks } from "../../packages/embedded-aws/permissions/control-call";
import type { RoleCall } from "../../packages/embedded-aws/permissions/role-call";
import type { AccessRequest } from "../../packages/iam/evaluate";
import type { EnvironmentSettings } from "../../stacks/settings";

export type DeliveryRole = "plan" | "apply";

/**
 * What one of the pipeline's roles was seen to ask of the emulator: each action and resource once, in order, with the
 * environment's own names left out.
 */
export async function asksOfRole(
  endpoint: string,
  role: DeliveryRole,
  settings: EnvironmentSettings,
): Promise<string[]> {
  const response = await fetch(`${endpoint}/moto-api/overlay/role-calls?after=0`);
  const calls = (await response.json()) as RoleCall[];
  const own = calls.filter((call) => call.role.endsWith(`-${settings.name}-${role}`));
  const asked = own.flatMap((call) => controlAsks(call, settings.account));
  return [...new Set(asked.map((one) => withoutNames(one, settings)))].sort();
}

function withoutNames(
  { action, resource }: AccessRequest,
  { name, account, region, state }: EnvironmentSettings,
): string {
  const bucket = state.kind === "s3" ? state.bucket : "";
  return `${action} ${resource}`
    .replace(`:::${bucket}`, ":::STATE_BUCKET")
    .replaceAll(account, "ACCOUNT")
    .replaceAll(region, "REGION")
    .replaceAll(`streamflow-${name}`, "streamflow-NAME")
    .replace(/(:apigateway:\w*::\/\w+).*/, "$1/*");
}
