import { GetObjectCommand, paginateListObjectsV2, S3Client, type S3ClientConfig } from "@aws-sdk/client-s3";
import { parseState } from "@packages/terraform/state";
import { stateKey } from "../../stacks/base-stack";
import { PULL_REQUESTS, pullRequestOf } from "../../stacks/lib/pull-requests";
import type { EnvironmentSettings } from "../../stacks/settings";

/** The environment of a pull request that has resources in its state. */
export interface DeployedPullRequest {
  readonly environment: string;
  readonly pullRequest: number;
  /** When its state was written last. */
  readonly deployed: Date;
}

const PREFIX = `streamflow-${PULL_REQUESTS}-`;

/** Environments of pull requests whose states in the bucket have resources, sorted by name. */
export async function deployedPullRequests(
  config: S3ClientConfig,
  state: EnvironmentSettings["state"],
): Promise<readonly DeployedPullRequest[]> {
  if (state.kind !== "s3") return [];
  const client = new S3Client({ ...config, region: state.region });
  const found: DeployedPullRequest[] = [];
  try {
    const pages = paginateListObjectsV2({ client }, { Bucket: state.bucket, Prefix: PREFIX });
    for await (const { Contents = [] } of pages) {
      for (const { Key = "", LastModified: deployed = new Date(0) } of Contents) {
        const environment = (Key.split("/")[0] ?? "").replace(/^streamflow-/, "");
        const pullRequest = pullRequestOf(environment);
        if (pullRequest === undefined || Key !== stateKey(`streamflow-${environment}`)) continue;
        const { Body } = await client.send(new GetObjectCommand({ Bucket: state.bucket, Key }));
        const { resources } = parseState((await Body?.transformToString()) ?? "", Key);
        if (resources > 0) found.push({ environment, pullRequest, deployed });
      }
    }
    return found;
  } finally {
    client.destroy();
  }
}
