import type { Resource, Stack } from "@packages/terraform/synthesized-stack";
import { addressesIn } from "@packages/terraform/synthesized-stack";
import { defineRule, each } from "../rule";

/** Whether a function's or a task's configuration refers to a database. */
const usesDatabase = (one: Resource | undefined): boolean =>
  addressesIn(JSON.stringify(one?.raw ?? {})).some((address) => address.startsWith("aws_db_instance."));

/** What an alias or a service runs; undefined for the function that migrates. */
function servedBy(serving: Resource, stack: Stack): Resource | undefined {
  if (serving.type === "aws_ecs_service") {
    return stack.meant("aws_ecs_task_definition", serving.at("task_definition").text);
  }
  const served = stack.functionMeant(serving.at("function_name").text);
  const invoked = stack
    .of("aws_lambda_invocation")
    .map((invocation) => stack.functionMeant(invocation.at("function_name").text));
  return invoked.includes(served) ? undefined : served;
}

export const newCodeWaitsForMigrations = defineRule({
  id: "new-code-waits-for-migrations",
  sentence: "What uses a database serves new code only after the migrations.",
  source: "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/lambda_invocation",
  code: { "stacks/streamflow-stack.ts": ["after"] },
  find: each(["aws_lambda_alias", "aws_ecs_service"], (serving, stack) => {
    if (!usesDatabase(servedBy(serving, stack))) return undefined;
    const before = [...stack.dependencies(serving)];
    return before.some((address) => address.startsWith("aws_lambda_invocation."))
      ? undefined
      : {
          finding: "serves new code on the old schema: it does not depend on the migrations' run",
          remedy: "pass the Migrations' done to after",
        };
  }),
});
