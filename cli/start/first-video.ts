import type { Deployment } from "./deploy";
import type { RunFolder } from "./run-folder";
import type { Steps } from "@packages/cli-kit/progress";
import { publishAndLoad } from "./console";
import { firstCheck } from "./first-check";
import { putPlaybackKeys } from "./playback-keys";
import { abortUpload, remove } from "./abort-upload";
import { signInSampleUser } from "./sample-user";
import { output, type Served } from "./serve";
import { hasVideo, processVideo } from "./video";

export interface FirstVideoOptions {
  readonly deployment: Deployment;
  readonly served: Served;
  /** URL of the API, without the edge. */
  readonly api: string;
  readonly run: RunFolder;
  readonly steps: Steps;
  /** Delete the video afterwards, and abort another upload. */
  readonly remove: boolean;
}

/** Starts the processor and the edge, and sends one video through the whole product; returns the product's URL. */
export async function firstVideo(options: FirstVideoOptions): Promise<string> {
  const { deployment, served, api, run, steps } = options;
  await steps.run(
    "processor",
    () => served.startTasks(),
    (services) =>
      services
        .map(({ deployed, running }) => `${running} task${running === 1 ? "" : "s"} of ${deployed.name}`)
        .join(", "),
  );
  await steps.run(
    "playback key",
    () => putPlaybackKeys(deployment.aws),
    (id) => `the sample's, ${id}`,
  );
  const url = await steps.run(
    "edge",
    () => served.startEdge(api),
    (found) => found,
  );
  await steps.run(
    "console",
    () => publishAndLoad(deployment, url),
    (outcome) => outcome,
  );
  if (await hasVideo(url)) return url;
  const token = await signInSampleUser(deployment.aws, {
    userPoolId: output(deployment, "user_pool_id"),
    clientId: output(deployment, "user_pool_client_id"),
  });
  const { id } = await steps.run(
    "a video",
    (status) => {
      let progress = "uploading";
      status(() => progress);
      const onProgress = (now: string) => (progress = now);
      return processVideo({ url, token, folder: run.path("clip"), onProgress });
    },
    (video) =>
      `${video.id} uploaded, ready ${video.seconds.toFixed(1)} s later as HLS in ${video.sizes.join(", ")}, played with cookies only`,
  );
  await steps.run(
    "synthetic check",
    () => firstCheck({ deployment, served, url }),
    (outcome) => outcome,
  );
  if (options.remove) {
    await steps.run(
      "removal",
      async () => {
        await abortUpload({ url, token });
        await remove({ url, token }, id);
      },
      () => "one upload aborted, the video deleted",
    );
  }
  return url;
}
