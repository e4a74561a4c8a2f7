import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectFolder } from "../../packages/cli-kit/paths";
import { controlAsks } from "../../packages/embedded-aws/permissions/control-call";
import type { RoleCall } from "../../packages/embedded-aws/permissions/role-call";
import type { AccessRequest } from "../../packages/iam/evaluate";
import type { EnvironmentSettings } from "../../stacks/settings";
import { RECORD_DELIVERIES } from "../support/record-deliveries";

export type DeliveryRole = "plan" | "apply";

/**
 * What one of the pipeline's roles asked of the emulator: each action and resource once, sorted, with placeholders for
 * the environment's names. A role that is passed has the service that gets it as a third word.
 */
async function asksOfRole(
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

const RECORDING = join(projectFolder, "__tests__/support/delivery-asks.json");

/**
 * What to do about each permission of a role that the recording of the unit layer lacks. With RECORD_DELIVERY_ASKS=1 they are added to it first:
 * the policies of the roles are checked against the recording.
 */
export async function unrecordedAsks(
  endpoint: string,
  role: DeliveryRole,
  settings: EnvironmentSettings,
): Promise<string[]> {
  const asked = await asksOfRole(endpoint, role, settings);
  if (asked.length < MIN_ASKS) throw new Error(`the ${role} role asked for ${asked.length} things only`);
  const recorded = JSON.parse(readFileSync(RECORDING, "utf8")) as Record<DeliveryRole, string[]>;
  const missing = asked.filter((ask) => !recorded[role].includes(ask));
  if (process.env.RECORD_DELIVERY_ASKS !== "1") {
    return missing.map((one) => `record ${one} (${role}): ${RECORD_DELIVERIES}`);
  }
  if (missing.length === 0) return [];
  recorded[role] = [...new Set([...recorded[role], ...asked])].sort();
  writeFileSync(RECORDING, `${JSON.stringify(recorded, undefined, 2)}\n`);
  return [];
}

/** Fewer show that the calls were not noted. */
const MIN_ASKS = 100;

function withoutNames(
  { action, resource, context }: AccessRequest,
  { name, account, region, state }: EnvironmentSettings,
): string {
  const bucket = state.kind === "s3" ? state.bucket : "";
  return (
    [action, resource, context["iam:passedtoservice"] ?? []]
      .flat()
      .join(" ")
      .replace(`:::${bucket}`, ":::STATE_BUCKET")
      .replaceAll(account, "ACCOUNT")
      .replaceAll(region, "REGION")
      .replaceAll(`streamflow-${name}`, "streamflow-NAME")
      .replace(/(:function:[\w-]+):\d+$/, "$1:VERSION")
      .replace(/^(apigateway:SetWebACL .*\/restapis)\/.+/, "$1/*/stages/*")
      .replace(/^(apigateway:(?!SetWebACL).*:apigateway:\w*::\/\w+).*/, "$1/*")
      // Access logs, videos and the console's files have random names.
      .replace(/(-(?:logs|streams|uploads)-ACCOUNT\/|\/static\/console\/).+/, "$1*")
  );
}
