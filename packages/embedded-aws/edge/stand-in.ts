import type { AwsClientConfig } from "../client";
import type { EdgeDistribution } from "./distribution";

/** AWS's host names in content security policies. */
const AWS = "https://*.amazonaws.com";

/** The distribution with the emulator added to the hosts that pages may connect to. */
export function withEmulator(
  distribution: EdgeDistribution,
  { endpoint }: AwsClientConfig,
): EdgeDistribution {
  const name = "content-security-policy";
  const behaviors = distribution.behaviors.map((behavior) => {
    const policy = behavior.responseHeaders[name];
    if (policy === undefined) return behavior;
    const here = policy.replaceAll(AWS, `${AWS} ${endpoint}`);
    return { ...behavior, responseHeaders: { ...behavior.responseHeaders, [name]: here } };
  });
  return { ...distribution, behaviors };
}

/** A JSON document of the static bucket with the emulator instead of AWS's hosts, so that pages use it. */
export function forThisMachine(json: string, { endpoint }: AwsClientConfig): string {
  return json.replaceAll(/https:\/\/[\w.-]+\.amazonaws\.com/g, endpoint);
}

/**
 * Registers the local edge as origin of the public URL, because buckets only allow uploads from its pages. Throws if
 * the emulator rejects it.
 */
export async function standFor(
  { endpoint }: AwsClientConfig,
  { edgeUrl, publicUrl }: { readonly edgeUrl: string; readonly publicUrl: string },
): Promise<void> {
  const response = await fetch(`${endpoint}/moto-api/overlay/origins`, {
    method: "PUT",
    body: JSON.stringify({ [edgeUrl]: new URL(publicUrl).origin }),
  });
  if (!response.ok) throw new Error(`the emulator answered ${response.status} to the edge's public URL`);
}
