import { each, unless } from "../rule";

export const functionIsTraced = each("aws_lambda_function", (fn) =>
  unless(
    fn.at("tracing_config.mode").text === "Active",
    "is not traced",
    'set tracingConfig.mode to "Active"',
  ),
);
