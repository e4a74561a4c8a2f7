import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Bench, Benchmark, Measured, Sample } from "../case";
import { type BuiltFunction, empty, media, naive } from "../lambda/functions";
import { type Take, takeTurns } from "../turns";

/** Process starts per turn and function; the fastest counts, because other load only adds time. */
const STARTS = 5;

const INIT = "the first request needs pg, ioredis, X-Ray's SDK and Node.js modules, above all TLS";

/** Start and size of the media function. */
export const benchmark: Benchmark = {
  name: "lambda",
  about:
    "size, start, first response and memory of the media function, compared with an empty handler and with the same " +
    "routes built on the complete AWS SDK, zod and Hono",
  comparisons: [
    { of: "media", figure: "bundle", unit: "KB", goal: { atMost: 400 } },
    { of: "media", figure: "zip", unit: "KB", goal: { atMost: 130 } },
    { of: "media", than: "naive", figure: "bundle", unit: "KB" },
    { of: "media", than: "naive", figure: "zip", unit: "KB" },
    { of: "media", than: "empty", figure: "init", unit: "ms", goal: { atMost: 2 }, limit: INIT },
    { of: "media", than: "naive", figure: "init", unit: "ms", goal: { atMost: 0.5 } },
    { of: "media", than: "empty", figure: "cpu", unit: "CPU-ms" },
    { of: "media", than: "naive", figure: "cpu", unit: "CPU-ms" },
    { of: "media", than: "naive", figure: "first", unit: "ms" },
    { of: "media", than: "empty", figure: "rss" },
    { of: "media", than: "naive", figure: "rss" },
  ],
  measure,
};

async function measure(bench: Bench): Promise<Measured> {
  const baseline = await bench.baseline("lambda");
  return takeTurns(bench, {
    media: started(media(join(bench.folder, "media"))),
    empty: started(empty(join(bench.folder, "empty"))),
    naive: started(await naive({ baseline, folder: join(bench.folder, "naive") })),
  });
}

/** Environment of both functions; nothing listens there. */
const VARIABLES = {
  ENVIRONMENT: "bench",
  LOG_LEVEL: "INFO",
  NODE_EXTRA_CA_CERTS: "/dev/null",
  PUBLIC_URL: "https://a.example",
  DATABASE_HOST: "localhost",
  DATABASE_PORT: "9",
  DATABASE_NAME: "a",
  DATABASE_USER: "media",
  CACHE_HOST: "localhost",
  CACHE_PORT: "9",
  CACHE_NAME: "a",
  CACHE_USER: "media",
  UPLOADS_BUCKET: "a",
  STREAMS_BUCKET: "b",
  QUEUE_URL: "http://127.0.0.1:1/queue",
  QUOTA_VIDEOS: "100000",
  QUOTA_BYTES: "999999999999999",
  QUOTA_MINUTES: "1000000",
  PLAYBACK_KEYS_SECRET_ARN: "a",
  AWS_REGION: "us-east-1",
  AWS_ACCESS_KEY_ID: "a",
  AWS_SECRET_ACCESS_KEY: "b",
  _X_AMZN_TRACE_ID: "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=0",
};

function started({ folder, bundle, zip }: BuiltFunction): Take {
  return async () => {
    const all: Sample[] = [];
    for (let count = 0; count < STARTS; count++) all.push(await start(folder));
    const least = (figure: string): number => Math.min(...all.map((sample) => sample[figure] ?? NaN));
    return { init: least("init"), cpu: least("cpu"), first: least("first"), rss: least("rss"), bundle, zip };
  };
}

async function start(folder: string): Promise<Sample> {
  const env = { PATH: process.env.PATH, LAMBDA_TASK_ROOT: folder, ...VARIABLES };
  const script = join(__dirname, "../lambda/load.cjs");
  const { stderr } = await promisify(execFile)(process.execPath, [script, folder], { env });
  const [line = ""] = /\{"init".*\}/.exec(stderr) ?? [];
  return JSON.parse(line) as Sample;
}
