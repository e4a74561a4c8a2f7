import { join } from "node:path";
import { logFile, projectFolder } from "@packages/cli-kit/paths";
import { type Moto, motoPython } from "../programs/moto";
import { untilReady } from "./health";
import { freePort, loopback } from "./ports";
import { startProcess } from "@packages/cli-kit/process";

export interface EmulatorOptions {
  /** Emulated AWS account, 12 digits. */
  readonly accountId: string;
  /** File from which the state is loaded at start, if it exists, and to which it is saved at the end. */
  readonly stateFile?: string;
  /**
   * Port; a saved state needs its original port, which queue URLs contain.
   * @default a free port
   */
  readonly port?: number;
  /**
   * Log file.
   * @default .local/logs/emulator.log
   */
  readonly log?: string;
  /**
   * Python with moto.
   * @default found or installed
   */
  readonly moto?: Moto;
}

export interface Emulator {
  /** Value of AWS_ENDPOINT_URL: `http://127.0.0.1:<port>`. */
  readonly endpoint: string;
  readonly port: number;
  readonly accountId: string;
  /** Saves the state, if it has a file, and stops. */
  stop(): Promise<void>;
}

/** Environment without this machine's AWS settings. */
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

/** Starts moto with the overlay. Throws if it is not ready after 60 s. */
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
