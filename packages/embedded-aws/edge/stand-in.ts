import type { AwsClientConfig } from "../client";
import type { EdgeDistribution } from "./distribution";

/** Where AWS's own host names are meant in a content security policy. */
const AWS = "https://*.amazonaws.com";

/** The distribution with the emulator beside AWS in what pages may connect to: it stands for AWS on this machine. */
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

/** A JSON document of the static bucket with the emulator in the place of AWS's hosts: pages learn there whom to call. */
export function forThisMachine(json: string, { endpoint }: AwsClientConfig): string {
  return json.replaceAll(/https:\/\/[\w.-]+\.amazonaws\.com/g, endpoint);
}

/**
 * Tells the emulator that pages of the local edge are those of the public URL: buckets let no other pages upload.
 * Throws when the emulator does not take it.
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
