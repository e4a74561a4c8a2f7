import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { until } from "../../../packages/cli-kit/wait-until";

const project = resolve(__dirname, "../../..");
const name = `signals-${process.pid}`;
const folder = resolve(project, ".local", name);
const logs = resolve(project, ".local/logs", name);

interface Run {
  readonly npm: ChildProcess;
  readonly mark: string;
  readonly output: () => string;
  readonly ended: Promise<number | null>;
}

function npmStart(): Run {
  const mark = randomUUID();
  const npm = spawn("npm", ["start", "--", "--once", "--name", name], {
    cwd: project,
    env: { ...process.env, STREAMFLOW_MARK: mark },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  for (const stream of [npm.stdout, npm.stderr])
    stream.on("data", (chunk: Buffer) => (text += chunk.toString()));
  const ended = new Promise<number | null>((done) => npm.once("close", (code) => done(code)));
  return { npm, mark, output: () => text, ended };
}

function read(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8").replaceAll("\0", " ");
  } catch {
    return "";
  }
}

/** Every process of the run: found by its environment, or by the run's folder in its arguments. */
function processes({ mark }: Run): string[] {
  const pids = readdirSync("/proc").filter((entry) => /^\d+$/.test(entry));
  return pids
    .filter((pid) => read(pid, "environ").includes(mark) || read(pid, "cmdline").includes(`${folder}/`))
    .map((pid) => `${pid} ${read(pid, "cmdline")}`);
}

function untilNoProcessIsLeft(run: Run): Promise<void> {
  return until("no process is left", () => processes(run).length === 0, {
    details: () => processes(run).join("\n"),
  });
}

const says = (text: string) => (run: Run) => run.output().includes(text);
/** Terraform applies the foundation first. */
const applies = () =>
  /"type":"apply_start"/.test(
    existsSync(`${logs}/foundation.log`) ? readFileSync(`${logs}/foundation.log`, "utf8") : "",
  );

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  rmSync(logs, { recursive: true, force: true });
});

// These checks read /proc.
const onLinux = process.platform === "linux" ? describe : describe.skip;

onLinux("npm start", () => {
  it.each<[NodeJS.Signals, string, (run: Run) => boolean]>([
    ["SIGTERM", "finding what it needs", says("Terraform: ")],
    ["SIGINT", "synthesizing", says("Redis: ")],
    ["SIGTERM", "starting servers", says("synth: ")],
    ["SIGINT", "initializing Terraform", says("servers: ")],
    ["SIGTERM", "applying", applies],
    ["SIGINT", "applying", applies],
  ])("leaves no process behind after %s while %s", async (signal, _, reached) => {
    rmSync(logs, { recursive: true, force: true });
    const run = npmStart();
    await until("it has come so far", () => reached(run), { details: run.output });
    run.npm.kill(signal);
    const code = await run.ended;
    expect(run.output()).toContain(`${signal}: stopping`);
    expect(code).not.toBe(0);
    await untilNoProcessIsLeft(run);
  });

  it("leaves no process behind when it is killed itself", async () => {
    rmSync(logs, { recursive: true, force: true });
    const run = npmStart();
    await until("Terraform applies", applies, { details: run.output });
    process.kill(Number(readFileSync(`${folder}.lock`, "utf8")), "SIGKILL");
    await run.ended;
    await untilNoProcessIsLeft(run);
  });

  it("exits immediately after a second signal", async () => {
    rmSync(logs, { recursive: true, force: true });
    const run = npmStart();
    await until("Terraform applies", applies, { details: run.output });
    // A stopped process can't shut down.
    const terraform = processes(run).find((line) => /^\d+ \S*terraform\S* apply/.test(line));
    expect(terraform).toBeDefined();
    process.kill(Number(terraform?.split(" ")[0]), "SIGSTOP");
    run.npm.kill("SIGTERM");
    await until("it stops", () => says("SIGTERM: stopping")(run), { details: run.output });
    // A signal within a second of the first is taken for the first, which npm has passed on.
    await sleep(1_200);
    run.npm.kill("SIGTERM");
    await run.ended;
    await untilNoProcessIsLeft(run);
  });
});
