import { join } from "node:path";
import type { ProcessorEnvironment } from "../handlers/processor";
import { NODE_MAJOR } from "../stacks/constructs/compute/function-code";
import { nodeOfMajor } from "@packages/embedded-aws/programs/node";
import { bundleProcessor } from "../stacks/constructs/compute/program-files";
import { freePort } from "@packages/embedded-aws/servers/ports";
import { type RunningProcess, startProcess } from "@packages/cli-kit/process";
import { host, keys, region } from "./database";
import { type Processing, streams, uploads } from "./processing";
import { until } from "@packages/cli-kit/wait-until";

export interface ProcessorRun {
  readonly process: RunningProcess;
  readonly port: number;
  readonly workFolder: string;
  /** JSON lines of its log. */
  lines(): Record<string, unknown>[];
  output(): string;
}

export interface ProcessorOptions {
  readonly name: string;
  /**
   * S3 endpoint.
   * @default the emulator
   */
  readonly s3Endpoint?: string;
  /** Command prefix for Node.js: `["taskset", "-c", "0"]`. */
  readonly by?: readonly string[];
  /**
   * The whole command.
   * @default Node.js with the bundle
   */
  readonly command?: readonly string[];
  /** Additional environment variables. */
  readonly environment?: Partial<ProcessorEnvironment> & Record<string, string>;
}

/** Starts the processor like its image: the bundle with Node.js. */
export async function startProcessor(
  { database, cache, emulator, queueUrl }: Processing,
  { name, s3Endpoint = emulator.endpoint, by = [], command: own, environment: more = {} }: ProcessorOptions,
): Promise<ProcessorRun> {
  const folder = join(database.folder, name);
  bundleProcessor(folder);
  const port = await freePort();
  const workFolder = more.WORK_FOLDER ?? join(folder, "work");
  const node = await nodeOfMajor(NODE_MAJOR);
  const [command = node, ...args] = own ?? [...by, node, "index.js"];
  let output = "";
  const running = await startProcess({
    name,
    command,
    args,
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: keys.accessKeyId,
      AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
      AWS_SESSION_TOKEN: keys.sessionToken,
      AWS_ENDPOINT_URL_SQS: emulator.endpoint,
      AWS_ENDPOINT_URL_S3: s3Endpoint,
      PORT: String(port),
      KEEP_ALIVE_SECONDS: "130",
      WORK_FOLDER: workFolder,
      MEMORY_MIB: "1024",
      ...environmentOf({ database, cache, queueUrl }),
      ...more,
    },
    mergeOutput: true,
    grace: 20_000,
  });
  running.stdout?.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const lines = (): Record<string, unknown>[] =>
    output
      .split("\n")
      .flatMap((line) => (line.startsWith("{") ? [JSON.parse(line) as Record<string, unknown>] : []));
  await until("the processor started", () => {
    if (running.ending()) throw new Error(`the processor ended:\n${output}`);
    return lines().some(({ message }) => message === "started");
  });
  return { process: running, port, workFolder, lines, output: () => output };
}

/** Environment from the task definition. */
function environmentOf({
  database,
  cache,
  queueUrl,
}: Pick<Processing, "database" | "cache" | "queueUrl">): ProcessorEnvironment {
  return {
    ENVIRONMENT: "test",
    LOG_LEVEL: "INFO",
    NODE_EXTRA_CA_CERTS: database.caFile,
    DATABASE_HOST: host,
    DATABASE_PORT: String(database.port),
    DATABASE_NAME: database.name,
    DATABASE_USER: "processor",
    ...cache.variables("processor"),
    QUEUE_URL: queueUrl,
    MAX_RECEIVES: "3",
    UPLOADS_BUCKET: uploads,
    STREAMS_BUCKET: streams,
    X264_PRESET: "ultrafast",
    LEASE_SECONDS: "4",
    POLL_SECONDS: "1",
    CONCURRENCY: "1",
  };
}
