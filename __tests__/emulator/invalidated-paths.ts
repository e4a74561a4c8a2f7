import {
  CloudFrontClient,
  GetInvalidationCommand,
  ListDistributionsCommand,
  ListInvalidationsCommand,
} from "@aws-sdk/client-cloudfront";
import type { AwsClientConfig } from "../../packages/embedded-aws/client";

/** Paths that were invalidated in the only distribution. */
export async function invalidatedPaths(config: AwsClientConfig): Promise<string[]> {
  const client = new CloudFrontClient(config);
  const { DistributionList } = await client.send(new ListDistributionsCommand({}));
  const DistributionId = DistributionList?.Items?.[0]?.Id;
  const { InvalidationList } = await client.send(new ListInvalidationsCommand({ DistributionId }));
  const all = (InvalidationList?.Items ?? []).map(({ Id }) =>
    client.send(new GetInvalidationCommand({ DistributionId, Id })),
  );
  return (await Promise.all(all)).flatMap(
    ({ Invalidation }) => Invalidation?.InvalidationBatch?.Paths?.Items ?? [],
  );
}
