import type { Stack } from "@packages/terraform/synthesized-stack";

/** Domains by zone id of the Route 53 zones in which the stack creates records. */
export function hostedZonesOf(stack: Stack): Readonly<Record<string, string>> {
  const records = stack
    .of("aws_route53_record")
    .map((record) => ({ zone: record.at("zone_id").text, name: record.at("name").text }))
    .filter(({ name }) => !name.includes("${"))
    // the domain is shorter than the names below it, and comes last to win
    .sort((a, b) => b.name.length - a.name.length);
  return Object.fromEntries(records.map(({ zone, name }) => [zone, name]));
}

/** Creates the stack's zones in the emulator: an account has them before Terraform. Throws if the emulator refuses. */
export async function createHostedZones(endpoint: string, stack: Stack): Promise<void> {
  const zones = hostedZonesOf(stack);
  if (Object.keys(zones).length === 0) return;
  const response = await fetch(`${endpoint}/moto-api/overlay/hosted-zones`, {
    method: "PUT",
    body: JSON.stringify(zones),
  });
  if (response.ok) return;
  throw new Error(`the emulator can't create hosted zones: ${response.status} ${await response.text()}`);
}
