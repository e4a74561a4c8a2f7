import { NodeFunction } from "../../../../stacks/constructs/compute/node-function";
import { here, logs, networkIn } from "../../../support/network";
import { decoded, type Synthesized, synthOf } from "../../../support/synth";

function lambda(concurrency?: number): Synthesized {
  return synthOf((stack) => {
    const network = networkIn(stack);
    new NodeFunction<{ COLOUR: string }>(stack, "paint", {
      handler: "media",
      description: "Paints",
      ...here,
      network,
      logs,
      memory: 256,
      timeout: "10 seconds",
      ...(concurrency === undefined ? {} : { concurrency }),
      environment: { COLOUR: "blue" },
      permissions: [{ actions: ["sqs:SendMessage"], resources: ["arn:of:queue"] }],
      connections: network.awsServices,
    });
  });
}

test("runs on arm64 in private subnets, traced, as a published version", () => {
  expect(lambda().at("aws_lambda_function.paint")).toMatchObject({
    runtime: "nodejs22.x",
    architectures: ["arm64"],
    memory_size: 256,
    timeout: 10,
    publish: true,
    tracing_config: { mode: "Active" },
    environment: { variables: { COLOUR: "blue" } },
    vpc_config: {
      subnet_ids: ["${aws_subnet.network_private_a.id}", "${aws_subnet.network_private_b.id}"],
      security_group_ids: ["${aws_security_group.paint_security_group.id}"],
    },
  });
});

test("writes to a log group that expires", () => {
  const synthesized = lambda();
  expect(synthesized.at("aws_lambda_function.paint").logging_config).toEqual({
    log_format: "JSON",
    log_group: "${aws_cloudwatch_log_group.paint_log_group.name}",
  });
  expect(synthesized.at("aws_cloudwatch_log_group.paint_log_group")).toMatchObject({
    name: "/aws/lambda/streamflow-test-paint",
    retention_in_days: 14,
  });
});

test("has the listed permissions and those that every function in a VPC needs", () => {
  const synthesized = lambda();
  const { Statement } = decoded(
    synthesized.at("aws_iam_role_policy.paint_role_permissions").policy as string,
  );
  const statements = Statement as { Action: string[]; Resource: string[] }[];
  expect(statements[0]).toEqual({ Effect: "Allow", Action: ["sqs:SendMessage"], Resource: ["arn:of:queue"] });
  const everywhere = statements
    .filter(({ Resource }) => Resource.includes("*"))
    .flatMap(({ Action }) => Action);
  expect(everywhere.filter((action) => !/^(ec2|xray):/.test(action))).toEqual([]);
});

test("is put into the VPC after its permissions exist", () => {
  expect(lambda().at("aws_lambda_function.paint").depends_on).toContain(
    "aws_iam_role_policy.paint_role_permissions",
  );
});

test("connects only to its connections, and each of them accepts it", () => {
  const synthesized = lambda();
  expect(
    synthesized.at("aws_vpc_security_group_egress_rule.paint_security_group_to_endpoints"),
  ).toMatchObject({
    referenced_security_group_id: "${aws_security_group.network_endpoints_security_group.id}",
    from_port: 443,
    to_port: 443,
  });
  expect(
    synthesized.at("aws_vpc_security_group_ingress_rule.paint_security_group_into_endpoints"),
  ).toMatchObject({
    security_group_id: "${aws_security_group.network_endpoints_security_group.id}",
    referenced_security_group_id: "${aws_security_group.paint_security_group.id}",
  });
  expect(synthesized.of("aws_vpc_security_group_egress_rule")).toHaveLength(2);
});

test("reserves the concurrency of the settings", () => {
  expect(lambda().at("aws_lambda_function.paint")).not.toHaveProperty("reserved_concurrent_executions");
  expect(lambda(5).at("aws_lambda_function.paint").reserved_concurrent_executions).toBe(5);
});
