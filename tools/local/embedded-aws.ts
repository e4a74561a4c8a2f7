import { join } from "node:path";
import { deploy } from "./deploy/deploy";
import { synthesize } from "./deploy/synth";
import { writeEnvironmentFile } from "./env-file";
import { localFolder } from "./folders";
import { findNeeds } from "./needs/needs";
import { checkPermissions, tearDown } from "./once";
import type { StartOptions } from "./options";
import type { PermissionWatch } from "./permissions/watch";
import type { RunFolder } from "./run-folder";
import { SAMPLE_USER } from "./serve/sample-user";
import { firstCalls } from "./serve/first-calls";
import { firstVideo } from "./serve/first-video";
import { publicName } from "./serve/public-name";
import { serve } from "./serve/serve";
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
  const [needs, synthesized] = await Promise.all([
    findNeeds(steps),
    steps.run(
      "synth",
      () => synthesize(options.stack, run.path("cdktf.out"), run.log("synth")),
      ({ name, sha256 }) => `${name}, cdk.tf.json has SHA-256 ${sha256}`,
    ),
  ]);
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
  const served = await steps.run("functions and data", () =>
    serve({
      ...{ deployment, accountId, authority, postgres, redis, run },
      publicName: publicName(options.stack),
    }),
  );
  shutdown.before(() => served.stop());
  const url = await firstCalls(deployment, served, steps);
  const product = needs.ffmpeg
    ? await firstVideo({ deployment, served, api: url, run, steps, remove: options.once })
    : undefined;
  if (options.once) {
    await deployment.prove();
    return tearDown({ deployment, served, run, steps });
  }
  await checkPermissions(served, steps);

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
  await deployment.prove();
  steps.line(`${options.stack}: as it was synthesized, nothing is left to do`);
  // lives until a signal
  const look = tellOfFaults(served.permissions, steps);
  shutdown.before(look);
  // A look that fails is followed by another.
  setInterval(() => void look().catch(() => undefined), LOOK);
}

/** Milliseconds between two looks at what roles did. */
const LOOK = 5_000;

/** Gives what tells once of each thing that a role has done without permission. */
function tellOfFaults(permissions: PermissionWatch, steps: Steps): () => Promise<void> {
  const told = new Set<string>();
  return async () => {
    for (const fault of (await permissions.look()).filter((one) => !told.has(one))) {
      told.add(fault);
      steps.line(`AWS would refuse: ${fault}`);
    }
  };
}
