import { defineRule, each } from "../rule";

export const functionIsTraced = defineRule({
  id: "function-is-traced",
  sentence: "A function is traced by X-Ray.",
  source: "https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html",
  code: { "stacks/constructs/compute/node-function.ts": ["tracingConfig"] },
  find: each("aws_lambda_function", (fn) =>
    fn.at("tracing_config.mode").text === "Active"
      ? undefined
      : { finding: "tracing is not active", remedy: 'set tracingConfig to { mode: "Active" }' },
  ),
});
