import { defineRule, each } from "../rule";

/** Runtimes that AWS still patches and both major versions of the provider accept. */
const SUPPORTED_RUNTIMES = ["nodejs22.x", "nodejs24.x", "python3.12", "python3.13", "provided.al2023"];

export const functionRuntimeIsSupported = defineRule({
  id: "function-runtime-is-supported",
  sentence: "A function's runtime is supported by AWS.",
  source: "https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html",
  code: { "stacks/constructs/compute/node-function.ts": ["runtime"] },
  find: each("aws_lambda_function", (fn) =>
    fn.at("package_type").text === "Image" || SUPPORTED_RUNTIMES.includes(fn.at("runtime").text)
      ? undefined
      : {
          finding: `the runtime is ${fn.at("runtime").text || "not set"}, which is not supported`,
          remedy: `set runtime to one of ${SUPPORTED_RUNTIMES.join(", ")}`,
        },
  ),
});
