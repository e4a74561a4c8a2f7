import type { Metric, Metrics } from "./metrics";
import { BURN_RATES, type Objective } from "./slo";

/** A graph: metrics on the left axis, and others on the right. */
export interface Graph {
  readonly title: string;
  readonly left: readonly Metric[];
  readonly right?: readonly Metric[];
  /** What the axes count, in CloudWatch's words or ours. */
  readonly unit: string;
  readonly rightUnit?: string;
  /** Seconds; a minute when not given. */
  readonly period?: number;
  /** Metric math over `left`, whose members have the names that the expressions use; the metrics themselves are hidden. */
  readonly math?: { readonly names: readonly string[]; readonly shown: Readonly<Record<string, string>> };
  readonly lines?: readonly { readonly label: string; readonly value: number }[];
}

/** What is about one thing. */
export interface Section {
  readonly title: string;
  /** One sentence for whoever looks for the first time. */
  readonly about: string;
  readonly graphs: readonly Graph[];
}

const FIVE_MINUTES_SECONDS = 300;
const DAY_SECONDS = 86_400;

/** A dashboard's sections, in the order in which a request goes through the system. */
export function sectionsOf(metrics: Metrics, objectives: readonly Objective[]): Section[] {
  const { edge, firewall, edgeFirewall, backups } = metrics;
  return [
    ...(objectives.length === 0 ? [] : [objectiveSection(objectives)]),
    {
      title: "Edge",
      about: "What CloudFront answers, and what the web ACLs let through.",
      graphs: [
        { title: "Requests", left: [edge.requests], unit: "Requests" },
        { title: "Errors", left: [edge.serverErrors, edge.clientErrors], unit: "Percent" },
        { title: "Downloaded", left: [edge.bytes], unit: "Bytes" },
        ...blockedGraph("Blocked by the region's web ACL", firewall.blocked),
        ...blockedGraph("Blocked at the edge", edgeFirewall?.blocked),
      ],
    },
    ...servingSections(metrics),
    ...processingSections(metrics),
    ...storeSections(metrics),
    ...(backups === undefined
      ? []
      : [
          {
            title: "Backups",
            about: "What AWS Backup did, by day.",
            graphs: [
              { title: "Jobs", left: [backups.completed, backups.failed], unit: "Jobs", period: DAY_SECONDS },
            ],
          },
        ]),
  ];
}

function blockedGraph(title: string, metric: Metric | undefined): Graph[] {
  return metric === undefined
    ? []
    : [{ title, left: [metric], unit: "Requests", period: FIVE_MINUTES_SECONDS }];
}

function objectiveSection(objectives: readonly Objective[]): Section {
  const { fast, slow } = BURN_RATES;
  return {
    title: "Service level objectives",
    about: `How many times too fast each error budget goes: 1 spends it in exactly 30 days, ${fast.rate} for an hour or ${slow.rate} for six hours page.`,
    graphs: objectives.map(({ promise, metrics, bad, percent }) => ({
      title: promise,
      left: Object.values(metrics),
      unit: "Burn rate",
      period: fast.long,
      math: {
        names: Object.keys(metrics),
        shown: { "Burn rate over an hour": `(${bad}) / ${Number((100 - percent).toFixed(4))}` },
      },
      lines: [
        { label: "fast", value: fast.rate },
        { label: "slow", value: slow.rate },
        { label: "budget", value: 1 },
      ],
    })),
  };
}

function servingSections({ api, media, migrate }: Metrics): Section[] {
  return [
    {
      title: "API",
      about: "What API Gateway answers.",
      graphs: [
        { title: "Requests", left: [api.requests], unit: "Requests" },
        { title: "Errors", left: [api.serverErrors, api.clientErrors], unit: "Requests" },
        { title: "Latency", left: [api.latency, api.median], unit: "Milliseconds" },
      ],
    },
    {
      title: "Functions",
      about:
        "The media function answers the API; migrate brings the database's tables up to date at a deployment.",
      graphs: [
        {
          title: "Calls of media",
          left: [media.invocations],
          right: [media.concurrency],
          unit: "Calls",
          rightUnit: "At once",
        },
        { title: "Failures of media", left: [media.errors, media.throttles], unit: "Calls" },
        { title: "Duration of media", left: [media.duration], unit: "Milliseconds" },
        { title: "Migrations", left: [migrate.invocations, migrate.errors], unit: "Calls" },
      ],
    },
  ];
}

function processingSections({ queue, processor }: Metrics): Section[] {
  return [
    {
      title: "Queue",
      about: "Uploads on their way to the processors.",
      graphs: [
        { title: "Uploads", left: [queue.waiting, queue.inFlight], unit: "Messages" },
        { title: "Age of the oldest upload", left: [queue.age], unit: "Seconds" },
        { title: "Dead letters", left: [queue.deadLetters], unit: "Messages" },
      ],
    },
    {
      title: "Processor",
      about: "The service that turns uploads into streams, and its load balancer.",
      graphs: [
        { title: "Tasks", left: [processor.tasks], unit: "Tasks" },
        { title: "CPU and memory", left: [processor.cpu, processor.memory], unit: "Percent" },
        {
          title: "Time for a video",
          left: [processor.time, processor.ready],
          unit: "Milliseconds",
          period: FIVE_MINUTES_SECONDS,
        },
        {
          title: "Health",
          left: [processor.unhealthy],
          right: [processor.serverErrors],
          unit: "Tasks",
          rightUnit: "Errors",
        },
      ],
    },
  ];
}

function storeSections({ database, cache }: Metrics): Section[] {
  return [
    {
      title: "Database",
      about: "PostgreSQL on RDS.",
      graphs: [
        { title: "CPU", left: [database.cpu], unit: "Percent" },
        { title: "Connections", left: [database.connections], unit: "Connections" },
        { title: "Free storage", left: [database.storage], unit: "Bytes" },
        { title: "Latency", left: [database.readLatency, database.writeLatency], unit: "Seconds" },
      ],
    },
    {
      title: "Cache",
      about: "Redis on ElastiCache: without it everything is slower, and nothing is wrong.",
      graphs: [
        { title: "CPU", left: cache.cpu, unit: "Percent" },
        { title: "Memory", left: cache.memory, unit: "Percent" },
        { title: "Evictions", left: cache.evictions, unit: "Evictions" },
        { title: "Hits", left: cache.hits, unit: "Percent" },
        ...(cache.lag.length === 0 ? [] : [{ title: "Lag of the copies", left: cache.lag, unit: "Seconds" }]),
      ],
    },
  ];
}
