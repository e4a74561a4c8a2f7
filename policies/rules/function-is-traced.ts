import { each } from "../rule";

export const functionIsTraced = each("aws_lambda_function", (fn) =>
  fn.at("tracing_config.mode").text === "Active"
    ? undefined
    : { finding: "is not traced", remedy: 'set tracingConfig.mode to "Active"' },
);
