import type { Alarm } from "./alarms";
import type { metricsOf } from "./metrics";

/** What somebody is woken for, and what it means. */
export function alarmsOf(metrics: ReturnType<typeof metricsOf>): Record<string, Alarm> {
  const { api, media, queue, processor, database, cache } = metrics;
  return {
    "api-errors": alarm(
      api.serverErrors,
      5,
      5,
      "The API fails: more than 5 requests a minute, for 5 minutes",
    ),
    "api-latency": alarm(
      api.latency,
      3_000,
      10,
      "One request in a hundred takes over 3 seconds, for 10 minutes",
    ),
    "media-errors": alarm(media.errors, 5, 5, "The media function throws"),
    "media-throttles": alarm(media.throttles, 0, 5, "The media function wants more concurrency than it has"),
    "queue-age": alarm(queue.age, 900, 10, "An upload has been waiting for more than 15 minutes"),
    "dead-letters": alarm(queue.deadLetters, 0, 1, "A video could not be processed: see why, then redrive"),
    "processor-unhealthy": alarm(processor.unhealthy, 0, 5, "A processor does not answer its health check"),
    "balancer-errors": alarm(processor.serverErrors, 10, 5, "The load balancer finds no processor to answer"),
    "database-cpu": alarm(database.cpu, 85, 15, "The database is busy"),
    "database-storage": below(database.storage, 5 * 1024 ** 3, 15, "The database has less than 5 GiB left"),
    "database-connections": alarm(database.connections, 80, 10, "The database runs out of connections"),
    "cache-memory": alarm(cache.memory, 90, 15, "The cache is full and forgets what is still read"),
    "cache-evictions": alarm(cache.evictions, 1_000, 15, "The cache is too small"),
  };
}

function alarm(metric: Alarm["metric"], threshold: number, minutes: number, description: string): Alarm {
  return { metric, threshold, minutes, description };
}

function below(metric: Alarm["metric"], threshold: number, minutes: number, description: string): Alarm {
  return { metric, threshold, minutes, description, when: "below" };
}
