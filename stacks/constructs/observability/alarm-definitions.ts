import { seconds, type Duration } from "../../lib/duration";
import type { AlarmDefinition, Severity } from "./alarm-definition";
import { maxConnections } from "../data/database-size";
import type { Metric, Metrics } from "./metrics";

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
export function alarmsOf(metrics: Metrics, thresholds: AlarmThresholds): AlarmDefinitions {
  return {
    ...apiAlarms(metrics, thresholds),
    ...queueAlarms(metrics, thresholds),
    ...processorAlarms(metrics, thresholds),
    ...databaseAlarms(metrics, thresholds),
    ...cacheAlarms(metrics),
    ...firewallAlarms(metrics, thresholds),
    ...backupAlarms(metrics),
    ...certificateAlarms(metrics.certificates.origin),
  };
}

/** What somebody is told of at the edge, whose metrics are in us-east-1. */
export function edgeAlarmsOf(metrics: Metrics, thresholds: AlarmThresholds): AlarmDefinitions {
  return {
    "edge-errors": page(metrics.edge.serverErrors, {
      above: 1,
      forMinutes: 10,
      meaning: "One request in a hundred fails at the edge",
    }),
    ...edgeFirewallAlarms(metrics, thresholds),
    ...certificateAlarms(metrics.certificates.edge),
  };
}

function apiAlarms({ api, media }: Metrics, thresholds: AlarmThresholds): AlarmDefinitions {
  return {
    "api-errors": page(api.serverErrors, {
      above: 5,
      forMinutes: 5,
      meaning: "The API fails: more than 5 requests a minute, for 5 minutes",
    }),
    "api-latency": page(api.latency, {
      above: 3_000,
      forMinutes: 10,
      meaning: "One request in a hundred takes over 3 s, for 10 minutes",
    }),
    "media-errors": page(media.errors, { above: 5, forMinutes: 5, meaning: "The media function throws" }),
    "media-throttles": page(media.throttles, {
      above: 0,
      forMinutes: 5,
      meaning: "The media function wants more concurrency than it has",
    }),
    "media-duration": ticket(media.duration, {
      above: seconds(thresholds.media.timeout) * 1_000 * 0.8,
      forMinutes: 5,
      meaning: "One call of the media function in a hundred comes near its timeout",
    }),
  };
}

function queueAlarms({ queue }: Metrics, { processor }: AlarmThresholds): AlarmDefinitions {
  return {
    // The age is also that of a message in work, which a long video keeps for longer.
    "queue-age": page(queue.age, {
      above: 900,
      forMinutes: 10,
      meaning: "An upload has been waiting for more than 15 minutes",
      onlyWhile: queue.waiting,
    }),
    "queue-depth": ticket(queue.waiting, {
      above: processor.maximumTasks * processor.backlogTarget,
      forMinutes: 30,
      meaning: "More uploads wait than all processors together are meant to have before them",
    }),
    "dead-letters": ticket(queue.deadLetters, {
      above: 0,
      forMinutes: 1,
      meaning: "A video could not be processed: see why, then redrive or discard it",
    }),
  };
}

function processorAlarms({ processor }: Metrics, thresholds: AlarmThresholds): AlarmDefinitions {
  return {
    "processor-unhealthy": page(processor.unhealthy, {
      above: 0,
      forMinutes: 5,
      meaning: "A processor does not answer its health check",
    }),
    "processor-cpu": ticket(processor.cpu, {
      above: Math.min(98, thresholds.processor.cpuTarget + 20),
      forMinutes: 60,
      meaning: "The processors have been busier for an hour than more of them should let them be",
    }),
    "balancer-errors": page(processor.serverErrors, {
      above: 10,
      forMinutes: 5,
      meaning: "The load balancer finds no processor that answers",
    }),
  };
}

function databaseAlarms({ database }: Metrics, thresholds: AlarmThresholds): AlarmDefinitions {
  const { instanceClass, storageGiB } = thresholds.database;
  return {
    "database-cpu": page(database.cpu, { above: 85, forMinutes: 15, meaning: "The database is busy" }),
    // RDS adds storage when less than a tenth is free; half of that means that it did not.
    "database-storage": page(database.storage, {
      below: storageGiB * 1024 ** 3 * 0.05,
      forMinutes: 15,
      meaning:
        "The database has less than a twentieth of its first storage left: it should have grown by itself",
    }),
    "database-connections": page(database.connections, {
      above: Math.floor(maxConnections(instanceClass) * 0.7),
      forMinutes: 10,
      meaning: "The database runs out of connections",
    }),
  };
}

function cacheAlarms({ cache }: Metrics): AlarmDefinitions {
  const alarms = {
    "cache-memory": ticket(cache.memory, {
      above: 90,
      forMinutes: 15,
      meaning: "The cache is full and forgets what is still read",
    }),
    "cache-evictions": ticket(cache.evictions, {
      above: 1_000,
      forMinutes: 15,
      meaning: "The cache is too small",
    }),
  };
  if (cache.lag.length === 0) return alarms;
  const lag = ticket(cache.lag, {
    above: 10,
    forMinutes: 10,
    meaning: "A copy of the cache is more than 10 seconds behind: a failover would forget as much",
  });
  return { ...alarms, "cache-replica-lag": lag };
}

function firewallAlarms({ firewall }: Metrics, thresholds: AlarmThresholds): AlarmDefinitions {
  return {
    "firewall-blocked": ticket(firewall.blocked, {
      above: thresholds.firewall.rateLimit,
      forMinutes: 5,
      perMinutes: 5,
      meaning: "The region's web ACL blocks as many requests as one address may send at all",
    }),
  };
}

function edgeFirewallAlarms({ edgeFirewall }: Metrics, thresholds: AlarmThresholds): AlarmDefinitions {
  if (edgeFirewall === undefined) return {};
  return {
    "edge-blocked": ticket(edgeFirewall.blocked, {
      above: thresholds.firewall.rateLimit,
      forMinutes: 5,
      perMinutes: 5,
      meaning: "The edge's web ACL blocks as many requests as one address may send at all",
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
      meaning: "A backup failed: the newest is older than promised",
    }),
  };
}

/** ACM renews 60 days before the end. */
function certificateAlarms(daysToExpiry: Metric | undefined): AlarmDefinitions {
  if (daysToExpiry === undefined) return {};
  return {
    "certificate-expiry": ticket(daysToExpiry, {
      below: 30,
      forMinutes: DAY_SECONDS / MINUTE_SECONDS,
      perMinutes: DAY_SECONDS / MINUTE_SECONDS,
      meaning: "A certificate ends within 30 days: it should have been renewed by itself",
    }),
  };
}

/** When an alarm rings: while the metric is above, or below, a value. */
type Condition = ({ readonly above: number } | { readonly below: number }) & {
  /** Minutes in a row that it must be so. */
  readonly forMinutes: number;
  /** Minutes over which the statistic is taken; one when not given. */
  readonly perMinutes?: number;
  readonly meaning: string;
  readonly onlyWhile?: Metric;
};

/** Wakes somebody. */
function page(metric: AlarmDefinition["metric"], condition: Condition): AlarmDefinition {
  return alarm("page", metric, condition);
}

/** Waits for the morning. */
function ticket(metric: AlarmDefinition["metric"], condition: Condition): AlarmDefinition {
  return alarm("ticket", metric, condition);
}

function alarm(severity: Severity, metric: AlarmDefinition["metric"], condition: Condition): AlarmDefinition {
  const { forMinutes, perMinutes = 1, meaning, onlyWhile } = condition;
  return {
    metric,
    threshold: "above" in condition ? condition.above : condition.below,
    when: "above" in condition ? "above" : "below",
    period: perMinutes * MINUTE_SECONDS,
    periods: forMinutes / perMinutes,
    meaning,
    severity,
    onlyWhile,
  };
}
