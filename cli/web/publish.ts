import { setTimeout as sleep } from "node:timers/promises";
import {
  AmplifyClient,
  type AmplifyClientConfig,
  CreateDeploymentCommand,
  GetAppCommand,
  GetJobCommand,
  StartDeploymentCommand,
} from "@aws-sdk/client-amplify";
import { PutObjectCommand, S3Client, type S3ClientConfig } from "@aws-sdk/client-s3";
import { zipSync } from "fflate";
import type { ConsoleFiles } from "./build";

/** Targets of an environment's console, from the outputs of its stack. */
export interface ConsolePlace {
  readonly staticBucket: string;
  readonly appId: string;
  readonly branch: string;
}

/** Milliseconds between polls of a deployment, and until it must be complete. */
const POLL_INTERVAL_MS = 1_000;
const DEPLOYMENT_TIMEOUT_MS = 300_000;

const TYPES: Readonly<Record<string, string>> = {
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
};

/**
 * Uploads the console's scripts and styles to the static bucket, then the page that loads them to Amplify, so that
 * every page finds its files. Does nothing if Amplify builds from a repository. Returns a sentence about the result.
 * Throws if Amplify fails.
 */
export async function publishConsole(
  config: AmplifyClientConfig & S3ClientConfig,
  { page, assets }: ConsoleFiles,
  { staticBucket, appId, branch }: ConsolePlace,
): Promise<string> {
  const amplify = new AmplifyClient(config);
  const { app } = await amplify.send(new GetAppCommand({ appId }));
  if (app?.repository) return `not published: Amplify builds from ${app.repository}`;
  const s3 = new S3Client(config);
  for (const [path, content] of assets) {
    await s3.send(
      new PutObjectCommand({
        Bucket: staticBucket,
        Key: path,
        Body: content,
        ContentType: TYPES[path.split(".").at(-1) ?? ""] ?? "application/octet-stream",
        // Names contain content hashes.
        CacheControl: "public, max-age=31536000, immutable",
      }),
    );
  }
  const where = { appId, branchName: branch };
  const { jobId, zipUploadUrl } = await amplify.send(new CreateDeploymentCommand(where));
  const zip = zipSync({ "index.html": new TextEncoder().encode(page) });
  const put = await fetch(zipUploadUrl ?? "", { method: "PUT", body: Buffer.from(zip) });
  if (!put.ok)
    throw new Error(`Amplify rejected the page: ${put.status} ${(await put.text()).slice(0, 300)}`);
  await amplify.send(new StartDeploymentCommand({ ...where, jobId }));
  await untilDeployed(amplify, { ...where, jobId: jobId ?? "" });
  return `${assets.size} files to the bucket ${staticBucket}, the page to Amplify's branch ${branch}`;
}

async function untilDeployed(
  amplify: AmplifyClient,
  job: { readonly appId: string; readonly branchName: string; readonly jobId: string },
): Promise<void> {
  for (const deadline = Date.now() + DEPLOYMENT_TIMEOUT_MS; ; await sleep(POLL_INTERVAL_MS)) {
    const status = (await amplify.send(new GetJobCommand(job))).job?.summary?.status;
    if (status === "SUCCEED") return;
    if (status === "FAILED" || status === "CANCELLED" || Date.now() > deadline)
      throw new Error(`Amplify's deployment ${job.jobId} of ${job.appId}/${job.branchName} is ${status}`);
  }
}
