import { join } from "node:path";
import { allEnded } from "@packages/cli-kit/settle-all";
import { type Deployment, deploy, regionOf } from "./deploy";
import { environments } from "../../stacks/environments";
import { type SynthesizedStack, synthesize } from "../lib/synthesize";
import { writeEnvironmentFile } from "./env-file";
import { localFolder } from "@packages/cli-kit/paths";
import type { Moto } from "@packages/embedded-aws/programs/moto";
import { findNeeds, type Needs } from "./prerequisites";
import { checkPermissions, tearDown } from "./tear-down";
import type { PermissionWatch } from "@packages/embedded-aws/permissions/watch";
import type { RunFolder } from "./run-folder";
import { SAMPLE_USER } from "./sample-user";
import { clientConfig } from "@packages/embedded-aws/client";
import { type Functions, runFunctions } from "./functions";
import { closingLines } from "./closing-lines";
import { callHealth, firstCalls } from "./first-calls";
import { firstVideo } from "./first-video";
import { type Served, serve } from "./serve";
import { stopAll } from "./stops";
import { certificateAuthority } from "@packages/embedded-aws/servers/certificates";
import { startEmulator } from "@packages/embedded-aws/servers/emulator";
import { PostgresServers } from "@packages/embedded-aws/servers/postgres-servers";
import { startRedis } from "@packages/embedded-aws/servers/redis";
import type { Shutdown } from "@packages/cli-kit/shutdown";
import type { Steps } from "@packages/cli-kit/progress";

export interface StartOptions {
  /** Name of the synthesized stack. */
  readonly stack: string;
  /** Deploy, call the API, destroy and exit. */
  readonly once: boolean;
  /** Name of the run and of its folder in `.local/`: by default `start`, or `once`. */
  readonly name: string;
  /** Delete the data of earlier runs. */
  readonly fresh: boolean;
}

export interface EmbeddedAws {
  readonly options: StartOptions;
  readonly run: RunFolder;
  readonly steps: Steps;
  readonly shutdown: Shutdown;
}

/** Deploys the stack to the embedded AWS and serves it; with `--once`, destroys it afterwards. Throws on failure. */
export async function embeddedAws(embedded: EmbeddedAws): Promise<void> {
  const { options, run, steps, shutdown } = embedded;
  const accountId = accountOf(options.stack);
  // An invalid setting must not interrupt an installation.
  const [{ needs, servers }, synthesized] = await allEnded([
    findAndStart(embedded, accountId),
    steps.run(
      "synth",
      () => synthesize(options.stack, run.path("cdktf.out")),
      ({ name, sha256 }) => `${name}, cdk.tf.json has SHA-256 ${sha256}`,
    ),
  ]);
  const local = new LocalStack(embedded, { needs, synthesized, accountId, servers });
  shutdown.before(() => local.stop());
  if (options.once) {
    await local.deployAndServe();
    await local.verify();
    return local.tearDown();
  }
  await local.deployOrRepair();
  const look = permissionReporter(() => local.permissions, steps);
  shutdown.before(look);
  // If one check fails, the next one follows.
  setInterval(() => void look().catch(() => undefined), PERMISSION_CHECK_INTERVAL_MS);
  await local.verify();
  // Terraform may have finished normally before the stop signal.
  if (!shutdown.underWay) await local.printClosing();
}

/** What a stack runs on: programs, synthesized files and servers. */
interface Machine {
  readonly needs: Needs;
  readonly synthesized: SynthesizedStack;
  readonly accountId: string;
  readonly servers: Awaited<ReturnType<typeof startServers>>;
}

/** A stack that is deployed to the emulator and served. */
class LocalStack {
  private functions: Functions | undefined;
  private served: Served | undefined;
  private deployment: Deployment | undefined;
  /** URL of the product, once it is served. */
  private product: string | undefined;
  /** URL of the API, once it is served. */
  private api = "";

  constructor(
    private readonly embedded: EmbeddedAws,
    private readonly machine: Machine,
  ) {}

  get permissions(): PermissionWatch | undefined {
    return this.functions?.permissions;
  }

  /** Deploys, serves and calls the synthesized stack. */
  async deployAndServe(): Promise<void> {
    const { options, run, steps, shutdown } = this.embedded;
    const { needs, synthesized, accountId } = this.machine;
    const { emulator, ...servers } = this.machine.servers;
    const aws = clientConfig(emulator.endpoint, regionOf(synthesized));
    // Before Terraform, which invokes one.
    const functions = (this.functions ??= await runFunctions({
      aws,
      accountId,
      authority: servers.authority,
      postgres: servers.postgres,
      redis: servers.redis,
      run,
    }));
    const deployment = await deploy({ synthesized, emulator, toolchain: needs.toolchain, run, steps });
    this.deployment = deployment;
    const served = await serve({ deployment, functions, run, print: (line) => steps.line(line) });
    this.served = served;
    const url = await firstCalls(deployment, served, steps);
    this.api = url;
    const product = needs.ffmpeg
      ? await firstVideo({ deployment, served, api: url, run, steps, remove: options.once })
      : undefined;
    this.product = product;
    if (options.once) return;
    await checkPermissions(functions, steps);
    shutdown.expected = true;
    const { region } = deployment.aws;
    const lines = [
      "",
      ...(product === undefined ? [] : [`product      ${product}`]),
      `API          ${url}`,
      `sign in      ${SAMPLE_USER.email}, ${SAMPLE_USER.password}`,
      `AWS          ${emulator.endpoint} (account ${accountId}, ${region}, ${deployment.resources} resources)`,
      `logs         ${run.logs}`,
      "",
      "Ctrl-C stops it; the next npm start resumes.",
    ];
    lines.forEach((line) => steps.line(line));
  }

  /** Like `deployAndServe`, but applies again if the resumed deployment can't be served. */
  async deployOrRepair(): Promise<void> {
    try {
      await this.deployAndServe();
    } catch (error) {
      if (this.deployment?.resumed !== true || this.embedded.shutdown.underWay) throw error;
      await this.redeploy(`the earlier deployment can't be served (${(error as Error).message})`);
    }
  }

  /** Plans again, and applies differences from the earlier run. */
  async verify(): Promise<void> {
    if ((await this.deployed.verify()) || this.embedded.shutdown.underWay) return;
    await this.redeploy("changed since the earlier run");
    await this.deployed.verify();
  }

  tearDown(): Promise<void> {
    const { steps } = this.embedded;
    const { served, functions } = this;
    if (served === undefined || functions === undefined) throw new Error("the stack is not served yet");
    return tearDown({ deployment: this.deployed, served, functions, steps });
  }

  /** Prints how to deploy again, whether all works, and where to sign in. */
  async printClosing(): Promise<void> {
    const { options, run, steps } = this.embedded;
    const { needs, servers } = this.machine;
    const file = writeEnvironmentFile(
      options.name === "start" ? join(localFolder, "emulator.env") : run.path("emulator.env"),
      {
        endpoint: servers.emulator.endpoint,
        region: this.deployed.aws.region,
        registry: this.served?.registryUrl ?? "",
        product: this.product,
      },
      needs.toolchain,
    );
    steps.line(
      `deploy again set -a; . ${file}; set +a; npx cdktf deploy ${options.stack} --auto-approve --skip-provider-lock`,
    );
    const environment = environmentOf(options.stack);
    const health = await this.health();
    closingLines({ environment, health, product: this.product }).forEach((line) => steps.line(line));
  }

  stop(): Promise<void> {
    return stopAll([async () => this.served?.stop(), async () => this.functions?.stop()]);
  }

  /** What `GET /health` answers; undefined if it does not answer 200. */
  private async health(): Promise<string | undefined> {
    if (this.served === undefined) return undefined;
    const answer = await callHealth(`${this.api}/health`, this.served).catch(() => undefined);
    return answer?.status === 200 ? answer.text : undefined;
  }

  private get deployed(): Deployment {
    if (this.deployment === undefined) throw new Error("the stack is not deployed yet");
    return this.deployment;
  }

  private async redeploy(why: string): Promise<void> {
    const { options, steps } = this.embedded;
    steps.line(`${environmentOf(options.stack)}: ${why}; applying again`);
    const before = this.served;
    this.served = undefined;
    await steps.run("stopping the services", async () => before?.stop());
    await this.deployAndServe();
  }
}

/** Name of a stack's environment, as people type it. */
const environmentOf = (stack: string): string => stack.replace(/^streamflow-/, "");

/** The account in the stack's settings; the emulator uses it before the stack is synthesized. */
function accountOf(stack: string): string {
  const settings = environments.find(({ name }) => `streamflow-${name}` === stack);
  if (settings === undefined) throw new Error(`no environment is synthesized as ${stack}`);
  return settings.account;
}

async function findAndStart(embedded: EmbeddedAws, accountId: string) {
  const needs = await findNeeds(embedded.steps);
  return { needs, servers: await startServers(embedded, { accountId, moto: needs.moto }) };
}

/** Starts the servers that functions and tasks use, in parallel. */
async function startServers(
  { run, steps }: EmbeddedAws,
  { accountId, moto }: { readonly accountId: string; readonly moto: Moto },
) {
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
        PostgresServers.start({ folder: run.path("postgres"), log: run.log("postgres") }),
        startRedis({ log: run.log("redis") }),
        certificateAuthority(join(localFolder, "ca")),
      ]);
      return { emulator, postgres, redis, authority };
    },
    ({ emulator, postgres, redis }) =>
      `AWS account ${accountId} at ${emulator.endpoint}, PostgreSQL on port ${postgres.first.port}` +
      (redis ? `, Redis on port ${redis.port}` : ""),
  );
}

/** Milliseconds between checks of what roles did. */
const PERMISSION_CHECK_INTERVAL_MS = 5_000;

/** Returns a function that prints each action without permission once. */
function permissionReporter(
  permissions: () => PermissionWatch | undefined,
  steps: Steps,
): () => Promise<void> {
  const reported = new Set<string>();
  return async () => {
    for (const fault of ((await permissions()?.look()) ?? []).filter((one) => !reported.has(one))) {
      reported.add(fault);
      steps.line(`AWS would deny: ${fault}`);
    }
  };
}
