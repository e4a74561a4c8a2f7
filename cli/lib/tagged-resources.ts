import { EC2Client, type EC2ClientConfig, paginateDescribeNatGateways } from "@aws-sdk/client-ec2";
import {
  paginateGetResources,
  ResourceGroupsTaggingAPIClient,
  type ResourceGroupsTaggingAPIClientConfig,
} from "@aws-sdk/client-resource-groups-tagging-api";

/** Resources with these values of the stacks' tags. */
export interface StackTag {
  /** Value of the tag `Environment`; undefined for all of the project. */
  readonly environment?: string;
  readonly regions: readonly string[];
}

/**
 * ARNs of the resources that carry the tags of the stacks, independent of Terraform's state. Deleted ones may be among them
 * for a while, but no NAT gateways, which AWS keeps as deleted for an hour.
 */
export async function taggedResources(
  config: ResourceGroupsTaggingAPIClientConfig & EC2ClientConfig,
  { environment, regions }: StackTag,
): Promise<string[]> {
  const TagFilters = [
    { Key: "Project", Values: ["streamflow"] },
    ...(environment === undefined ? [] : [{ Key: "Environment", Values: [environment] }]),
  ];
  const found = new Set<string>();
  for (const region of new Set(regions)) {
    const client = new ResourceGroupsTaggingAPIClient({ ...config, region });
    try {
      const arns: string[] = [];
      for await (const { ResourceTagMappingList = [] } of paginateGetResources({ client }, { TagFilters }))
        arns.push(...ResourceTagMappingList.map(({ ResourceARN = "" }) => ResourceARN));
      const gone = await deletedGateways({ ...config, region }, arns);
      arns.filter((arn) => !gone.has(arn)).forEach((arn) => found.add(arn));
    } finally {
      client.destroy();
    }
  }
  return [...found].sort();
}

const NAT_GATEWAY = /:natgateway\/(nat-[0-9a-f]+)$/;

/** Those of the ARNs that are NAT gateways which were deleted. */
async function deletedGateways(
  config: EC2ClientConfig,
  arns: readonly string[],
): Promise<ReadonlySet<string>> {
  const gateways = arns.filter((arn) => NAT_GATEWAY.test(arn));
  if (gateways.length === 0) return new Set();
  const client = new EC2Client(config);
  try {
    const there = new Set<string | undefined>();
    const filter = [{ Name: "state", Values: ["pending", "available", "failed"] }];
    for await (const { NatGateways = [] } of paginateDescribeNatGateways({ client }, { Filter: filter }))
      NatGateways.forEach(({ NatGatewayId }) => there.add(NatGatewayId));
    return new Set(gateways.filter((arn) => !there.has(NAT_GATEWAY.exec(arn)?.[1])));
  } finally {
    client.destroy();
  }
}
