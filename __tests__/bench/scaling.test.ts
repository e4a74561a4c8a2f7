import { Autoscaler, type Minute } from "../../bench/scaling/autoscaler";
import { arriving, LOADS } from "../../bench/scaling/loads";
import { deployedPolicy, FIRST_DESIGN, type ScalingPolicy } from "../../bench/scaling/policy";
import { arrivals, logNormal, seeded } from "../../bench/scaling/random";
import { simulate, type World } from "../../bench/scaling/simulate";
import { Stack } from "../../packages/terraform/synthesized-stack";
import { synthEnvironment } from "../support/synth";

const minutes = (count: number, minute: Partial<Minute>): Minute[] =>
  Array.from({ length: count }, () => ({ cpu: 50, waiting: 0, tasks: 1, ...minute }));
const deployed = deployedPolicy(new Stack("streamflow-prod", synthEnvironment("prod").json));
const ready = (policy: ScalingPolicy) => new Autoscaler(policy);

describe("the deployed policy", () => {
  it("is read from the synthesized stack", () => {
    expect(deployed).toMatchObject({ minimum: 1, maximum: 10 });
    expect(deployed.tracking).toEqual(
      expect.arrayContaining([
        { metric: "cpu", target: 70, outCooldown: 60, inCooldown: 60 },
        { metric: "backlog", target: 3, outCooldown: 60, inCooldown: 60 },
      ]),
    );
    expect(deployed.step).toEqual({
      threshold: 3,
      cooldown: 60,
      steps: [
        { above: 0, add: 1 },
        { above: 3, add: 9 },
      ],
    });
  });

  it("fails where nothing is scaled", () => {
    expect(() => deployedPolicy(new Stack("empty", {}))).toThrow("empty has no aws_appautoscaling_target");
  });
});

describe("the autoscaler", () => {
  it("adds in proportion after three minutes above the target, not after two", () => {
    expect(ready(FIRST_DESIGN).desired({ now: 0, tasks: 2, minutes: minutes(2, { cpu: 100 }) })).toBe(2);
    expect(ready(FIRST_DESIGN).desired({ now: 0, tasks: 2, minutes: minutes(3, { cpu: 100 }) })).toBe(3);
    expect(ready(FIRST_DESIGN).desired({ now: 0, tasks: 10, minutes: minutes(3, { cpu: 100 }) })).toBe(10);
  });

  it("waits for the cool-down before it adds again", () => {
    const autoscaler = ready(FIRST_DESIGN);
    expect(autoscaler.desired({ now: 0, tasks: 2, minutes: minutes(3, { cpu: 100 }) })).toBe(3);
    expect(autoscaler.desired({ now: 59, tasks: 3, minutes: minutes(3, { cpu: 100 }) })).toBe(3);
    expect(autoscaler.desired({ now: 60, tasks: 3, minutes: minutes(3, { cpu: 100 }) })).toBe(5);
  });

  it("adds after the first minute of a rush, by its steps", () => {
    expect(ready(deployed).desired({ now: 0, tasks: 1, minutes: minutes(1, { waiting: 2 }) })).toBe(1);
    expect(ready(deployed).desired({ now: 0, tasks: 1, minutes: minutes(1, { waiting: 3 }) })).toBe(2);
    expect(ready(deployed).desired({ now: 0, tasks: 1, minutes: minutes(1, { waiting: 6 }) })).toBe(10);
  });

  it("scales in after fifteen minutes below 90 % of the target, if all policies agree", () => {
    expect(ready(FIRST_DESIGN).desired({ now: 0, tasks: 4, minutes: minutes(14, { cpu: 20 }) })).toBe(4);
    expect(ready(FIRST_DESIGN).desired({ now: 0, tasks: 4, minutes: minutes(15, { cpu: 20 }) })).toBe(2);
    expect(ready(FIRST_DESIGN).desired({ now: 0, tasks: 4, minutes: minutes(15, { cpu: 64 }) })).toBe(4);
    const both = { ...FIRST_DESIGN, tracking: deployed.tracking };
    expect(
      ready(both).desired({ now: 0, tasks: 4, minutes: minutes(15, { cpu: 20, waiting: 11, tasks: 4 }) }),
    ).toBe(4);
    expect(
      ready(both).desired({ now: 0, tasks: 4, minutes: minutes(15, { cpu: 20, waiting: 4, tasks: 4 }) }),
    ).toBe(2);
  });
});

describe("the world", () => {
  it("is the same for the same seed", () => {
    const take = (seed: number) => arrivals(seeded(seed), 1_000, () => 0.1);
    expect(take(1)).toEqual(take(1));
    expect(take(1)).not.toEqual(take(2));
  });

  it("has arrivals at the configured rate, and videos of the configured mean length", () => {
    expect(arrivals(seeded(1), 100_000, () => 0.5).length / 100_000).toBeCloseTo(0.5, 1);
    const video = logNormal(seeded(1), 60, 0.6);
    const sum = Array.from({ length: 20_000 }, video).reduce((one, other) => one + other, 0);
    expect(sum / 20_000 / 60).toBeCloseTo(1, 1);
  });

  it("has its burst at a single time", () => {
    const burst = LOADS.find(({ name }) => name.startsWith("burst"));
    const times = arriving({ ...burst, hours: 2 } as (typeof LOADS)[number], {
      videosPerSecond: 0.03,
      seed: 1,
    });
    expect(times.filter((time) => time === 3_600).length).toBeGreaterThanOrEqual(10_000);
    expect([...times].sort((one, other) => one - other)).toEqual(times);
  });
});

describe("a simulation", () => {
  const world: World = {
    seed: 1,
    seconds: 3_600,
    slots: 1,
    busyCpu: 95,
    startup: 60,
    metricDelay: 60,
    service: { mean: 60, sigma: 0 },
    arrivals: Array.from({ length: 40 }, () => 0),
  };
  const never: ScalingPolicy = { minimum: 1, maximum: 1, tracking: [] };

  it("processes videos one at a time with one task", () => {
    const { late, ...rest } = simulate(world, never);
    expect(rest).toEqual({ taskHours: 1, done: 40, mostTasks: 1 });
    // The last one starts after 39 minutes; the second is one minute late.
    expect(late).toBeCloseTo(38, 1);
  });

  it("is sooner done by the deployed policy than by CPU alone", () => {
    const [ours, theirs] = [simulate(world, deployed), simulate(world, FIRST_DESIGN)];
    expect([ours.done, theirs.done]).toEqual([40, 40]);
    expect(ours.late).toBeLessThan(theirs.late);
    expect(ours.mostTasks).toBe(10);
  });

  it("restarts a video whose task is stopped, and loses none", () => {
    // Too little work for ten tasks: most are stopped while they work.
    const slow = { ...world, seconds: 7_200, service: { mean: 600, sigma: 0 }, busyCpu: 50 };
    expect(simulate(slow, { ...deployed, minimum: 1 }).done).toBe(40);
  });
});
