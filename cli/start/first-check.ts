import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectFolder } from "@packages/cli-kit/paths";
import { checkProduct, type CheckResult } from "../../handlers/synthetic-check/check";
import { invokeFunction } from "../lib/invoke-function";
import type { Deployment } from "./deploy";
import { signInSampleUser } from "./sample-user";
import { output, type Served } from "./serve";
import { PROCESSING_TIMEOUT_S } from "./video";

export interface FirstCheckOptions {
  readonly deployment: Deployment;
  readonly served: Served;
  /** URL of the product. */
  readonly url: string;
}

/**
 * Runs the synthetic check once and returns its result as text: the deployed function, or the same check from here in an
 * environment without one. Throws with the step at which it failed.
 */
export async function firstCheck(options: FirstCheckOptions): Promise<string> {
  const { deployment, served } = options;
  const name = deployment.outputs.check_function;
  const result =
    name === undefined
      ? await checkFromHere(options)
      : ((await invokeFunction(deployment.aws, {
          name,
          event: {},
          log: served.logFile(name),
        })) as CheckResult);
  return outcomeOf(result, name ?? "from here, because the environment has no syntheticCheck");
}

/** The line about a check; throws if it failed. */
export function outcomeOf(result: CheckResult, by: string): string {
  if (!result.ok)
    throw new Error(`the synthetic check (${by}) failed at the step ${result.step}: ${result.reason}`);
  return `succeeded (${by}), ready ${result.readySeconds.toFixed(1)} s after the upload, played and deleted`;
}

/** A creator of its own, so that the sample's creator sees no video of the check. */
function checkFromHere({ deployment, url }: FirstCheckOptions): Promise<CheckResult> {
  const pool = {
    userPoolId: output(deployment, "user_pool_id"),
    clientId: output(deployment, "user_pool_client_id"),
  };
  const user = {
    email: "synthetic-check@example.com",
    password: `aA1-${randomBytes(24).toString("base64url")}`,
  };
  return checkProduct({
    url,
    signIn: () => signInSampleUser(deployment.aws, pool, user),
    clip: readFileSync(join(projectFolder, "handlers/clips/synthetic-check.mp4")),
    readyWithinMs: PROCESSING_TIMEOUT_S * 1_000,
  });
}
