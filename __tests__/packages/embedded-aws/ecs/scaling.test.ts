import { type ScalingPolicy, TargetTracking } from "../../../../packages/embedded-aws/ecs/scaling";

const policy: ScalingPolicy = {
  minimum: 1,
  maximum: 10,
  target: 5,
  scaleOutCooldown: 60,
  scaleInCooldown: 60,
  queueName: "media",
};

test("keeps the backlog of each task at its target, within the bounds", () => {
  const desired = (waiting: number, tasks = 1) =>
    new TargetTracking(policy).desired({ waitingMessages: waiting, runningTasks: tasks, nowMs: 0 });
  expect([0, 5, 6, 23, 1_000].map((waiting) => desired(waiting))).toEqual([1, 1, 2, 5, 10]);
  expect(desired(0, 4)).toBe(1);
});

test("waits for the cool-down between two changes, and not for the first", () => {
  const tracking = new TargetTracking(policy);
  expect(tracking.desired({ waitingMessages: 10, runningTasks: 1, nowMs: 1_000 })).toBe(2);
  expect(tracking.desired({ waitingMessages: 50, runningTasks: 2, nowMs: 60_999 })).toBe(2);
  expect(tracking.desired({ waitingMessages: 50, runningTasks: 2, nowMs: 61_000 })).toBe(10);
  expect(tracking.desired({ waitingMessages: 0, runningTasks: 10, nowMs: 100_000 })).toBe(10);
  expect(tracking.desired({ waitingMessages: 0, runningTasks: 10, nowMs: 121_000 })).toBe(1);
});

test("brings a service back within its bounds", () => {
  expect(
    new TargetTracking({ ...policy, minimum: 2 }).desired({ waitingMessages: 0, runningTasks: 1, nowMs: 0 }),
  ).toBe(2);
});
