import { seconds, type Duration } from "../../lib/duration";
import { optional } from "../../lib/optional";
import type { AlarmDefinition, Severity } from "./alarm-definition";
import { maxConnections } from "../data/database-size";
import type { Metric, Metrics } from "./metrics";

/** Settings that alarm thresholds are computed from. */
export interface AlarmThresholds {
  readonly database: { readonly instanceClass: string; readonly storageGiB: number };
  readonly media: { readonly timeout: Duration };
  readonly processor: {
    readonly maximumTasks: number;
    readonly backlogTarget: number;
    readonly cpuTarget: number;
  };
  readonly firewall: { readonly rateLimit: number };
  readonly syntheticCheck?: { readonly everyMinutes: number } | undefined;
}

type AlarmDefinitions = Record<string, AlarmDefinition>;

const MINUTE_SECONDS = 60;
const DAY_SECONDS = 86_400;

/**
 * Alarms in the environment's region. There is no `database-replica-lag`: the standby of a Multi-AZ instance is written
 * synchronously and has no such metric, and there is no read replica.
 */
export function alarmsOf(metrics: Metrics, thresholds: AlarmThresholds): AlarmDefinitions {
  return {
    ...apiAlarms(metrics, thresholds),
    ...checkAlarms(metrics, thresholds),
    ...queueAlarms(metrics, thresholds),
    ...invalidationAlarms(metrics),
    ...processorAlarms(metrics, thresholds),
    ...databaseAlarms(metrics, thresholds),
    ...cacheAlarms(metrics),
    ...firewallAlarms(metrics, thresholds),
    ...backupAlarms(metrics),
    ...certificateAlarms(metrics.certificates.origin),
  };
}

/** Alarms at the edge, whose metrics are in us-east-1. */
export function edgeAlarmsOf(metrics: Metrics, thresholds: AlarmThresholds): AlarmDefinitions {
  return {
    "edge-errors": page(metrics.edge.serverErrors, {
      above: 1,
      forMinutes: 10,
      meaning: "CloudFront 5xx error rate above 1 % for 10 minutes",
      first: "Find the origin from the path that fails",
    }),
    ...edgeFirewallAlarms(metrics, thresholds),
    ...certificateAlarms(metrics.certificates.edge),
  };
}

function apiAlarms({ api, media }: Metrics, thresholds: AlarmThresholds): AlarmDefinitions {
  const timeoutSeconds = seconds(thresholds.media.timeout);
  const slowSeconds = Number((timeoutSeconds * 0.8).toFixed(1));
  return {
    "api-errors": page(api.serverErrors, {
      above: 5,
      forMinutes: 5,
      meaning: "API 5xx responses above 5 per minute for 5 minutes",
      first: "If a deployment was made minutes ago, roll the alias back",
    }),
    "api-latency": page(api.latency, {
      above: 3_000,
      forMinutes: 10,
      meaning: "API p99 latency above 3 s for 10 minutes",
      first: "Check whether the database or the cache is slow",
    }),
    "media-errors": page(media.errors, {
      above: 5,
      forMinutes: 5,
      meaning: "Media function errors above 5 per minute for 5 minutes",
      first: "If a deployment was made minutes ago, roll the alias back",
    }),
    "media-throttles": page(media.throttles, {
      above: 0,
      forMinutes: 5,
      meaning: "Media function throttled at its concurrency limit for 5 minutes",
      first: "Compare the account's concurrency limit with the traffic",
    }),
    "media-duration": ticket(media.duration, {
      above: slowSeconds * 1_000,
      forMinutes: 5,
      meaning: `Media function p99 duration above ${slowSeconds} s for 5 minutes (timeout ${timeoutSeconds} s)`,
      first: "Check the database and its events",
    }),
  };
}

/** Number of periods of the synthetic check without a success before its alarm fires. */
const FAILED_CHECKS = 3;

function checkAlarms({ check }: Metrics, { syntheticCheck }: AlarmThresholds): AlarmDefinitions {
  if (check === undefined || syntheticCheck === undefined) return {};
  const { everyMinutes } = syntheticCheck;
  const forMinutes = FAILED_CHECKS * everyMinutes;
  return {
    "synthetic-check": page(check.successes, {
      below: 1,
      forMinutes,
      perMinutes: everyMinutes,
      firesWithoutData: true,
      meaning: `No check of the whole product succeeded for ${forMinutes} minutes, or none ran`,
      first: "Read at which step the last check failed",
    }),
  };
}

function queueAlarms({ queue }: Metrics, { processor }: AlarmThresholds): AlarmDefinitions {
  const backlog = processor.maximumTasks * processor.backlogTarget;
  return {
    // A message in processing also has an age, and a long video keeps it for longer.
    "queue-age": page(queue.age, {
      above: 900,
      forMinutes: 10,
      meaning: "Oldest upload waiting for more than 15 minutes, during 10 minutes",
      first: "Check whether a processor runs",
      onlyWhile: queue.waiting,
    }),
    "queue-depth": ticket(queue.waiting, {
      above: backlog,
      forMinutes: 30,
      meaning: `More than ${backlog} uploads waiting for 30 minutes: the backlog that all processors should hold`,
      first: "Check whether the number of messages grows or decreases",
    }),
    "dead-letters": ticket(queue.deadLetters, {
      above: 0,
      forMinutes: 1,
      meaning: "A video could not be processed: find the cause, then redrive or discard it",
      first: "Run npm run redrive",
    }),
  };
}

function invalidationAlarms({ invalidations }: Metrics): AlarmDefinitions {
  if (invalidations === undefined) return {};
  return {
    // A refusal because of CloudFront's limit is no error: the message comes again.
    "invalidation-errors": ticket(invalidations.errors, {
      above: 0,
      forMinutes: 15,
      perMinutes: 5,
      meaning: "Invalidations of deleted videos failed for 15 minutes: CloudFront still serves its copies",
      first: "Read why the calls fail",
    }),
    // Also if nobody receives the messages, which then have no errors and become no dead letters.
    "invalidation-age": ticket(invalidations.age, {
      above: 3_600,
      forMinutes: 10,
      meaning: "Oldest deleted video waiting for more than an hour: CloudFront still serves its copies",
      first: "Check whether the function receives messages",
    }),
    "invalidation-dead-letters": ticket(invalidations.deadLetters, {
      above: 0,
      forMinutes: 1,
      meaning: "CloudFront's copies of a deleted video could not be invalidated for ten hours",
      first: "Invalidate them by hand",
    }),
  };
}

function processorAlarms({ processor }: Metrics, thresholds: AlarmThresholds): AlarmDefinitions {
  const cpuPercent = Math.min(98, thresholds.processor.cpuTarget + 20);
  return {
    "processor-unhealthy": page(processor.unhealthy, {
      above: 0,
      forMinutes: 5,
      meaning: "A processor has failed its health check for 5 minutes",
      first: "Check how many tasks run and why the others stopped",
    }),
    "processor-absent": page(processor.healthy, {
      below: 1,
      forMinutes: 10,
      firesWithoutData: true,
      meaning: "No healthy processor for 10 minutes: no video becomes ready",
      first: "Check why the service's tasks stop",
    }),
    "processor-cpu": ticket(processor.cpu, {
      above: cpuPercent,
      forMinutes: 60,
      meaning: `Processor CPU above ${cpuPercent} % for 60 minutes although scaling should have lowered it`,
      first: "Compare the running tasks with the maximum",
    }),
    // A single text file in an hour is its creator's fault; hours of them are a client's or ours.
    "videos-refused": ticket(processor.refused, {
      above: 50,
      forMinutes: 180,
      perMinutes: 60,
      meaning:
        "More than half of the videos were refused in each of 3 hours: a client sends something else, or we are wrong",
      first: "Find the reason that most refused videos have",
    }),
    "media-stranded": ticket(processor.stranded, {
      above: 0,
      forMinutes: 180,
      perMinutes: 60,
      meaning: "In each of 3 hours, uploads had lost their event or what is left over could not be removed",
      first: "Read what the sweeps say in the processors' log",
    }),
    "balancer-errors": page(processor.serverErrors, {
      above: 10,
      forMinutes: 5,
      meaning: "Load balancer's own 5xx responses above 10 per minute for 5 minutes: no processor answers",
      first: "Check whether a target is healthy",
    }),
  };
}

function databaseAlarms({ database }: Metrics, thresholds: AlarmThresholds): AlarmDefinitions {
  const { instanceClass, storageGiB } = thresholds.database;
  const freeGiB = storageGiB * 0.05;
  const allowedConnections = maxConnections(instanceClass);
  const usedConnections = Math.floor(allowedConnections * 0.7);
  return {
    "database-cpu": page(database.cpu, {
      above: 85,
      forMinutes: 15,
      meaning: "Database CPU above 85 % for 15 minutes",
      first: "Open Performance Insights",
    }),
    // RDS extends storage below 10 % free; below 5 % means that it did not.
    "database-storage": page(database.storage, {
      below: freeGiB * 1024 ** 3,
      forMinutes: 15,
      meaning: `Database free storage below ${Number(freeGiB.toFixed(1))} GiB for 15 minutes: RDS did not extend it`,
      first: "Compare allocated and maximum storage",
    }),
    "database-connections": page(database.connections, {
      above: usedConnections,
      forMinutes: 10,
      meaning: `Database connections above ${usedConnections} of ${allowedConnections} for 10 minutes`,
      first: "Check whether calls take long",
    }),
  };
}

function cacheAlarms({ cache }: Metrics): AlarmDefinitions {
  const alarms: AlarmDefinitions = {
    "cache-memory": ticket(cache.memory, {
      above: 90,
      forMinutes: 15,
      meaning: "Cache memory above 90 % for 15 minutes: entries that are still read are evicted",
      first: "Check /health",
    }),
    "cache-evictions": ticket(cache.evictions, {
      above: 1_000,
      forMinutes: 15,
      meaning: "Cache evictions above 1000 per minute for 15 minutes: the cache is too small",
      first: "Check that the database is not overloaded",
    }),
  };
  if (cache.refused.length > 0) {
    alarms["cache-refusals"] = ticket(cache.refused, {
      above: 0,
      forMinutes: 10,
      perMinutes: 5,
      meaning:
        "Cache rejected logins, commands or keys for 10 minutes; our code sends none that it should reject",
      first: "Find out who is refused",
    });
  }
  if (cache.lag.length > 0) {
    alarms["cache-replica-lag"] = ticket(cache.lag, {
      above: 10,
      forMinutes: 10,
      meaning: "Cache replica more than 10 s behind for 10 minutes: a failover would lose these writes",
      first: "Check the events for a node replacement",
    });
  }
  return alarms;
}

function firewallAlarms({ firewall }: Metrics, thresholds: AlarmThresholds): AlarmDefinitions {
  const { rateLimit } = thresholds.firewall;
  return {
    "firewall-blocked": ticket(firewall.blocked, {
      above: rateLimit,
      forMinutes: 5,
      perMinutes: 5,
      meaning: `Regional web ACL blocking more than ${rateLimit} requests in 5 minutes, the limit of one address`,
      first: "Check /health through CloudFront",
    }),
  };
}

function edgeFirewallAlarms({ edgeFirewall }: Metrics, thresholds: AlarmThresholds): AlarmDefinitions {
  if (edgeFirewall === undefined) return {};
  const { rateLimit } = thresholds.firewall;
  return {
    "edge-blocked": ticket(edgeFirewall.blocked, {
      above: rateLimit,
      forMinutes: 5,
      perMinutes: 5,
      meaning: `CloudFront web ACL blocking more than ${rateLimit} requests in 5 minutes, the limit of one address`,
      first: "Read the blocked requests",
    }),
  };
}

function backupAlarms({ backups }: Metrics): AlarmDefinitions {
  if (backups === undefined) return {};
  return {
    "backup-failed": ticket(backups.failed, {
      above: 0,
      forMinutes: 5,
      perMinutes: 5,
      meaning: "A backup job failed: the newest recovery point is older than planned",
      first: "Make a backup by hand",
    }),
  };
}

/** ACM renews certificates 60 days before expiry. */
function certificateAlarms(daysToExpiry: Metric | undefined): AlarmDefinitions {
  if (daysToExpiry === undefined) return {};
  return {
    "certificate-expiry": ticket(daysToExpiry, {
      below: 30,
      forMinutes: DAY_SECONDS / MINUTE_SECONDS,
      perMinutes: DAY_SECONDS / MINUTE_SECONDS,
      meaning: "A certificate expires in less than 30 days although ACM should have renewed it",
      first: "Find the certificate and its validation record",
    }),
  };
}

/** The condition of an alarm: the metric is above or below a value. */
type Condition = ({ readonly above: number } | { readonly below: number }) & {
  /** Consecutive minutes of the condition before the alarm fires. */
  readonly forMinutes: number;
  /**
   * Period of the statistic in minutes.
   * @default 1
   */
  readonly perMinutes?: number;
  readonly meaning: string;
  readonly first: string;
  readonly onlyWhile?: Metric;
  readonly firesWithoutData?: boolean;
};

function page(metric: AlarmDefinition["metric"], condition: Condition): AlarmDefinition {
  return alarm("page", metric, condition);
}

function ticket(metric: AlarmDefinition["metric"], condition: Condition): AlarmDefinition {
  return alarm("ticket", metric, condition);
}

function alarm(severity: Severity, metric: AlarmDefinition["metric"], condition: Condition): AlarmDefinition {
  const { forMinutes, perMinutes = 1, meaning, first, onlyWhile, firesWithoutData } = condition;
  return {
    metric,
    threshold: "above" in condition ? condition.above : condition.below,
    when: "above" in condition ? "above" : "below",
    period: perMinutes * MINUTE_SECONDS,
    periods: forMinutes / perMinutes,
    meaning,
    first,
    severity,
    onlyWhile,
    ...optional({ firesWithoutData }),
  };
}
