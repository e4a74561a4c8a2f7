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

/** ARNs of the resources that carry the tags of the stacks, independent of Terraform's state. Deleted ones may be among them. */
export async function taggedResources(
  config: ResourceGroupsTaggingAPIClientConfig,
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
      for await (const { ResourceTagMappingList = [] } of paginateGetResources({ client }, { TagFilters })) {
        for (const { ResourceARN } of ResourceTagMappingList) found.add(ResourceARN ?? "");
      }
    } finally {
      client.destroy();
    }
  }
  return [...found].sort();
}
