import type { Stack } from "@packages/terraform/synthesized-stack";

/** What an account has before Terraform, each with its domain. */
export interface ExistingResources {
  /** Domains by the id of their Route 53 zone. */
  readonly zones: Readonly<Record<string, string>>;
  /** Domains by the ARN of their certificate. */
  readonly certificates: Readonly<Record<string, string>>;
}

/** The zones in which the stack creates records, and the certificates that it uses and does not create. */
export function existingResourcesOf(stack: Stack): ExistingResources {
  return { zones: zonesOf(stack), certificates: certificatesOf(stack) };
}

function zonesOf(stack: Stack): ExistingResources["zones"] {
  const records = stack
    .of("aws_route53_record")
    .map((record) => ({ zone: record.at("zone_id").text, name: record.at("name").text }))
    .filter(({ name }) => !name.includes("${"))
    // the domain is shorter than the names below it, and comes last to win
    .sort((a, b) => b.name.length - a.name.length);
  return Object.fromEntries(records.map(({ zone, name }) => [zone, name]));
}

function certificatesOf(stack: Stack): ExistingResources["certificates"] {
  const distributions = stack.of("aws_cloudfront_distribution");
  const [domain = ""] = distributions.flatMap((distribution) => distribution.at("aliases").texts);
  const arns = [
    ...distributions.map((distribution) => distribution.at("viewer_certificate.acm_certificate_arn").text),
    ...stack.of("aws_lb_listener").map((listener) => listener.at("certificate_arn").text),
  ];
  return Object.fromEntries(arns.filter((arn) => arn.startsWith("arn:")).map((arn) => [arn, domain]));
}

/** Creates them in the emulator. Throws if the emulator refuses. */
export async function createExistingResources(endpoint: string, stack: Stack): Promise<void> {
  const existing = existingResourcesOf(stack);
  if (Object.keys({ ...existing.zones, ...existing.certificates }).length === 0) return;
  const response = await fetch(`${endpoint}/moto-api/overlay/existing`, {
    method: "PUT",
    body: JSON.stringify(existing),
  });
  if (response.ok) return;
  throw new Error(
    `the emulator can't create zones and certificates: ${response.status} ${await response.text()}`,
  );
}
