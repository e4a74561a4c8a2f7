import type { Item } from "./cost";
import type { Design } from "./design";
import { ASSUMED, loadOfVideo, type VideoLoad } from "./load";
import { HOURS_PER_MONTH, PRICES, type Tiers, USAGE_PRICES, type UsagePrices } from "./prices";

const GB = 2 ** 30;
const DAYS = 30;

/** Item names used by the benchmarks. */
export const TRAFFIC = "traffic to viewers";
export const EDGE_REQUESTS = "requests from viewers";
const BACKUP = "AWS Backup of videos";

/**
 * Monthly bill in US dollars for a number of new videos per month, in the last month of `ASSUMED.kept`: idle cost plus
 * usage. It includes as many tasks as the videos need, even above the design's maximum: see `tasksFor`.
 */
export function usageCost(design: Design, videos: number, prices: UsagePrices = USAGE_PRICES): Item[] {
  const pay = (quantity: number, price: keyof UsagePrices): number => tiered(quantity, prices[price]);
  const one = loadOfVideo(design.extras);
  const { apiCalls, edgeRequests } = one;
  const calls = videos * apiCalls;
  const seconds = (calls * ASSUMED.call * design.function.memoryMiB) / 1_024;
  const logged = calls * (1 + design.logLines) * ASSUMED.logLine;
  const inspected = (design.inspected.api ? apiCalls : 0) + (design.inspected.edge ? edgeRequests : 0);
  const rows = (videos * ASSUMED.kept * ASSUMED.row) / GB - design.database.storageGiB;
  const stored = storageOf(design, videos);
  const backedUp =
    (design.backups.sources ? stored.sources : 0) + (design.backups.streams ? stored.streams : 0);
  const added = [
    { what: "additional processor hours", dollars: moreHours(design, videos) },
    {
      what: "videos through NAT gateways",
      dollars: design.nat ? pay((videos * (one.sourceBytes + one.streamBytes)) / GB, "natTraffic") : 0,
    },
    { what: TRAFFIC, dollars: pay((videos * one.edgeBytes) / GB, "edgeTraffic") },
    { what: EDGE_REQUESTS, dollars: pay(videos * edgeRequests, "edgeRequest") },
    { what: "S3 Standard", dollars: pay(stored.standard, "storage") },
    { what: "S3 Infrequent Access", dollars: pay(stored.infrequent, "infrequentStorage") },
    {
      what: "requests to S3",
      dollars:
        pay(videos * (one.writes + (design.copyInfrequent ? 0 : one.objects)), "write") +
        pay(
          videos *
            ((design.copyInfrequent ? one.objects : 0) + (design.sourcesInfrequentAfter < Infinity ? 1 : 0)),
          "infrequentWrite",
        ) +
        pay(videos * one.reads, "read"),
    },
    {
      what: "requests to KMS",
      dollars: design.customerKey ? pay(videos * ASSUMED.keyRequests * s3Requests(one), "keyRequest") : 0,
    },
    { what: "requests to the API", dollars: pay(calls, "apiRequest") },
    {
      what: "media function",
      dollars:
        pay(calls, "functionRequest") + pay(seconds, design.function.arm ? "functionArm" : "functionX86"),
    },
    { what: "SQS requests", dollars: pay(videos * ASSUMED.queueRequests, "queueRequest") },
    { what: "logs", dollars: pay(logged / GB, "logs") },
    { what: "traces", dollars: pay((calls + videos) * design.traced, "trace") },
    { what: "requests inspected by web ACLs", dollars: pay(videos * inspected, "webAclRequest") },
    {
      what: "additional database storage",
      dollars: design.database.copies * pay(Math.max(0, rows), "rows"),
    },
    {
      what: BACKUP,
      dollars:
        design.backups.vaults * pay(backedUp, "backup") +
        Math.max(0, design.backups.vaults - 1) * pay(backedUp / ASSUMED.kept, "backupTransfer"),
    },
  ];
  return [...design.idle, ...added.filter(({ dollars }) => dollars > 0)];
}

/** Requests that encrypt or decrypt objects: those of viewers, the processor and replication. */
function s3Requests({ writes, objects, reads }: VideoLoad): number {
  return writes + objects + reads;
}

/** Tasks needed for a number of videos per month, at the scaling target's utilization. */
export function tasksFor({ task }: Design, videos: number): number {
  return Math.max(task.minimum, Math.ceil(taskHours(task, videos) / HOURS_PER_MONTH));
}

/** Videos per month that the maximum number of tasks can process without pause. */
export function mostVideos({ task }: Design): number {
  return Math.floor((task.maximum * HOURS_PER_MONTH) / (taskHours(task, 1) * ASSUMED.busy));
}

/** Monthly cost of AWS Backup of videos, in US dollars. */
export function backupCost(design: Design, videos: number): number {
  const items = usageCost(design, videos);
  return items.find(({ what }) => what === BACKUP)?.dollars ?? 0;
}

/** Hours in which the maximum number of tasks makes the streams of all stored videos again from their sources. */
export function hoursToProcessAgain({ task }: Design, videos: number): number {
  return (taskHours(task, videos * ASSUMED.kept) * ASSUMED.busy) / task.maximum;
}

/** Cost of task hours beyond the minimum number of tasks. */
function moreHours({ task }: Design, videos: number): number {
  const hours = Math.max(0, taskHours(task, videos) - task.minimum * HOURS_PER_MONTH);
  return hours * (task.hour + (task.open ? PRICES.publicAddressHour : 0));
}

function taskHours({ cpu }: Design["task"], videos: number): number {
  return (videos * loadOfVideo().cpuSeconds) / 3_600 / (cpu / 1_024) / ASSUMED.busy;
}

/** GB in S3 at the end of the month: sources and streams, without replicas. */
interface Stored {
  /** In S3 Standard, copies and access logs included. */
  readonly standard: number;
  /** In S3 Infrequent Access, copies included. */
  readonly infrequent: number;
  readonly sources: number;
  readonly streams: number;
}

function storageOf(design: Design, videos: number): Stored {
  const { sourceBytes, streamBytes, edgeRequests } = loadOfVideo(design.extras);
  const months = (days: number): number => Math.min(ASSUMED.kept, days / DAYS);
  const fresh = months(design.sourcesInfrequentAfter);
  const stored = videos * ASSUMED.kept * ASSUMED.versions;
  const sources = (stored * sourceBytes) / GB;
  const streams = (stored * streamBytes) / GB;
  const all = sources + streams;
  const aged = (videos * (ASSUMED.kept - fresh) * ASSUMED.versions * sourceBytes) / GB;
  const accessLogs = (videos * edgeRequests * ASSUMED.logLine * months(design.accessLogDays)) / GB;
  return {
    standard: all - aged + accessLogs + (design.copyInfrequent ? 0 : all),
    infrequent: aged + (design.copyInfrequent ? all : 0),
    sources,
    streams,
  };
}

/** Price of a quantity when each tier has its own unit price. */
export function tiered(quantity: number, tiers: Tiers): number {
  return tiers.reduce((sum, [upTo, price], index) => {
    const from = tiers[index - 1]?.[0] ?? 0;
    return sum + Math.max(0, Math.min(quantity, upTo) - from) * price;
  }, 0);
}
