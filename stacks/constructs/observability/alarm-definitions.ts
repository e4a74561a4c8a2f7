import { seconds, type Duration } from "../../lib/duration";
import type { AlarmDefinition, Severity } from "./alarm-definition";
import { maxConnections } from "../data/database-size";
import type { Metrics } from "./metrics";

/** Settings that say how much is too much. */
export interface AlarmThresholds {
  readonly database: { readonly instanceClass: string; readonly storageGiB: number };
  readonly media: { readonly timeout: Duration };
  readonly processor: {
    readonly maximumTasks: number;
    readonly backlogTarget: number;
    readonly cpuTarget: number;
  };
  readonly firewall: { readonly rateLimit: number };
}

type AlarmDefinitions = Record<string, AlarmDefinition>;

const MINUTE_SECONDS = 60;
const DAY_SECONDS = 86_400;

/**
 * What somebody is told of in the environment's region. There is no `database-replica-lag`: the standby of a Multi-AZ
 * instance is written to before a commit returns and has no such metric, and there is no read replica.
 */
export function alarmsOf(metrics: Metrics, sizes: AlarmThresholds): AlarmDefinitions {
  const { api, media, queue, processor, database, cache, firewall, backups, certificates } = metrics;
  const full = sizes.processor.maximumTasks * sizes.processor.backlogTarget;
  return {
    "api-errors": page(api.serverErrors, 5, 5, "The API fails: more than 5 requests a minute, for 5 minutes"),
    "api-latency": page(api.latency, 3_000, 10, "One request in a hundred takes over 3 s, for 10 minutes"),
    "media-errors": page(media.errors, 5, 5, "The media function throws"),
    "media-throttles": page(media.throttles, 0, 5, "The media function wants more concurrency than it has"),
    "media-duration": ticket(
      media.duration,
      seconds(sizes.media.timeout) * 1_000 * 0.8,
      5,
      "One call of the media function in a hundred comes near its timeout",
    ),
    // The age is also that of a message in work, which a long video keeps for longer.
    "queue-age": {
      ...page(queue.age, 900, 10, "An upload has been waiting for more than 15 minutes"),
      onlyWhile: queue.waiting,
    },
    "queue-depth": ticket(
      queue.waiting,
      full,
      30,
      "More uploads wait than all processors together are meant to have before them",
    ),
    "dead-letters": ticket(
      queue.deadLetters,
      0,
      1,
      "A video could not be processed: see why, then redrive or discard it",
    ),
    "processor-unhealthy": page(processor.unhealthy, 0, 5, "A processor does not answer its health check"),
    "processor-cpu": ticket(
      processor.cpu,
      Math.min(98, sizes.processor.cpuTarget + 20),
      60,
      "The processors have been busier for an hour than more of them should let them be",
    ),
    "balancer-errors": page(
      processor.serverErrors,
      10,
      5,
      "The load balancer finds no processor that answers",
    ),
    "database-cpu": page(database.cpu, 85, 15, "The database is busy"),
    // RDS adds storage when less than a tenth is free; half of that means that it did not.
    "database-storage": below(
      page(
        database.storage,
        sizes.database.storageGiB * 1024 ** 3 * 0.05,
        15,
        "The database has less than a twentieth of its first storage left: it should have grown by itself",
      ),
    ),
    "database-connections": page(
      database.connections,
      Math.floor(maxConnections(sizes.database.instanceClass) * 0.7),
      10,
      "The database runs out of connections",
    ),
    "cache-memory": ticket(cache.memory, 90, 15, "The cache is full and forgets what is still read"),
    "cache-evictions": ticket(cache.evictions, 1_000, 15, "The cache is too small"),
    ...(cache.lag.length === 0
      ? {}
      : {
          "cache-replica-lag": ticket(
            cache.lag,
            10,
            10,
            "A copy of the cache is more than 10 seconds behind: a failover would forget as much",
          ),
        }),
    "firewall-blocked": ticket(
      firewall.blocked,
      sizes.firewall.rateLimit,
      1,
      "The region's web ACL blocks as many requests as one address may send at all",
      5 * MINUTE_SECONDS,
    ),
    ...(backups === undefined
      ? {}
      : {
          "backup-failed": ticket(
            backups.failed,
            0,
            1,
            "A backup failed: the newest is older than promised",
            5 * MINUTE_SECONDS,
          ),
        }),
    ...expiry(certificates.origin),
  };
}

/** What somebody is told of at the edge, whose metrics are in us-east-1. */
export function edgeAlarmsOf(
  { edge, edgeFirewall, certificates }: Metrics,
  sizes: AlarmThresholds,
): AlarmDefinitions {
  return {
    "edge-errors": page(edge.serverErrors, 1, 10, "One request in a hundred fails at the edge"),
    ...(edgeFirewall === undefined
      ? {}
      : {
          "edge-blocked": ticket(
            edgeFirewall.blocked,
            sizes.firewall.rateLimit,
            1,
            "The edge's web ACL blocks as many requests as one address may send at all",
            5 * MINUTE_SECONDS,
          ),
        }),
    ...expiry(certificates.edge),
  };
}

/** ACM renews 60 days before the end. */
function expiry(metric: Metrics["certificates"]["edge"]): AlarmDefinitions {
  if (metric === undefined) return {};
  const meaning = "A certificate ends within 30 days: it should have been renewed by itself";
  return { "certificate-expiry": below(ticket(metric, 30, 1, meaning, DAY_SECONDS)) };
}

type Arguments = [
  metric: AlarmDefinition["metric"],
  threshold: number,
  periods: number,
  meaning: string,
  period?: number,
];

function alarm(
  severity: Severity,
  [metric, threshold, periods, meaning, period]: Arguments,
): AlarmDefinition {
  return { metric, threshold, periods, meaning, severity, ...(period === undefined ? {} : { period }) };
}

const page = (...all: Arguments): AlarmDefinition => alarm("page", all);
const ticket = (...all: Arguments): AlarmDefinition => alarm("ticket", all);
const below = (one: AlarmDefinition): AlarmDefinition => ({ ...one, when: "below" });
