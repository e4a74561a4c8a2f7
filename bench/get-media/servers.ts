import { type ChildProcess, fork } from "node:child_process";
import { openSync } from "node:fs";
import { join } from "node:path";
import type { MediaEnvironment } from "../../handlers/media";
import { bundleFunction } from "../../stacks/constructs/compute/program-files";
import { host, keys, region } from "../../harness/database";
import { heapFlags } from "@packages/embedded-aws/lambda/heap-flags";
import { environments } from "../../stacks/environments";
import { type GetPlatform, KEPT_KEYS } from "./platform";

export interface Calls {
  readonly count: number;
  /** Responses come from the cache. */
  readonly cached: boolean;
}

/** A process that serves `GET /media` by HTTP and by calls. */
export interface GetServer {
  readonly port: number;
  /** Latencies in milliseconds of sequential calls without HTTP. */
  calls(calls: Calls): Promise<number[]>;
  /** CPU time in microseconds. */
  cpu(): Promise<number>;
  stop(): Promise<void>;
}

/** Memory of the smallest deployed media function; both servers get Lambda's heap for it. */
const MEMORY_MB = Math.min(...environments.map(({ media }) => media.memory));

/** An unsampled trace, as most are. */
const TRACE = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=0";

/** The media function from the deployed zip. */
export async function startHandler(platform: GetPlatform, folder: string): Promise<GetServer> {
  const { database, redisPort, cursor } = platform;
  const [file = ""] = bundleFunction("media", folder);
  const environment: MediaEnvironment = {
    ENVIRONMENT: "bench",
    LOG_LEVEL: "INFO",
    NODE_EXTRA_CA_CERTS: database.caFile,
    DATABASE_HOST: host,
    DATABASE_PORT: String(database.port),
    DATABASE_NAME: database.name,
    DATABASE_USER: "media",
    CACHE_HOST: host,
    CACHE_PORT: String(redisPort),
    CACHE_NAME: "bench",
    UPLOADS_BUCKET: "uploads",
    STREAMS_BUCKET: "streams",
    QUEUE_URL: "http://127.0.0.1:1/queue",
    QUOTA_VIDEOS: "100000",
    QUOTA_BYTES: "999999999999999",
    QUOTA_MINUTES: "1000000",
    PUBLIC_URL: "https://streamflow.example",
    PLAYBACK_KEYS_SECRET_ARN: "none",
  };
  return startServer({
    module: join(__dirname, "handler.cjs"),
    log: join(folder, "handler.log"),
    env: {
      HANDLER_FILE: file,
      cursor,
      LAMBDA_TASK_ROOT: folder,
      _X_AMZN_TRACE_ID: TRACE,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: keys.accessKeyId,
      AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
      AWS_SESSION_TOKEN: keys.sessionToken,
      ...environment,
    },
  });
}

/** The baseline with the same cache and query. */
export async function startBare(
  platform: GetPlatform,
  { baseline, folder }: { readonly baseline: string; readonly folder: string },
): Promise<GetServer> {
  const { database, redisPort, query } = platform;
  const { port, database: name, user, password } = database.connection;
  const login = { host, port, database: name, user, password };
  const options = { host, redisPort, keys: KEPT_KEYS, database: login, query, caFile: database.caFile };
  return startServer({
    module: join(baseline, "bare.js"),
    log: join(folder, "bare.log"),
    env: { BARE: JSON.stringify(options) },
  });
}

interface ServerProcess {
  /** Module for server.cjs. */
  readonly module: string;
  readonly log: string;
  readonly env: Record<string, string>;
}

async function startServer({ module: file, log, env }: ServerProcess): Promise<GetServer> {
  const output = openSync(log, "w");
  const child = fork(join(__dirname, "server.cjs"), [file], {
    env: { PATH: process.env.PATH, ...env },
    execArgv: heapFlags(MEMORY_MB),
    stdio: ["ignore", output, output, "ipc"],
  });
  const ended = new Promise<never>((_, reject) => {
    child.once("exit", (code) => reject(new Error(`${file} ended with exit code ${code}: see ${log}`)));
  });
  ended.catch(() => undefined);
  const reply = <Reply>(): Promise<Reply> => Promise.race([ended, next<Reply>(child)]);
  const ask = <Reply>(question: object): Promise<Reply> => {
    child.send(question);
    return reply();
  };
  const { port } = await reply<{ port: number }>();
  return {
    port,
    async calls({ count, cached }) {
      const { latencies, error } = await ask<{ latencies?: number[]; error?: string }>({
        calls: count,
        cached,
      });
      if (latencies === undefined) throw new Error(error);
      return latencies;
    },
    cpu: async () => (await ask<{ cpu: number }>({ cpu: true })).cpu,
    async stop() {
      child.disconnect();
      await ended.catch(() => undefined);
    },
  };
}

function next<Reply>(child: ChildProcess): Promise<Reply> {
  return new Promise((resolve) => child.once("message", (message) => resolve(message as Reply)));
}
