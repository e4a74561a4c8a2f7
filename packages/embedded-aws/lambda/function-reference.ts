import type { FunctionReference } from "./configuration";

/** Parses `name`, `name:alias`, or an ARN that ends with either. */
export function functionOf(text: string): FunctionReference {
  const [functionName = "", qualifier] = text.replace(/^arn:aws:lambda:[^:]*:\d*:function:/, "").split(":");
  return { functionName, qualifier };
}
