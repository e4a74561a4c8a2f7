import { setTimeout as sleep } from "node:timers/promises";
import type { ECSClient } from "@aws-sdk/client-ecs";
import { type Deployment, DescribeServicesCommand, type Service } from "@aws-sdk/client-ecs";

/** A service and the task definition that it must run. */
export interface Rollout {
  readonly cluster: string;
  readonly service: string;
  /** ARN of the task definition. */
  readonly taskDefinition: string;
}

export interface RolloutOptions {
  /** Milliseconds until the rollout must have ended; a circuit breaker needs several starts of a task. */
  readonly timeoutMs?: number;
  /** Milliseconds between two looks. */
  readonly intervalMs?: number;
  /** Called with the progress as text. */
  readonly onProgress?: (text: string) => void;
}

/**
 * Waits until ECS has rolled a task definition out; returns the number of running tasks. Throws, with the last events of
 * the service, if the circuit breaker rolls back, or after the timeout.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
 */
export async function waitForRollout(
  client: Pick<ECSClient, "send">,
  { cluster, service: name, taskDefinition }: Rollout,
  { timeoutMs = 1_800_000, intervalMs = 10_000, onProgress = () => undefined }: RolloutOptions = {},
): Promise<number> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const { services: [service] = [] } = await client.send(
      new DescribeServicesCommand({ cluster, services: [name] }),
    );
    if (service === undefined) throw new Error(`there is no service ${name} in the cluster ${cluster}`);
    const { deployments = [] } = service;
    const own = deployments.find((deployment) => deployment.taskDefinition === taskDefinition);
    if (own === undefined || own.status !== "PRIMARY" || own.rolloutState === "FAILED") {
      throw new Error(
        `${name} was rolled back: ${own?.rolloutStateReason ?? "another task definition runs"}${events(service)}`,
      );
    }
    if (own.rolloutState === "COMPLETED") return own.runningCount ?? 0;
    onProgress(progress(own));
    if (Date.now() + intervalMs > deadline)
      throw new Error(`${name} is not rolled out: ${progress(own)}${events(service)}`);
    await sleep(intervalMs);
  }
}

const progress = ({ runningCount = 0, desiredCount = 0, failedTasks = 0 }: Deployment): string =>
  `${runningCount} of ${desiredCount} tasks run${failedTasks > 0 ? `, ${failedTasks} failed` : ""}`;

const events = ({ events: all = [] }: Service): string =>
  all
    .slice(0, 5)
    .map(({ message = "" }) => `\n  ${message}`)
    .join("");
