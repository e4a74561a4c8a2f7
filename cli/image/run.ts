import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import {
  DescribeImagesCommand,
  ECRClient,
  type ECRClientConfig,
  GetAuthorizationTokenCommand,
} from "@aws-sdk/client-ecr";
import type { CommandContext } from "@packages/cli-kit/command";
import { localFolder, logFile } from "@packages/cli-kit/paths";
import type { Steps } from "@packages/cli-kit/progress";
import { Refusal } from "@packages/cli-kit/refusal";
import { environments } from "../../stacks/environments";
import { imageRepositoryName, imageRepositoryUrl } from "../../stacks/constructs/compute/image-repository";
import { imageTag } from "../../stacks/constructs/compute/processor-image";
import type { EnvironmentSettings } from "../../stacks/settings";
import { checkedAccess } from "../lib/account";
import { foundationTargetOf } from "../lib/environment";
import { REGISTRY_URL } from "../lib/deployed-environment";
import { refuseWrongSettings } from "../lib/synthesize";
import { targetOf } from "../lib/target";
import { buildImage, findBuilder, writeContext } from "./builder";
import { readLayout } from "./layout";
import { pushImage } from "./registry";

/** Architecture of the task definition. */
const PLATFORM = "linux/arm64";

export interface ImageInput {
  readonly environment: string;
  readonly layout: string;
  readonly buildOnly: boolean;
}

/** Builds the image of this checkout and pushes it. Does nothing if the repository has its tag. */
export async function runImage(
  { environment, layout, buildOnly }: ImageInput,
  { steps }: CommandContext,
): Promise<void> {
  const { settings } = targetOf(environment, environments);
  const tag = imageTag();
  if (buildOnly) return build(layout, tag, steps);
  const access = await checkedAccess(settings, steps);
  await refuseWrongSettings();
  if (await hasImage(access.client, settings.name, tag)) {
    steps.line(`${imageRepositoryUrl(placeOf(settings))} has the image ${tag}`);
    return;
  }
  await build(layout, tag, steps);
  await push({ client: access.client, settings, layout, tag }, steps);
}

const placeOf = ({ account, region, name }: EnvironmentSettings) => ({ account, region, environment: name });

/** Whether the environment's repository has an image with the tag. Throws a Refusal if there is no repository. */
export async function hasImage(config: ECRClientConfig, environment: string, tag: string): Promise<boolean> {
  const client = new ECRClient(config);
  try {
    const repositoryName = imageRepositoryName(environment);
    await client.send(new DescribeImagesCommand({ repositoryName, imageIds: [{ imageTag: tag }] }));
    return true;
  } catch (error) {
    const { name } = error as Error;
    if (name === "ImageNotFoundException") return false;
    if (name !== "RepositoryNotFoundException") throw error;
    throw new Refusal(
      `there is no repository for images of ${environment}: run npm run deploy -- ${foundationTargetOf(environment)} first`,
    );
  } finally {
    client.destroy();
  }
}

/** Name of the file that says which tag a layout has. */
const TAG_FILE = "streamflow-tag";

/** Builds the layout, unless an earlier build left the image of this tag there. */
async function build(layout: string, tag: string, steps: Steps): Promise<void> {
  const note = join(layout, TAG_FILE);
  if (existsSync(note) && readFileSync(note, "utf8") === tag) {
    steps.line(`${layout} has the image ${tag}`);
    return;
  }
  const builder = findBuilder();
  const context = writeContext(join(localFolder, "image/context"));
  mkdirSync(dirname(layout), { recursive: true });
  await steps.run(
    "build",
    () => buildImage(builder, { context, layout, platform: PLATFORM, tag }, logFile("image")),
    () => `${tag} for ${PLATFORM} by ${builder.name}`,
  );
  writeFileSync(note, tag);
}

interface Push {
  readonly client: ECRClientConfig;
  readonly settings: EnvironmentSettings;
  readonly layout: string;
  readonly tag: string;
}

async function push({ client: config, settings, layout, tag }: Push, steps: Steps): Promise<void> {
  const client = new ECRClient(config);
  try {
    const image = readLayout(layout);
    const { authorizationData: [token] = [] } = await client.send(new GetAuthorizationTokenCommand({}));
    const repository = {
      registry: process.env[REGISTRY_URL] || (token?.proxyEndpoint ?? ""),
      name: imageRepositoryName(settings.name),
      authorization: `Basic ${token?.authorizationToken ?? ""}`,
    };
    await steps.run(
      "push",
      () => pushImage(repository, { layout, image, tag }),
      (pushed) =>
        `${imageRepositoryUrl(placeOf(settings))}:${tag}, ${image.manifest.digest}, ${pushed} new layers`,
    );
  } finally {
    client.destroy();
  }
}
