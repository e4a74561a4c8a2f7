import { join } from "node:path";
import { logFile, projectFolder } from "@packages/cli-kit/paths";
import { type Moto, motoPython } from "../programs/moto";
import { untilReady } from "./health";
import { freePort, loopback } from "./ports";
import { startProcess } from "@packages/cli-kit/process";

export interface EmulatorOptions {
  /** The AWS account that it stands for, 12 digits. */
  readonly accountId: string;
  /** Its state is read from there at the start, when the file exists, and written there at the end. */
  readonly stateFile?: string;
  /** A free one by default. Queue URLs hold it, so a kept state needs the port that it was made with. */
  readonly port?: number;
  /** The log file: `.local/logs/emulator.log` by default. */
  readonly log?: string;
  /** The Python to run; found, or made, when not given. */
  readonly moto?: Moto;
}

export interface Emulator {
  /** `http://127.0.0.1:<port>`: what AWS_ENDPOINT_URL is set to. */
  readonly endpoint: string;
  readonly port: number;
  readonly accountId: string;
  /** Writes the state, when it is kept, and ends. */
  stop(): Promise<void>;
}

/** This machine's AWS settings are not the emulator's business. */
function environment(accountId: string): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^(AWS|MOTO|PYTHONPATH)/.test(name));
  return {
    ...Object.fromEntries(own),
    PYTHONPATH: join(projectFolder, "packages/embedded-aws"),
    PYTHONUNBUFFERED: "1",
    MOTO_ACCOUNT_ID: accountId,
    MOTO_IAM_LOAD_MANAGED_POLICIES: "true",
    MOTO_ACM_VALIDATION_WAIT: "1",
  };
}

async function answers(endpoint: string): Promise<boolean> {
  const response = await fetch(`${endpoint}/moto-api/`).catch(() => undefined);
  return response?.ok === true;
}

/** Starts moto with the project's overlay. Throws when it is not ready after 60 s. */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  const { accountId, stateFile, log = logFile("emulator") } = options;
  const port = options.port ?? (await freePort());
  const { python } = options.moto ?? (await motoPython());
  const state = stateFile === undefined ? [] : ["--state-file", stateFile];
  const server = await startProcess({
    name: "the emulator",
    command: python,
    args: ["-m", "overlay", "--host", loopback, "--port", String(port), ...state],
    env: environment(accountId),
    log,
    grace: 20_000,
  });
  const endpoint = `http://${loopback}:${port}`;
  await untilReady(server, () => answers(endpoint), { log, timeout: 60_000 });
  return { endpoint, port, accountId, stop: () => server.stop() };
}
