import {
  askedByAlarms,
  dashboardBody,
  type Shown,
  shownByDashboard,
} from "../../../../cli/grafana/dashboard-body";
import { Stack } from "../../../../packages/terraform/synthesized-stack";
import { expectNoFaults } from "../../../support/faults";
import { synthEnvironment } from "../../../support/synth";

/** Functions and queues without their own alarm, each with what is monitored instead. */
const WITHOUT_ALARM: Readonly<Record<string, string>> = {
  migrate: "a deployment calls it, and fails with it",
  synthetic_check_function: "its alarm also fires if no check ends",
};

const FOLDER = "stacks/constructs/observability";

/** Functions without an error alarm or a graph, and dead-letter queues that notify nobody. */
function coverageFaults(stack: Stack, alarmed: readonly Shown[], shown: readonly Shown[]): string[] {
  const has = (metrics: readonly Shown[], name: string, dimension: readonly [string, string]): boolean =>
    metrics.some((one) => one.name === name && one.dimensions[dimension[0]] === dimension[1]);
  const functions = stack.attributesOf("aws_lambda_function").flatMap(([name, attributes]) => {
    const dimension = ["FunctionName", String(attributes.function_name)] as const;
    return [
      ...(name in WITHOUT_ALARM || has(alarmed, "Errors", dimension)
        ? []
        : [`add an alarm on the Errors of the function ${name} to ${FOLDER}/alarm-definitions.ts`]),
      ...(has(shown, "Errors", dimension)
        ? []
        : [`add a graph of the Errors of the function ${name} to ${FOLDER}/dashboard-sections.ts`]),
    ];
  });
  const queues = stack
    .attributesOf("aws_sqs_queue")
    // A queue without its own dead-letter queue is the dead-letter queue of another.
    .filter(([, { redrive_policy: redrive }]) => redrive === undefined)
    .flatMap(([name, attributes]) => {
      const dimension = ["QueueName", String(attributes.name)] as const;
      const metric = "ApproximateNumberOfMessagesVisible";
      return [
        ...(has(alarmed, metric, dimension)
          ? []
          : [`add an alarm on the messages in ${name} to ${FOLDER}/alarm-definitions.ts`]),
        ...(has(shown, metric, dimension)
          ? []
          : [`add a graph of the messages in ${name} to ${FOLDER}/dashboard-sections.ts`]),
      ];
    });
  return [...functions, ...queues];
}

const stack = new Stack("prod", synthEnvironment("prod").json);
const alarmed = askedByAlarms(stack);
const shown = shownByDashboard(dashboardBody(stack));

test("the errors of every function and every dead letter have an alarm and a graph", () => {
  expectNoFaults(coverageFaults(stack, alarmed, shown));
});

test("a function and dead letters that nobody watches are named", () => {
  const without = (metrics: readonly Shown[], name: string) => metrics.filter((one) => one.name !== name);
  const messages = "ApproximateNumberOfMessagesVisible";
  expect(coverageFaults(stack, without(alarmed, "Errors"), without(shown, "Errors"))).toEqual(
    expect.arrayContaining([
      `add an alarm on the Errors of the function media to ${FOLDER}/alarm-definitions.ts`,
      `add a graph of the Errors of the function media to ${FOLDER}/dashboard-sections.ts`,
      `add a graph of the Errors of the function migrate to ${FOLDER}/dashboard-sections.ts`,
    ]),
  );
  expect(coverageFaults(stack, without(alarmed, messages), without(shown, messages))).toEqual(
    expect.arrayContaining([
      `add an alarm on the messages in media_queue_dead_letters to ${FOLDER}/alarm-definitions.ts`,
      `add a graph of the messages in media_queue_dead_letters to ${FOLDER}/dashboard-sections.ts`,
    ]),
  );
});
