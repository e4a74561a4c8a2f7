import { Schedule, type ScheduleProps } from "../../../../stacks/constructs/compute/schedule";
import { WorkQueue } from "../../../../stacks/constructs/data/work-queue";
import { functionIn, here } from "../../../support/network";
import { decoded, type Synthesized, synthOf } from "../../../support/synth";

const times: Pick<ScheduleProps, "account" | "expression"> = {
  account: here.account,
  expression: "cron(0 3 * * ? *)",
};

/** A schedule that calls a function, and one that sends to a queue. */
function schedules(more: Partial<ScheduleProps> = {}): Synthesized {
  return synthOf((stack) => {
    const sweep = functionIn(stack, "sweep");
    const orders = new WorkQueue(stack, "orders", {
      visibilityTimeout: "1 minute",
      maxReceives: 2,
      deadLetterRetention: "1 day",
      ...here,
    });
    new Schedule(stack, "nightly", { ...times, ...more, target: sweep.scheduleTarget() });
    const often = { ...times, expression: "rate(5 minutes)", target: orders.scheduleTarget() };
    new Schedule(stack, "often", often);
  });
}

const statements = (synthesized: Synthesized, role: string): unknown =>
  decoded(synthesized.at(`aws_iam_role_policy.${role}_permissions`).policy as string).Statement;

test("calls a function by its alias, at exactly that time, by a role that may do nothing else", () => {
  const synthesized = schedules();
  const alias = "${aws_lambda_alias.sweep_live.arn}";
  expect(synthesized.at("aws_scheduler_schedule.nightly")).toMatchObject({
    name: "streamflow-test-nightly",
    schedule_expression: "cron(0 3 * * ? *)",
    flexible_time_window: { mode: "OFF" },
    target: { arn: alias, role_arn: "${aws_iam_role.nightly_role.arn}" },
    depends_on: ["aws_iam_role.nightly_role", "aws_iam_role_policy.nightly_role_permissions"],
  });
  expect(statements(synthesized, "nightly_role")).toEqual([
    { Effect: "Allow", Action: ["lambda:InvokeFunction"], Resource: [alias] },
  ]);
});

test("sends to a queue by a role that may do nothing else", () => {
  const synthesized = schedules();
  expect(synthesized.at("aws_scheduler_schedule.often").target.arn).toBe("${aws_sqs_queue.orders.arn}");
  expect(statements(synthesized, "often_role")).toEqual([
    {
      Effect: "Allow",
      Action: ["sqs:SendMessage"],
      Resource: ["arn:aws:sqs:us-east-1:123456789012:streamflow-test-orders"],
    },
  ]);
});

test("has a time zone and an input where they are given, and EventBridge's own where they are not", () => {
  const plain = schedules().at("aws_scheduler_schedule.nightly");
  expect(plain.schedule_expression_timezone).toBeUndefined();
  expect(plain.target.input).toBeUndefined();
  const given = schedules({ timeZone: "Europe/Lisbon", input: { dryRun: true } });
  expect(given.at("aws_scheduler_schedule.nightly")).toMatchObject({
    schedule_expression_timezone: "Europe/Lisbon",
    target: { input: '{"dryRun":true}' },
  });
});

test("repeats a call that did not reach its target as often as it is set, which may be never", () => {
  expect(schedules().at("aws_scheduler_schedule.nightly").target.retry_policy).toBeUndefined();
  expect(schedules({ retries: 0 }).at("aws_scheduler_schedule.nightly").target.retry_policy).toEqual({
    maximum_retry_attempts: 0,
  });
});

test("only schedules of its account can assume its role", () => {
  const trust = (role: string): unknown =>
    decoded(schedules().at(`aws_iam_role.${role}`).assume_role_policy as string).Statement;
  for (const role of ["nightly_role", "often_role"]) {
    expect(trust(role)).toEqual([
      {
        Effect: "Allow",
        Action: "sts:AssumeRole",
        Principal: { Service: "scheduler.amazonaws.com" },
        Condition: { StringEquals: { "aws:SourceAccount": here.account } },
      },
    ]);
  }
});
