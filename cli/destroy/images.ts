import {
  BatchDeleteImageCommand,
  ECRClient,
  type ECRClientConfig,
  paginateListImages,
} from "@aws-sdk/client-ecr";
import { imageRepositoryName } from "../../stacks/constructs/compute/image-repository";

/**
 * Deletes every image of an environment; returns how many. The foundation deletes the repository once the environment has
 * left the settings, and a protected one only if it is empty. `npm run image` builds them again.
 */
export async function deleteImages(config: ECRClientConfig, environment: string): Promise<number> {
  const client = new ECRClient(config);
  const repositoryName = imageRepositoryName(environment);
  let deleted = 0;
  try {
    for await (const { imageIds = [] } of paginateListImages({ client, pageSize: 100 }, { repositoryName })) {
      if (imageIds.length === 0) continue;
      await client.send(new BatchDeleteImageCommand({ repositoryName, imageIds }));
      deleted += imageIds.length;
    }
  } catch (error) {
    if ((error as Error).name !== "RepositoryNotFoundException") throw error;
  } finally {
    client.destroy();
  }
  return deleted;
}
