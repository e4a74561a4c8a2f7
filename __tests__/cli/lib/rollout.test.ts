import type { Deployment, ECSClient } from "@aws-sdk/client-ecs";
import { waitForRollout } from "../../../cli/lib/rollout";

const NEW = "arn:aws:ecs:us-east-1:111111111111:task-definition/processor:2";
const OLD = "arn:aws:ecs:us-east-1:111111111111:task-definition/processor:1";
const rollout = { cluster: "cluster", service: "processor", taskDefinition: NEW };

const primary = (more: Deployment): Deployment => ({ status: "PRIMARY", taskDefinition: NEW, ...more });

/** An ECS that answers one list of deployments after the other, and the last one from then on. */
function ecs(...answers: readonly (readonly Deployment[])[]): {
  client: Pick<ECSClient, "send">;
  asked: () => number;
} {
  let count = 0;
  const send = () => {
    const deployments = answers[Math.min(count++, answers.length - 1)];
    const events = [{ message: "unable to place a task" }];
    return Promise.resolve({ services: deployments === undefined ? [] : [{ deployments, events }] });
  };
  return { client: { send }, asked: () => count };
}

const wait = (client: Pick<ECSClient, "send">, timeoutMs = 60_000) =>
  waitForRollout(client, rollout, { intervalMs: 1, timeoutMs });

test("waits while tasks start, and returns how many run", async () => {
  const { client, asked } = ecs(
    [primary({ rolloutState: "IN_PROGRESS", runningCount: 0, desiredCount: 2 })],
    [primary({ rolloutState: "IN_PROGRESS", runningCount: 1, desiredCount: 2 })],
    [primary({ rolloutState: "COMPLETED", runningCount: 2, desiredCount: 2 })],
  );
  await expect(wait(client)).resolves.toBe(2);
  expect(asked()).toBe(3);
});

test("fails with the service's events when the circuit breaker gives up", async () => {
  const reason = "ECS deployment circuit breaker: tasks failed to start.";
  const { client } = ecs(
    [primary({ rolloutState: "IN_PROGRESS", failedTasks: 3 })],
    [primary({ rolloutState: "FAILED", rolloutStateReason: reason })],
  );
  await expect(wait(client)).rejects.toThrow(
    `processor was rolled back: ${reason}\n  unable to place a task`,
  );
});

test("fails when the earlier version runs again, although its rollout is complete", async () => {
  const back = { status: "PRIMARY", taskDefinition: OLD, rolloutState: "COMPLETED" } as const;
  await expect(wait(ecs([back]).client)).rejects.toThrow("processor was rolled back");
  const draining = { status: "INACTIVE", taskDefinition: NEW } as const;
  await expect(wait(ecs([back, draining]).client)).rejects.toThrow("processor was rolled back");
});

test("fails after the timeout with what was reached", async () => {
  const { client } = ecs([
    primary({ rolloutState: "IN_PROGRESS", runningCount: 0, desiredCount: 1, failedTasks: 1 }),
  ]);
  await expect(wait(client, 5)).rejects.toThrow(
    "is not rolled out: 0 of 1 tasks run, 1 failed\n  unable to place a task",
  );
});

test("fails for a service that does not exist", async () => {
  await expect(wait(ecs().client)).rejects.toThrow("there is no service processor in the cluster cluster");
});
