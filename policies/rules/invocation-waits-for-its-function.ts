import type { Resource, Stack } from "@packages/terraform/synthesized-stack";
import { defineRule, each } from "../rule";

/** Of the network of a function in a VPC: what leads to AWS's services. */
const NETWORK = ["aws_route", "aws_route_table_association", "aws_vpc_endpoint"];
const RULES = ["aws_vpc_security_group_egress_rule", "aws_vpc_security_group_ingress_rule"];

/** What a function needs besides the resources that it refers to. */
function neededBy(lambda: Resource, stack: Stack): Resource[] {
  const role = stack.meant("aws_iam_role", lambda.at("role").text);
  const groups = lambda
    .at("vpc_config.security_group_ids")
    .texts.flatMap((id) => stack.meant("aws_security_group", id) ?? []);
  const rules = groups.flatMap((group) =>
    RULES.flatMap((type) => [
      ...stack.pointing(type, "security_group_id", group),
      ...stack.pointing(type, "referenced_security_group_id", group),
    ]),
  );
  return [
    ...(role === undefined ? [] : stack.pointing("aws_iam_role_policy", "role", role)),
    ...rules,
    ...(groups.length === 0 ? [] : stack.of(...NETWORK)),
  ];
}

export const invocationWaitsForItsFunction = defineRule({
  id: "invocation-waits-for-its-function",
  sentence:
    "A function is invoked in an apply only after all that it needs: permissions, rules, routes and endpoints.",
  source: "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/lambda_invocation",
  code: { "stacks/constructs/data/migrations.ts": ["dependsOn"] },
  find: each("aws_lambda_invocation", (invocation, stack) => {
    const lambda = stack.functionMeant(invocation.at("function_name").text);
    if (lambda === undefined) return undefined;
    const before = stack.dependencies(invocation);
    const late = neededBy(lambda, stack).filter(({ address }) => !before.has(address));
    return late.length === 0
      ? undefined
      : {
          finding: `may run before ${late.map(({ address }) => address).join(", ")}, which ${lambda.address} needs`,
          remedy: "add what the function needs to dependsOn",
        };
  }),
});
