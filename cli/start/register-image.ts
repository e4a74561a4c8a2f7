import { DescribeImagesCommand, ECRClient, PutImageCommand } from "@aws-sdk/client-ecr";
import type { AwsClientConfig } from "@packages/embedded-aws/client";
import type { Stack } from "@packages/terraform/synthesized-stack";

/** A manifest without layers: the emulator runs the program and not the image. */
const MANIFEST = JSON.stringify({
  schemaVersion: 2,
  mediaType: "application/vnd.oci.image.manifest.v1+json",
  config: {
    mediaType: "application/vnd.oci.image.config.v1+json",
    digest: `sha256:${"0".repeat(64)}`,
    size: 2,
  },
  layers: [],
});

/** Registers the processor's image in the emulator, as `npm run image` does in AWS; nothing for a stack without one. */
export async function registerImage(config: AwsClientConfig, stack: Stack): Promise<void> {
  const image = stack.json.at("output.processor_image.value").text;
  const [, repositoryName, imageTag] = /^[^/]+\/([^:]+):(.+)$/.exec(image) ?? [];
  if (repositoryName === undefined || imageTag === undefined) return;
  const client = new ECRClient(config);
  try {
    const { imageDetails = [] } = await client.send(new DescribeImagesCommand({ repositoryName }));
    if (imageDetails.some(({ imageTags = [] }) => imageTags.includes(imageTag))) return;
    await client.send(new PutImageCommand({ repositoryName, imageTag, imageManifest: MANIFEST }));
  } finally {
    client.destroy();
  }
}
