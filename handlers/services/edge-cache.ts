import type { AwsClient } from "./aws-client";
import { isThrottling } from "./aws-errors";
import { Unavailable } from "../media/media";
import { textIn } from "./xml";

/**
 * CloudFront's only endpoint, whose requests are signed for us-east-1.
 * https://docs.aws.amazon.com/general/latest/gr/cf_region.html
 */
export const CLOUDFRONT = { endpoint: "https://cloudfront.amazonaws.com", region: "us-east-1" } as const;

export interface EdgeCacheOptions {
  /** Client of CloudFront. */
  readonly client: AwsClient;
  readonly distributionId: string;
}

export interface Invalidation {
  /** Path that may end with `*`. */
  readonly path: string;
  /**
   * A second request with the same reference and path makes no other invalidation.
   * https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_InvalidationBatch.html
   */
  readonly reference: string;
}

/** What CloudFront has cached of a distribution. */
export class EdgeCache {
  constructor(private readonly options: EdgeCacheOptions) {}

  /**
   * Invalidates what CloudFront cached below a path; returns the invalidation's id, or undefined if too many are in
   * progress or requested. Rejects like `AwsClient.send`, and if the answer has no id.
   */
  async invalidate({ path, reference }: Invalidation): Promise<string | undefined> {
    const { client, distributionId } = this.options;
    const url = client.endpoint;
    url.pathname = `/2020-05-31/distribution/${distributionId}/invalidation`;
    try {
      const { text } = await client.send({
        operation: "CreateInvalidation",
        method: "POST",
        url,
        headers: { "content-type": "application/xml" },
        body: `<InvalidationBatch xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Paths><Quantity>1</Quantity><Items><Path>${path}</Path></Items></Paths><CallerReference>${reference}</CallerReference></InvalidationBatch>`,
      });
      const id = textIn(text, "Id");
      if (id === undefined) throw new Error("CreateInvalidation: the answer has no Id");
      return id;
    } catch (error) {
      if (isLimit(error)) return undefined;
      throw error;
    }
  }
}

/**
 * Whether CloudFront refused for a limit: at most 15 paths with a wildcard at a time
 * (https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/InvalidationLimits.html), or its rate of requests, after
 * the client's own retries.
 */
function isLimit(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof Unavailable) return error.cause instanceof Error && isThrottling(error.cause);
  return error.name === "TooManyInvalidationsInProgress";
}
