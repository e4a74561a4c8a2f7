import { join } from "node:path";
import { allEnded } from "@packages/cli-kit/settle-all";
import { deploy } from "./deploy";
import { synthesize } from "../lib/synthesize";
import { writeEnvironmentFile } from "./env-file";
import { localFolder } from "@packages/cli-kit/paths";
import type { Moto } from "@packages/embedded-aws/programs/moto";
import { findNeeds } from "./prerequisites";
import { checkPermissions, tearDown } from "./tear-down";
import type { PermissionWatch } from "@packages/embedded-aws/permissions/watch";
import type { RunFolder } from "./run-folder";
import { SAMPLE_USER } from "./sample-user";
import { firstCalls } from "./first-calls";
import { firstVideo } from "./first-video";
import { type Served, serve } from "./serve";
import { certificateAuthority } from "@packages/embedded-aws/servers/certificates";
import { startEmulator } from "@packages/embedded-aws/servers/emulator";
import { startPostgres } from "@packages/embedded-aws/servers/postgres";
import { startRedis } from "@packages/embedded-aws/servers/redis";
import type { Shutdown } from "@packages/cli-kit/shutdown";
import type { Steps } from "@packages/cli-kit/progress";

export interface StartOptions {
  /** Name of the synthesized stack. */
  readonly stack: string;
  /** Deploys, calls the API, destroys, ends. */
  readonly once: boolean;
  /** Keeps this run apart from others, in `.local/<name>`: `start`, or `once`. */
  readonly name: string;
  /** Forgets what an earlier run left. */
  readonly fresh: boolean;
}

export interface EmbeddedAws {
  readonly options: StartOptions;
  readonly run: RunFolder;
  readonly steps: Steps;
  readonly shutdown: Shutdown;
}

/** From a checkout to an answering API, and with `--once` back to nothing. Throws where it fails. */
export async function embeddedAws({ options, run, steps, shutdown }: EmbeddedAws): Promise<void> {
  // What is being installed must not be cut off by a mistake in the settings.
  const [needs, synthesized] = await allEnded([
    findNeeds(steps),
    steps.run(
      "synth",
      () => synthesize(options.stack, run.path("cdktf.out")),
      ({ name, sha256 }) => `${name}, cdk.tf.json has SHA-256 ${sha256}`,
    ),
  ]);
  const accountId = synthesized.configuration.provider.aws[0]?.allowed_account_ids?.[0] ?? "123456789012";
  const { emulator, ...servers } = await startServers(accountId, needs.moto, run, steps);

  let served: Served | undefined;
  let takenUp = false;
  shutdown.before(() => served?.stop());
  const bring = async () => {
    const deployment = await deploy({ synthesized, emulator, toolchain: needs.toolchain, run, steps });
    takenUp = deployment.takenUp;
    const now = await steps.run("functions and data", () =>
      serve({ deployment, accountId, ...servers, run }),
    );
    served = now;
    const url = await firstCalls(deployment, now, steps);
    const product = needs.ffmpeg
      ? await firstVideo({ deployment, served: now, api: url, run, steps, remove: options.once })
      : undefined;
    if (options.once) return { deployment, served: now };
    await checkPermissions(now, steps);
    shutdown.expected = true;
    const lines = [
      "",
      ...(product === undefined ? [] : [`product      ${product}`]),
      `API          ${url}`,
      `sign in      ${SAMPLE_USER.email}, ${SAMPLE_USER.password}`,
      `AWS          ${emulator.endpoint} (account ${accountId}, ${deployment.aws.region}, ${deployment.resources} resources)`,
      `logs         ${run.logs}`,
      "",
      "Ctrl-C stops it; the next npm start takes it up again.",
    ];
    lines.forEach((line) => steps.line(line));
    return { deployment, served: now };
  };

  const bringAnew = async (why: string) => {
    steps.line(`${options.stack}: ${why}, so Terraform is asked now`);
    const before = served;
    served = undefined;
    await steps.run("stopping what was served", async () => before?.stop());
    return bring();
  };

  let brought = await bring().catch((error: Error) => {
    if (!takenUp || shutdown.underWay) throw error;
    return bringAnew(`what an earlier run applied can't be served (${error.message})`);
  });
  if (!options.once) {
    const look = tellOfFaults(() => served?.permissions, steps);
    shutdown.before(look);
    // A look that fails is followed by another.
    setInterval(() => void look().catch(() => undefined), LOOK);
  }
  if (!(await brought.deployment.prove()) && !shutdown.underWay) {
    brought = await bringAnew("not as an earlier run applied it any more");
    await brought.deployment.prove();
  }
  if (options.once) return tearDown({ ...brought, run, steps });
  // Terraform may have ended well before it was told to stop.
  if (shutdown.underWay) return;
  const file = writeEnvironmentFile(
    options.name === "start" ? join(localFolder, "emulator.env") : run.path("emulator.env"),
    {
      endpoint: emulator.endpoint,
      region: brought.deployment.aws.region,
      lambda: brought.served.lambda.endpoint,
    },
    needs.toolchain,
  );
  steps.line(
    `deploy again set -a; . ${file}; set +a; npx cdktf deploy ${options.stack} --auto-approve --skip-provider-lock`,
  );
  steps.line(`${options.stack}: as it was synthesized, nothing is left to do`);
}

/** What stands behind the functions and tasks, started together. */
async function startServers(accountId: string, moto: Moto, run: RunFolder, steps: Steps) {
  return steps.run(
    "servers",
    async () => {
      const [emulator, postgres, redis, authority] = await Promise.all([
        startEmulator({
          accountId,
          moto,
          port: await run.port("emulator"),
          stateFile: run.path("emulator.state"),
          log: run.log("emulator"),
        }),
        startPostgres({ folder: run.path("postgres"), log: run.log("postgres") }),
        startRedis({ log: run.log("redis") }),
        certificateAuthority(join(localFolder, "ca")),
      ]);
      return { emulator, postgres, redis, authority };
    },
    ({ emulator, postgres, redis }) =>
      `AWS account ${accountId} at ${emulator.endpoint}, PostgreSQL on port ${postgres.port}` +
      (redis ? `, Redis on port ${redis.port}` : ""),
  );
}

/** Milliseconds between two looks at what roles did. */
const LOOK = 5_000;

/** Gives what tells once of each thing that a role has done without permission, while something is served. */
function tellOfFaults(permissions: () => PermissionWatch | undefined, steps: Steps): () => Promise<void> {
  const told = new Set<string>();
  return async () => {
    for (const fault of ((await permissions()?.look()) ?? []).filter((one) => !told.has(one))) {
      told.add(fault);
      steps.line(`AWS would refuse: ${fault}`);
    }
  };
}
