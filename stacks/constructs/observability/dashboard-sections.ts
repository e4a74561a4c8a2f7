import type { Metric, Metrics } from "./metrics";
import { BURN_RATES, type Objective } from "./slo";

/** A graph with metrics on the left axis, and optionally on the right. */
export interface Graph {
  readonly title: string;
  readonly left: readonly Metric[];
  readonly right?: readonly Metric[];
  /** Unit of the axis. */
  readonly unit: string;
  readonly rightUnit?: string;
  /**
   * Period in seconds.
   * @default 60
   */
  readonly period?: number;
  /** Metric math over `left`, whose metrics are hidden and have `names` in the expressions. */
  readonly math?: { readonly names: readonly string[]; readonly shown: Readonly<Record<string, string>> };
  readonly lines?: readonly { readonly label: string; readonly value: number }[];
}

/** The graphs of one part of the system. */
export interface Section {
  readonly title: string;
  /** One sentence for people who are new to the dashboard. */
  readonly about: string;
  readonly graphs: readonly Graph[];
}

const FIVE_MINUTES_SECONDS = 300;
const DAY_SECONDS = 86_400;

/** Sections of a dashboard, in the order of a request through the system. */
export function sectionsOf(metrics: Metrics, objectives: readonly Objective[]): Section[] {
  const { edge, firewall, edgeFirewall, backups } = metrics;
  return [
    ...(objectives.length === 0 ? [] : [objectiveSection(objectives)]),
    ...checkSections(metrics),
    {
      title: "Edge",
      about: "CloudFront responses, and requests that the web ACLs block.",
      graphs: [
        { title: "Requests", left: [edge.requests], unit: "Requests" },
        { title: "Errors", left: [edge.serverErrors, edge.clientErrors], unit: "Percent" },
        { title: "Downloaded", left: [edge.bytes], unit: "Bytes" },
        ...blockedGraph("Blocked by the regional web ACL", firewall.blocked),
        ...blockedGraph("Blocked by the CloudFront web ACL", edgeFirewall?.blocked),
      ],
    },
    ...invalidationSections(metrics),
    ...servingSections(metrics),
    ...processingSections(metrics),
    ...storeSections(metrics),
    ...(backups === undefined
      ? []
      : [
          {
            title: "Backups",
            about: "AWS Backup jobs per day.",
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
    about: `Burn rate of each error budget: 1 spends it in exactly 30 days; ${fast.rate} for an hour or ${slow.rate} for six hours fires a page.`,
    graphs: objectives.map(({ target, metrics, bad, percent }) => ({
      title: target,
      left: Object.values(metrics),
      unit: "Burn rate",
      period: fast.long,
      math: {
        names: Object.keys(metrics),
        shown: { "Burn rate over one hour": `(${bad}) / ${Number((100 - percent).toFixed(4))}` },
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
      about: "API Gateway responses.",
      graphs: [
        { title: "Requests", left: [api.requests], unit: "Requests" },
        { title: "Errors", left: [api.serverErrors, api.clientErrors], unit: "Requests" },
        { title: "Latency", left: [api.latency, api.median], unit: "Milliseconds" },
      ],
    },
    {
      title: "Functions",
      about:
        "The media function serves the API; migrate changes the database schema in an apply, before new code serves.",
      graphs: [
        {
          title: "Calls of the media function",
          left: [media.invocations],
          right: [media.concurrency],
          unit: "Calls",
          rightUnit: "Concurrent",
        },
        { title: "Errors of the media function", left: [media.errors, media.throttles], unit: "Calls" },
        { title: "Duration of the media function", left: [media.duration], unit: "Milliseconds" },
        { title: "Migrations", left: [migrate.invocations, migrate.errors], unit: "Calls" },
      ],
    },
  ];
}

function checkSections({ check }: Metrics): Section[] {
  if (check === undefined) return [];
  return [
    {
      title: "Synthetic check",
      about: "A function that uploads, plays and deletes a video as creators and viewers do.",
      graphs: [
        {
          title: "Checks",
          left: [check.checks, check.successes],
          unit: "Checks",
          period: FIVE_MINUTES_SECONDS,
        },
        {
          title: "Time to ready of checks",
          left: [check.ready],
          unit: "Seconds",
          period: FIVE_MINUTES_SECONDS,
        },
        { title: "Errors of the check's function", left: [check.errors], unit: "Calls" },
      ],
    },
  ];
}

function invalidationSections({ invalidations }: Metrics): Section[] {
  if (invalidations === undefined) return [];
  const { invalidated, waiting, deadLetters, errors } = invalidations;
  return [
    {
      title: "Invalidations",
      about: "Removed videos, whose copies at CloudFront are invalidated.",
      graphs: [
        { title: "Invalidated videos", left: [invalidated], unit: "Videos", period: FIVE_MINUTES_SECONDS },
        { title: "Removed videos", left: [waiting, deadLetters], unit: "Messages" },
        { title: "Errors of the invalidate function", left: [errors], unit: "Calls" },
      ],
    },
  ];
}

function processingSections({ queue, processor }: Metrics): Section[] {
  return [
    {
      title: "Queue",
      about: "Uploads that wait for a processor.",
      graphs: [
        { title: "Uploads", left: [queue.waiting, queue.inFlight], unit: "Messages" },
        { title: "Age of the oldest upload", left: [queue.age], unit: "Seconds" },
        { title: "Dead letters", left: [queue.deadLetters], unit: "Messages" },
      ],
    },
    {
      title: "Processor",
      about: "The ECS service that transcodes uploads, and its load balancer.",
      graphs: [
        { title: "Tasks", left: [processor.tasks], unit: "Tasks" },
        { title: "CPU and memory", left: [processor.cpu, processor.memory], unit: "Percent" },
        {
          title: "Time per video",
          left: [processor.time, processor.ready],
          unit: "Milliseconds",
          period: FIVE_MINUTES_SECONDS,
        },
        {
          title: "Stranded media",
          left: [processor.stranded],
          unit: "Media",
          period: FIVE_MINUTES_SECONDS,
        },
        { title: "Refused videos", left: [processor.refused], unit: "Percent", period: FIVE_MINUTES_SECONDS },
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
      about: "Redis on ElastiCache. Without it responses are slower but correct.",
      graphs: [
        { title: "CPU", left: cache.cpu, unit: "Percent" },
        { title: "Memory", left: cache.memory, unit: "Percent" },
        { title: "Evictions", left: cache.evictions, unit: "Evictions" },
        { title: "Hit rate", left: cache.hits, unit: "Percent" },
        ...(cache.refused.length === 0 ? [] : [{ title: "Refusals", left: cache.refused, unit: "Refusals" }]),
        ...(cache.lag.length === 0 ? [] : [{ title: "Replica lag", left: cache.lag, unit: "Seconds" }]),
      ],
    },
  ];
}
