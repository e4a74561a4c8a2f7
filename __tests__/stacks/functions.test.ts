import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { statementsOf } from "../../cli/docs/role-statements";
import { plannedStatements } from "../../packages/iam/planned-policy";
import { referencedName, type Resource, Stack } from "../../packages/terraform/synthesized-stack";
import { environments } from "../../stacks/environments";
import { expectNoFaults } from "../support/faults";
import { synthEnvironment, synthSettings } from "../support/synth";

/** Actions that the Lambda service performs with a function's role, outside the VPC. */
const LAMBDA_SERVICE_ACTIONS = [
  /^(ec2|logs|xray):/,
  // Actions of its queue poller.
  /^sqs:(ReceiveMessage|DeleteMessage|GetQueueAttributes)$/,
];

/**
 * IAM's name of a service whose endpoint has another name; undefined for services that functions reach by other
 * connections.
 */
const ENDPOINTS: Readonly<Record<string, string | undefined>> = {
  "rds-db": undefined,
  elasticache: undefined,
  cloudwatch: "monitoring",
};

const actionsOf = (stack: Stack, lambda: Resource): string[] =>
  statementsOf(stack, referencedName(lambda.at("role").raw) ?? "").flatMap(({ actions }) => actions);

/** AWS services that functions may call but can't reach from their subnets; those outside of the VPC reach all. */
function networkFaults(stack: Stack): string[] {
  if (stack.of("aws_nat_gateway").length > 0) return [];
  const reachable = stack
    .of("aws_vpc_endpoint")
    .map((endpoint) => /^com\.amazonaws\.[\w-]+\.(.+)$/.exec(endpoint.at("service_name").text)?.[1]);
  const inVpc = stack.of("aws_lambda_function").filter((lambda) => lambda.at("vpc_config").exists);
  return inVpc.flatMap((lambda) => {
    const called = actionsOf(stack, lambda)
      .filter((action) => !LAMBDA_SERVICE_ACTIONS.some((pattern) => pattern.test(action)))
      .map((action) => action.split(":")[0] ?? "")
      .map((service) => (service in ENDPOINTS ? ENDPOINTS[service] : service))
      .filter((service) => service !== undefined);
    return [...new Set(called)]
      .filter((service) => !reachable.includes(service))
      .map(
        (service) =>
          `the function ${lambda.name} can't reach ${service} in ${stack.name}, which has no NAT gateway: ` +
          `add "${service}" to network.endpoints in stacks/environments.ts`,
      );
  });
}

/** Database users of a function or the processor that the migrate function does not create. */
function userFaults(stack: Stack): string[] {
  const created = stack
    .of("aws_lambda_function")
    .flatMap((lambda) => lambda.at("environment.variables.DATABASE_USERS").text.split(","));
  const used = stack
    .of("aws_iam_role_policy")
    .flatMap((policy) => plannedStatements(policy.at("policy")))
    .filter(({ actions }) => actions.includes("rds-db:connect"))
    .flatMap(({ resources }) => resources.map((arn) => arn.split("/").at(-1) ?? ""));
  return [...new Set(used)]
    .filter((user) => !created.includes(user))
    .map((user) => `add "${user}" to DATABASE_USERS of the migrate function in stacks/streamflow-stack.ts`);
}

const stacks = environments.map((settings) => new Stack(settings.name, synthSettings(settings).json));

test.each(stacks)("every function of $name reaches the AWS services that it may call", (stack) => {
  expectNoFaults(networkFaults(stack));
});

test.each(stacks)(
  "the migrate function of $name creates every database user that a role logs in as",
  (stack) => {
    expectNoFaults(userFaults(stack));
  },
);

const HANDLERS = resolve(__dirname, "../../handlers");

/** Entries of `handlers/` that its README does not describe. */
function entryFaults(entries: readonly string[], page: string): string[] {
  return entries
    .filter((entry) => !page.includes(`\`${entry}\``))
    .map(
      (entry) =>
        `add ${entry} to the first table of handlers/README.md: who calls it, with what, and its answer`,
    );
}

test("every entry of handlers/ is described in its README", () => {
  const entries = readdirSync(HANDLERS).filter((name) => name.endsWith(".ts"));
  const page = readFileSync(join(HANDLERS, "README.md"), "utf8");
  expectNoFaults(entryFaults(entries, page));
  expect(entryFaults([...entries, "nowhere.ts"], page)).toEqual([
    expect.stringMatching(/^add nowhere\.ts to the first table of handlers\/README\.md/),
  ]);
});

/** The stack of dev with every occurrence of a text replaced. */
const devWith = (text: string, other: string): Stack =>
  new Stack("dev", JSON.parse(JSON.stringify(synthEnvironment("dev").json).replaceAll(text, other)));

test("a service without an endpoint, and a user that nobody creates, are named", () => {
  expect(networkFaults(devWith("secretsmanager:GetSecretValue", "ssm:GetParameter"))).toContain(
    "the function media can't reach ssm in dev, which has no NAT gateway: " +
      'add "ssm" to network.endpoints in stacks/environments.ts',
  );
  expect(userFaults(devWith("media,processor", "media"))).toEqual([
    'add "processor" to DATABASE_USERS of the migrate function in stacks/streamflow-stack.ts',
  ]);
});
