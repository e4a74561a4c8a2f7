import { each } from "../rule";

/** Runtimes that AWS still patches and both majors of the provider know. */
const SUPPORTED_RUNTIMES = ["nodejs22.x", "nodejs24.x", "python3.12", "python3.13", "provided.al2023"];

export const functionRuntimeIsSupported = each("aws_lambda_function", (fn) =>
  fn.at("package_type").text === "Image" || SUPPORTED_RUNTIMES.includes(fn.at("runtime").text)
    ? undefined
    : {
        finding: `runs on ${fn.at("runtime").text || "no runtime"}, which AWS patches no more`,
        remedy: `set runtime to one of ${SUPPORTED_RUNTIMES.join(", ")}`,
      },
);
