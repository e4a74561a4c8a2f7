import { parsePolicy } from "../../../../packages/iam/document";
import { evaluate } from "../../../../packages/iam/evaluate";
import { Invalidations } from "../../../../stacks/constructs/edge/invalidations";
import { here, logs } from "../../../support/network";
import { expectNoFaults } from "../../../support/faults";
import {
  decoded,
  settingsOf,
  type Synthesized,
  synthEnvironment,
  synthFoundation,
  synthOf,
} from "../../../support/synth";

const ARN = "arn:aws:cloudfront::123456789012:distribution/E123";

const synthesized = synthOf((stack) => {
  new Invalidations(stack, "invalidations", here).of({
    environment: "test",
    logs,
    edge: { distributionId: "E123", distributionArn: ARN },
  });
});

/** What the function's role may do besides its log, its traces and its queue, with the planted text if there is one. */
function rights(stack: Synthesized, plant: (policy: string) => string = (policy) => policy): string[] {
  const { policy } = stack.at("aws_iam_role_policy.invalidations_function_role_permissions");
  return parsePolicy("role", decoded(plant(policy as string)))
    .flatMap(({ actions, resources }) =>
      actions.flatMap((action) => resources.map((on) => `${action} ${on}`)),
    )
    .filter((right) => !/^(logs|xray|sqs):/.test(right));
}

const tooMuch = (found: readonly string[], distribution: string): string[] =>
  found
    .filter((right) => right !== `cloudfront:CreateInvalidation ${distribution}`)
    .map((right) => `the invalidate function may ${right}`);

test("its function may invalidate its own distribution, and do nothing else", () => {
  const found = rights(synthesized);
  expect(found).toHaveLength(1);
  expectNoFaults(tooMuch(found, ARN));
  const prod = rights(synthEnvironment("prod"));
  expect(prod).toHaveLength(1);
  expectNoFaults(tooMuch(prod, "${aws_cloudfront_distribution.edge.arn}"));
  const anyDistribution = rights(synthesized, (policy) => policy.replace(ARN, "*"));
  expect(tooMuch(anyDistribution, ARN)).toEqual([
    "the invalidate function may cloudfront:CreateInvalidation *",
  ]);
  const anyAction = rights(synthesized, (policy) => policy.replace("CreateInvalidation", "*"));
  expect(tooMuch(anyAction, ARN)).toEqual([`the invalidate function may cloudfront:* ${ARN}`]);
});

test("its function is outside of the VPC, where CloudFront's API can be reached, and has two calls at a time", () => {
  const lambda = synthesized.at("aws_lambda_function.invalidations_function");
  expect(lambda.vpc_config).toBeUndefined();
  expect(lambda.environment.variables).toEqual({
    ENVIRONMENT: "test",
    LOG_LEVEL: "INFO",
    DISTRIBUTION_ID: "E123",
  });
  expect(synthesized.of("aws_lambda_event_source_mapping")).toMatchObject([
    {
      event_source_arn: "${aws_sqs_queue.invalidations_queue.arn}",
      function_response_types: ["ReportBatchItemFailures"],
      scaling_config: { maximum_concurrency: 2 },
    },
  ]);
});

describe("in an environment", () => {
  const prod = synthEnvironment("prod");
  const without = synthEnvironment("prod", {
    edge: { ...settingsOf("prod").edge, invalidateDeleted: false },
  });

  test("the API and the processor know the queue", () => {
    const url = "${aws_sqs_queue.invalidations_queue.url}";
    expect(prod.at("aws_lambda_function.media").environment.variables.INVALIDATIONS_URL).toBe(url);
    const { container_definitions: containers } = prod.at("aws_ecs_task_definition.processor_task");
    expect((containers as string).replaceAll("\\", "")).toContain(
      '"INVALIDATIONS_URL", "value" = aws_sqs_queue.invalidations_queue.url',
    );
  });

  test("without the setting there is no queue, function, alarm or variable", () => {
    expect(JSON.stringify(prod.json)).toMatch(/invalidation/i);
    expect(JSON.stringify(without.json)).not.toMatch(/invalidation/i);
    expect(JSON.stringify(synthEnvironment("staging").json)).not.toMatch(/invalidation/i);
  });

  test("the workload boundary permits the call", () => {
    const boundary = synthFoundation("prod")
      .of("aws_iam_policy")
      .find((policy) => policy.name === "streamflow-foundation-workload-prod")?.policy as string;
    const decide = (action: string) =>
      evaluate(
        { action, resource: ARN, context: {} },
        { identityPolicies: parsePolicy("boundary", decoded(boundary)) },
      ).result;
    expect(decide("cloudfront:CreateInvalidation")).toBe("allowed");
    expect(decide("cloudfront:UpdateDistribution")).not.toBe("allowed");
  });

  test.each([
    [
      "invalidation-errors",
      "Errors",
      { FunctionName: "${aws_lambda_function.invalidations_function.function_name}" },
      { threshold: 0, period: 300, evaluation_periods: 3 },
    ],
    [
      "invalidation-age",
      "ApproximateAgeOfOldestMessage",
      { QueueName: "streamflow-prod-invalidations-queue" },
      { threshold: 3_600, period: 60, evaluation_periods: 10 },
    ],
    [
      "invalidation-dead-letters",
      "ApproximateNumberOfMessagesVisible",
      { QueueName: "${aws_sqs_queue.invalidations_queue_dead_letters.name}" },
      { threshold: 0, period: 60, evaluation_periods: 1 },
    ],
  ])("the alarm %s watches %s", (id, metric, dimensions, fires) => {
    const alarm = prod
      .of("aws_cloudwatch_metric_alarm")
      .find(({ alarm_name: name }) => String(name).endsWith(id));
    expect(alarm).toMatchObject({ metric_name: metric, dimensions, ...fires });
  });
});
