import { join } from "node:path";
import { localFolder } from "@packages/cli-kit/paths";
import type { Steps } from "@packages/cli-kit/progress";
import { Refusal } from "@packages/cli-kit/refusal";
import type { Access } from "./account";
import { checkedAccess } from "./account";
import { prepare } from "./prepared-stack";
import type { SynthesizedStack } from "./synthesize";
import type { Target } from "./target";

/** An environment in AWS: access to its account, and the outputs of its stack. */
export interface DeployedEnvironment {
  readonly access: Access;
  readonly synthesized: SynthesizedStack;
  /** The text of an output. Throws a Refusal if the deployed stack has none. */
  readonly output: (name: string) => string;
}

/**
 * Checks the account, synthesizes the stack, and reads the outputs from its state. Throws a Refusal for an account
 * that is not in the settings.
 */
export async function readDeployed(target: Target, steps: Steps): Promise<DeployedEnvironment> {
  const access = await checkedAccess(target.settings, steps);
  const out = join(localFolder, "operations");
  const { stack, synthesized } = await prepare(target, { access, steps, out });
  await steps.run("terraform init", () => stack.init());
  const outputs = await stack.outputs();
  return { access, synthesized, output: (name) => textOutput(outputs, { name, environment: target.name }) };
}

interface OutputName {
  readonly name: string;
  readonly environment: string;
}

/** The text of an output. Throws a Refusal if there is none. */
export function textOutput(
  outputs: Readonly<Record<string, unknown>>,
  { name, environment }: OutputName,
): string {
  const value = outputs[name];
  if (typeof value === "string") return value;
  throw new Refusal(
    `the stack of ${environment} has no output ${name}: run npm run deploy -- ${environment} first`,
  );
}

/** Environment variable with the product's URL, where the name that the stack has for it does not lead to it. */
export const PRODUCT_URL = "STREAMFLOW_URL";

/** Environment variable with the URL of the registry for images, where the account's own name does not lead to it. */
export const REGISTRY_URL = "STREAMFLOW_REGISTRY";

/** URL of the product, without a slash at the end. Throws a Refusal if the stack is not deployed. */
export function productUrl(outputs: Readonly<Record<string, unknown>>, environment: string): string {
  const url = process.env[PRODUCT_URL] || textOutput(outputs, { name: "url", environment });
  return url.replace(/\/$/, "");
}
