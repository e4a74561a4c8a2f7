import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Bench, Benchmark, Comparison, Measured } from "../case";
import { startGetPlatform } from "../get-media/platform";
import { type Calls, type GetServer, startBare, startHandler } from "../get-media/servers";
import { until } from "@packages/cli-kit/wait-until";
import { percentile } from "../statistics";
import { type Take, takeTurns } from "../turns";

/** Responses per turn, and concurrent HTTP connections. */
const REQUESTS = { http: 8_000, calls: 3_000, uncachedHttp: 3_000, uncachedCalls: 1_500 };
const CONNECTIONS = 8;

const VARIANTS = ["handler, cached", "handler, uncached", "HTTP, cached", "HTTP, uncached"] as const;
type Way = (typeof VARIANTS)[number];
const bare = (way: Way): string => `bare ${way}`;

const RATE_LIMIT =
  "a CPU profile shows that the write that wakes Redis is half of a cached response. The bare handler writes again before " +
  "Redis sleeps, so its write costs a third; with the same computation between calls it costs the same. Half of the " +
  "rest is the log line";
const P99_LIMIT =
  "a heap profile shows that V8 allocates rows in the old generation (allocation-site pretenuring), where dead rows keep " +
  "young ones alive: a young collection copies several times what it copies for the bare handler. NODE_OPTIONS has no " +
  "option against it, and a larger semi-space only makes collections rarer";

const comparisons = VARIANTS.flatMap((way): Comparison[] => [
  { of: way, than: bare(way), figure: "rate", unit: "requests/s", goal: { atLeast: 0.7 }, limit: RATE_LIMIT },
  { of: way, than: bare(way), figure: "p99", unit: "ms", goal: { atMost: 1.5 }, limit: P99_LIMIT },
  { of: way, than: bare(way), figure: "cpu", unit: "CPU-µs" },
]);

/** `GET /media`, compared with the minimum that could answer it. */
export const benchmark: Benchmark = {
  name: "get-media",
  about:
    "GET /media, warm, from the cache and from PostgreSQL, by Lambda handler calls and by HTTP, " +
    "compared with bare node:http with the same Redis GET or the same query",
  comparisons,
  measure,
};

async function measure(bench: Bench): Promise<Measured> {
  const baseline = await bench.baseline("get-media");
  const platform = await startGetPlatform();
  const ours = await startHandler(platform, bench.folder);
  const bareServer = await startBare(platform, { baseline, folder: bench.folder });
  try {
    await until("the function has cached a page", async () => {
      await ours.calls({ count: 1, cached: true });
      return platform.keepPage();
    });
    const later = `/media?cursor=${platform.cursor}`;
    const takes = VARIANTS.map((way) => ({
      [way]: takeOf(way, ours, later),
      [bare(way)]: takeOf(way, bareServer, later),
    }));
    return await takeTurns(bench, Object.assign({}, ...takes) as Record<string, Take>);
  } finally {
    await ours.stop();
    await bareServer.stop();
    await platform.stop();
  }
}

function takeOf(way: Way, server: GetServer, later: string): Take {
  const takes: Record<Way, () => Promise<Asked>> = {
    "handler, cached": () => timeCalls(server, { count: REQUESTS.calls, cached: true }),
    "handler, uncached": () => timeCalls(server, { count: REQUESTS.uncachedCalls, cached: false }),
    "HTTP, cached": () => asked(server, "/media", REQUESTS.http),
    "HTTP, uncached": () => asked(server, later, REQUESTS.uncachedHttp),
  };
  return async () => {
    const before = await server.cpu();
    const { seconds, latencies } = await takes[way]();
    const cpu = ((await server.cpu()) - before) / latencies.length;
    return { rate: latencies.length / seconds, p99: percentile(latencies, 0.99), cpu };
  };
}

interface Asked {
  readonly seconds: number;
  /** Latency of each response in milliseconds. */
  readonly latencies: readonly number[];
}

async function timeCalls(server: GetServer, calls: Calls): Promise<Asked> {
  const began = performance.now();
  const latencies = await server.calls(calls);
  return { seconds: (performance.now() - began) / 1_000, latencies };
}

async function asked({ port }: GetServer, path: string, requests: number): Promise<Asked> {
  const args = [join(__dirname, "../get-media/load.cjs"), port, path, CONNECTIONS, requests].map(String);
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 1 << 26 });
  return JSON.parse(stdout) as Asked;
}
