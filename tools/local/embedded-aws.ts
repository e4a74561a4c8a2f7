import { join } from "node:path";
import { deploy, type Deployment } from "./deploy/deploy";
import { synthesize } from "./deploy/synth";
import { writeEnvironmentFile } from "./env-file";
import { localFolder } from "./folders";
import { findNeeds } from "./needs/needs";
import { tearDown } from "./once";
import type { StartOptions } from "./options";
import type { RunFolder } from "./run-folder";
import { call } from "./serve/call";
import { publishAndLoad } from "./serve/console";
import { invokeFunction } from "./serve/migrate";
import { putPlaybackKeys } from "./serve/playback-keys";
import { SAMPLE_USER, signInSampleUser } from "./serve/sample-user";
import { publicName } from "./serve/public-name";
import { seed } from "./serve/seed";
import { output, serve, type Served } from "./serve/serve";
import { hasVideo, processVideo } from "./serve/video";
import { certificateAuthority } from "./servers/certificates";
import { startEmulator } from "./servers/emulator";
import { startPostgres } from "./servers/postgres";
import { startRedis } from "./servers/redis";
import type { Shutdown } from "./shutdown";
import type { Steps } from "./terminal/steps";

export interface EmbeddedAws {
  readonly options: StartOptions;
  readonly run: RunFolder;
  readonly steps: Steps;
  readonly shutdown: Shutdown;
}

/** From a checkout to an answering API, and with `--once` back to nothing. Throws where it fails. */
export async function embeddedAws({ options, run, steps, shutdown }: EmbeddedAws): Promise<void> {
  const needs = await findNeeds(steps);
  const synthesized = await steps.run(
    "synth",
    () => synthesize(options.stack, run.path("cdktf.out"), run.log("synth")),
    ({ name, sha256 }) => `${name}, cdk.tf.json has SHA-256 ${sha256}`,
  );
  const accountId = synthesized.configuration.provider.aws[0]?.allowed_account_ids?.[0] ?? "123456789012";
  const [emulator, postgres, redis, authority] = await steps.run(
    "servers",
    async () =>
      Promise.all([
        startEmulator({
          accountId,
          moto: needs.moto,
          port: await run.port("emulator"),
          stateFile: run.path("emulator.state"),
          log: run.log("emulator"),
        }),
        startPostgres({ folder: run.path("postgres"), log: run.log("postgres") }),
        startRedis({ log: run.log("redis") }),
        certificateAuthority(join(localFolder, "ca")),
      ]),
    ([aws, database, cache]) =>
      `AWS account ${accountId} at ${aws.endpoint}, PostgreSQL on port ${database.port}` +
      (cache ? `, Redis on port ${cache.port}` : ""),
  );
  const deployment = await deploy({ synthesized, emulator, toolchain: needs.toolchain, run, steps });
  await fetch(`${emulator.endpoint}/moto-api/overlay/checkpoint`, { method: "POST" });
  const served = await steps.run("functions and data", () =>
    serve({
      ...{ deployment, accountId, authority, postgres, redis, run },
      publicName: publicName(options.stack),
    }),
  );
  shutdown.before(() => served.stop());
  const url = await firstCalls(deployment, served, () => seed(served.data, authority), steps);
  const product = needs.ffmpeg ? await firstVideo(deployment, served, url, run, steps) : undefined;
  if (options.once) return tearDown({ deployment, served, run, steps });

  const file = writeEnvironmentFile(
    options.name === "start" ? join(localFolder, "emulator.env") : run.path("emulator.env"),
    { endpoint: emulator.endpoint, region: deployment.aws.region, lambda: served.lambda.endpoint },
    needs.toolchain,
  );
  shutdown.expected = true;
  const lines = [
    "",
    ...(product === undefined ? [] : [`product      ${product}`]),
    `API          ${url}`,
    `sign in      ${SAMPLE_USER.email}, ${SAMPLE_USER.password}`,
    `AWS          ${emulator.endpoint} (account ${accountId}, ${deployment.aws.region}, ${deployment.resources} resources)`,
    `logs         ${run.logs}`,
    `deploy again set -a; . ${file}; set +a; npx cdktf deploy ${options.stack} --auto-approve --skip-provider-lock`,
    "",
    "Ctrl-C stops it; the next npm start takes it up again.",
  ];
  lines.forEach((line) => steps.line(line));
  // lives until a signal
  setInterval(() => undefined, 1 << 30);
}

/** Starts the processor and the edge, and sends one video through the whole product; gives its URL. */
async function firstVideo(
  deployment: Deployment,
  served: Served,
  api: string,
  run: RunFolder,
  steps: Steps,
): Promise<string> {
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
    (told) => told,
  );
  if (await hasVideo(url)) return url;
  const token = await signInSampleUser(
    deployment.aws,
    output(deployment, "user_pool_id"),
    output(deployment, "user_pool_client_id"),
  );
  await steps.run(
    "a video",
    (status) => {
      let told = "uploading";
      status(() => told);
      const onProgress = (now: string) => (told = now);
      return processVideo({ url, token, folder: run.path("clip"), onProgress });
    },
    ({ id, sizes, seconds }) =>
      `${id} uploaded, ready ${seconds.toFixed(1)} s later as HLS in ${sizes.join(", ")}, played with cookies only`,
  );
  return url;
}

/** Migrations, sample media, and one call of each kind; returns the API's URL. */
async function firstCalls(
  deployment: Deployment,
  served: Served,
  addSamples: () => Promise<number>,
  steps: Steps,
): Promise<string> {
  const migrated = (result: unknown) => {
    const { applied = [], version } = result as { applied?: readonly string[]; version?: number };
    return applied.length > 0 ? `applied ${applied.join(", ")}` : `the database is at version ${version}`;
  };
  const migrate = output(deployment, "migrate_function");
  await steps.run(
    "migrations",
    () => invokeFunction(served.lambda, migrate, {}, served.logFile(migrate)),
    migrated,
  );
  await steps.run("sample media", addSamples, (count) => `${count} in the database`);
  const { url, routes } = await steps.run(
    "API",
    () => served.startApi(),
    (api) => api.routes.join(", "),
  );
  for (const route of ["/health", "/media"].filter((path) => routes.includes(`GET ${path}`))) {
    await steps.run(
      `GET ${route}`,
      () => call(`${url}${route}`),
      ({ status, text }) => `${status} ${text.slice(0, 200)}`,
    );
  }
  return url;
}
