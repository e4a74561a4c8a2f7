import { setMaxListeners } from "node:events";
import { appendFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import {
  type EventSourceMappingConfiguration,
  LambdaClient,
  paginateListEventSourceMappings,
} from "@aws-sdk/client-lambda";
import { functionOf } from "../lambda/function-reference";
import { readConfiguration } from "../lambda/configuration";
import { startAsynchronousEvents } from "./asynchronous-queue";
import { deployedQueue } from "./deployed-queue";
import { reportDroppedDeliveries } from "./dropped-deliveries";
import { type QueueMapping, QueuePoller } from "./queue-poller";
import type { EventSourceOptions, EventSourceRuntime } from "./runtime";

export interface EventSources {
  /** Stops receiving events. Running ones end with their functions: stop these next. */
  stop(): Promise<void>;
}

/** Milliseconds between polls of the mappings; Lambda takes up to one minute. */
const MAPPINGS_INTERVAL_MS = 1_000;

/**
 * Invokes deployed functions with messages of event source mappings, and with events of buckets, topics, rules and
 * schedules. Follows later changes of mappings.
 */
export function startEventSources(options: EventSourceOptions): EventSources {
  const stopping = new AbortController();
  // All waits listen to it.
  setMaxListeners(0, stopping.signal);
  const client = new LambdaClient(options.aws);
  const runtime: EventSourceRuntime = {
    ...options,
    configuration: (functionArn) => readConfiguration(client, functionOf(functionArn)),
    onFault: (text) => {
      // Ends caused by the stop are not faults.
      if (stopping.signal.aborted) return;
      const line = text.replace(/\s*\n\s*/g, " ");
      appendFileSync(options.log, `${new Date().toISOString()} ${line}\n`);
      options.onFault(line);
    },
    pause: (milliseconds) => sleep(milliseconds, true, { signal: stopping.signal }).catch(() => false),
    stopped: stopping.signal,
  };
  const followed = followMappings(client, runtime);
  const events = startAsynchronousEvents(client, runtime);
  const dropped = reportDroppedDeliveries(runtime);
  return {
    async stop() {
      stopping.abort();
      await Promise.all([followed, events, dropped]);
    },
  };
}

/** Runs a poller per enabled mapping until everything stops. */
async function followMappings(client: LambdaClient, runtime: EventSourceRuntime): Promise<void> {
  const pollers = new Map<string, QueuePoller>();
  const retired: Promise<void>[] = [];
  while (!runtime.stopped.aborted) {
    try {
      const mappings = new Map((await enabledMappings(client)).map((one) => [JSON.stringify(one), one]));
      for (const [key, poller] of pollers) {
        if (!mappings.has(key) && pollers.delete(key)) retired.push(poller.stop());
      }
      for (const [key, mapping] of mappings) {
        if (!pollers.has(key)) pollers.set(key, startPoller(mapping, runtime));
      }
    } catch (error) {
      runtime.onFault(`event source mappings can't be listed: ${String(error)}`);
    }
    await runtime.pause(MAPPINGS_INTERVAL_MS);
  }
  await Promise.all([...retired, ...[...pollers.values()].map((poller) => poller.stop())]);
}

async function enabledMappings(client: LambdaClient): Promise<QueueMapping[]> {
  const found: EventSourceMappingConfiguration[] = [];
  for await (const { EventSourceMappings = [] } of paginateListEventSourceMappings({ client }, {})) {
    found.push(...EventSourceMappings);
  }
  return found.filter(({ State }) => State === "Enabled").map(mappingOf);
}

function mappingOf(mapping: EventSourceMappingConfiguration): QueueMapping {
  return {
    uuid: mapping.UUID ?? "",
    functionArn: mapping.FunctionArn ?? "",
    queueArn: mapping.EventSourceArn ?? "",
    batchSize: mapping.BatchSize ?? 10,
    windowSeconds: mapping.MaximumBatchingWindowInSeconds ?? 0,
    maxConcurrency: mapping.ScalingConfig?.MaximumConcurrency,
    reportsFailures: mapping.FunctionResponseTypes?.includes("ReportBatchItemFailures") ?? false,
  };
}

function startPoller(mapping: QueueMapping, runtime: EventSourceRuntime): QueuePoller {
  const { aws, credentials, functions, configuration, onFault, pause } = runtime;
  const { functionArn, queueArn } = mapping;
  const role = async () => (await configuration(functionArn)).role;
  return new QueuePoller(mapping, {
    queue: deployedQueue(aws, queueArn, { credentials, role }),
    invoke: (event) => functions.invoke({ ...functionOf(functionArn), event }),
    onFault,
    now: Date.now,
    pause: async (milliseconds) => void (await pause(milliseconds)),
  });
}
