import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { CommandContext } from "@packages/cli-kit/command";
import { localFolder, projectFolder } from "@packages/cli-kit/paths";
import { type RunningProcess, startProcess } from "@packages/cli-kit/process";
import { until } from "@packages/cli-kit/wait-until";
import { clip } from "../../harness/clips";
import { ProcessTree } from "../../harness/process-tree";
import { SAMPLE_USER } from "../start/sample-user";
import { Ledger } from "./ledger";
import { Load } from "./load";
import { memoryLines, type MemorySamples, type ProgramMemory } from "./memory";

const NAME = "soak";
interface Outage {
  readonly name: string;
  /** Names of its processes. */
  readonly processes: RegExp;
  /** SIGKILL goes to the first process only, SIGSTOP to all, which continue after `OUTAGE_SECONDS`. */
  readonly signal: "SIGSTOP" | "SIGKILL";
}

/**
 * What happens once each. `npm start` does not start a server again that has ended, so that only what starts again by its own
 * means is killed: PostgreSQL ends all its processes and recovers if one is killed, and the service replaces its task.
 */
const OUTAGES: readonly Outage[] = [
  { name: "PostgreSQL", processes: /^postgres/, signal: "SIGSTOP" },
  { name: "Redis", processes: /^redis-server/, signal: "SIGSTOP" },
  { name: "embedded AWS", processes: /^python3?/, signal: "SIGSTOP" },
  { name: "a process of PostgreSQL", processes: /^postgres:/, signal: "SIGKILL" },
  { name: "a processor", processes: /^node index\.js/, signal: "SIGKILL" },
];
const OUTAGE_SECONDS = 20;
const SAMPLE_SECONDS = 15;
const SETTLED_TIMEOUT_SECONDS = 1_800;

/** Uses the local product for some minutes; prints what was answered, and returns 1 if something was wrong. */
export async function soakProduct(
  { minutes }: { readonly minutes: number },
  { print }: CommandContext,
): Promise<0 | 1> {
  const product = await startProduct(print);
  const tree = ProcessTree.watch(product.process.pid);
  const ledger = new Ledger();
  try {
    const stop = AbortSignal.timeout(minutes * 60_000);
    const token = tokens(product.url);
    await token();
    const body = clip({ size: "320x180", seconds: 2 });
    const load = new Load({ url: product.url, token, clip: body, ledger, stop });
    const [, , memory] = await Promise.all([
      load.run(),
      takeAway(tree, { minutes, print }),
      memoryUntil(tree, stop),
    ]);
    await checkKept(load, ledger);
    for (const line of ledger.summary()) print(line);
    for (const line of memoryLines(memory, ledger)) print(line);
  } catch (error) {
    if (product.process.ending() === undefined) throw error;
    throw new Error(`npm start ended:\n${product.output()}`, { cause: error });
  } finally {
    tree.stop();
    await product.process.stop();
  }
  for (const fault of ledger.faults) print(`WRONG: ${fault}`);
  print(`${ledger.kept().length} kept, ${ledger.gone().length} deleted, ${ledger.faultCount} faults`);
  return ledger.faults.length === 0 ? 0 : 1;
}

interface Product {
  readonly process: RunningProcess;
  readonly url: string;
  /** What `npm start` has printed so far. */
  output(): string;
}

async function startProduct(print: (line: string) => void): Promise<Product> {
  mkdirSync(localFolder, { recursive: true });
  const process_ = await startProcess({
    name: "npm start",
    command: process.execPath,
    args: ["--import", "tsx", "commands.ts", "start", "--fresh", "--name", NAME],
    cwd: projectFolder,
    mergeOutput: true,
    stopSignal: "SIGINT",
    grace: 120_000,
  });
  let output = "";
  process_.stdout?.on("data", (text: Buffer) => (output += text.toString()));
  await until(
    "the product serves",
    () => {
      if (process_.ending() !== undefined) throw new Error(`npm start ended:\n${output}`);
      return output.includes("Ctrl-C stops it");
    },
    { details: () => output },
  );
  const [, url = ""] = /^product +(http\S+)$/m.exec(output) ?? [];
  print(`${url} serves; files are in ${join(localFolder, NAME)}`);
  return { process: process_, url, output: () => output };
}

/** Milliseconds for which a token is used; it is valid for an hour. */
const TOKEN_MS = 45 * 60_000;

/** Gives identity tokens of the sample creator, a new one before the last has expired. */
function tokens(url: string): () => Promise<string> {
  let [last, until] = ["", -Infinity];
  return async () => {
    if (performance.now() > until) [last, until] = [await signIn(url), performance.now() + TOKEN_MS];
    return last;
  };
}

/** Signs the sample creator in, as the console does; returns the identity token. */
async function signIn(url: string): Promise<string> {
  const config = (await (await fetch(`${url}/static/config.json`)).json()) as {
    readonly userPoolClientId: string;
    readonly userPoolApi: string;
  };
  const response = await fetch(config.userPoolApi, {
    method: "POST",
    headers: {
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": "AWSCognitoIdentityProviderService.InitiateAuth",
    },
    body: JSON.stringify({
      ClientId: config.userPoolClientId,
      AuthFlow: "USER_PASSWORD_AUTH",
      AuthParameters: { USERNAME: SAMPLE_USER.email, PASSWORD: SAMPLE_USER.password },
    }),
  });
  const text = await response.text();
  const { AuthenticationResult: result } = JSON.parse(text) as {
    readonly AuthenticationResult?: { readonly IdToken: string };
  };
  if (result === undefined) throw new Error(`the user pool returned no token: ${text.slice(0, 300)}`);
  return result.IdToken;
}

/** Lets each outage happen, at equal distances within the time. */
async function takeAway(
  tree: ProcessTree,
  { minutes, print }: { readonly minutes: number; readonly print: (line: string) => void },
): Promise<void> {
  const distance = (minutes * 60_000) / (OUTAGES.length + 1);
  for (const { name, processes, signal: sent } of OUTAGES) {
    const stopped = sent === "SIGSTOP";
    await sleep(stopped ? distance - OUTAGE_SECONDS * 1_000 : distance);
    const pids = tree
      .processes()
      .filter((one) => processes.test(one.name))
      .map(({ pid }) => pid);
    if (pids.length === 0) throw new Error(`no process of ${name} runs`);
    for (const pid of stopped ? pids : pids.slice(0, 1)) signal(pid, sent);
    print(stopped ? `${name} is away for ${OUTAGE_SECONDS} s` : `${name} was killed`);
    if (!stopped) continue;
    try {
      await sleep(OUTAGE_SECONDS * 1_000);
    } finally {
      for (const pid of pids) signal(pid, "SIGCONT");
    }
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended.
  }
}

/** Memory of each program, at equal distances of time. */
async function memoryUntil(tree: ProcessTree, stop: AbortSignal): Promise<MemorySamples> {
  const samples: Map<string, ProgramMemory>[] = [];
  while (!stop.aborted) {
    await sleep(SAMPLE_SECONDS * 1_000, undefined, { signal: stop }).catch(() => undefined);
    const now = new Map<string, ProgramMemory>();
    for (const { name, memoryMiB } of tree.processes()) {
      const { processes, largestMiB } = now.get(name) ?? { processes: 0, largestMiB: 0 };
      now.set(name, { processes: processes + 1, largestMiB: Math.max(largestMiB, memoryMiB) });
    }
    samples.push(now);
  }
  return samples;
}

/** Waits until every complete upload has been processed, and looks for everything that was accepted. */
async function checkKept(load: Load, ledger: Ledger): Promise<void> {
  for (const id of ledger.kept({ completed: true })) {
    let last = "";
    await until(
      `${id} is processed`,
      async () => {
        const { status, media } = await load.statusOf(id);
        last = media ?? String(status);
        return last === "ready" || last === "failed" || last === "404";
      },
      { timeoutSeconds: SETTLED_TIMEOUT_SECONDS },
    ).catch((error: Error) => ledger.fault(error.message));
    if (last !== "ready") ledger.fault(`${id} was uploaded and is ${last}`);
  }
  for (const id of ledger.kept()) {
    if ((await settled(load, id)) !== 200) ledger.fault(`${id} was accepted and is lost`);
  }
  for (const id of ledger.gone()) {
    if ((await settled(load, id)) !== 404) ledger.fault(`${id} was deleted and is still there`);
  }
}

/** The HTTP status of a media, as soon as the API answers. */
async function settled(load: Load, id: string): Promise<number> {
  let last = 0;
  await until(`the API answers for ${id}`, async () => {
    last = (await load.statusOf(id)).status;
    return last === 200 || last === 404;
  });
  return last;
}
