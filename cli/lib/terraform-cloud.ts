import { Refusal } from "@packages/cli-kit/refusal";
import { TerraformCloudClient } from "@packages/terraform-cloud/client";
import { findToken, tokenVariable } from "@packages/terraform-cloud/token";
import { TERRAFORM_CLOUD_HOST } from "../../stacks/constructs/delivery/web-identities";
import type { StateSettings } from "../../stacks/settings";

export type TerraformCloudState = Extract<StateSettings, { kind: "terraform-cloud" }>;

/** Host name of the settings, or Terraform Cloud's. */
export const hostnameOf = ({ hostname = TERRAFORM_CLOUD_HOST }: TerraformCloudState): string => hostname;

/** A client with the token that Terraform uses. Throws a Refusal if there is none. */
export function terraformCloudClient(state: TerraformCloudState): TerraformCloudClient {
  const hostname = hostnameOf(state);
  return new TerraformCloudClient({ hostname, token: tokenFor(hostname) });
}

/**
 * Environment variables with which Terraform finds the token: its own CLI configuration is replaced by ours, so that the
 * token of `terraform login` would not be read. Throws a Refusal if there is none.
 */
export function tokenEnvironment(state: StateSettings): Readonly<Record<string, string>> {
  if (state.kind !== "terraform-cloud") return {};
  const hostname = hostnameOf(state);
  return { [tokenVariable(hostname)]: tokenFor(hostname) };
}

/** The secret of workflows, which don't know the host name that Terraform's own variable contains. */
const PIPELINE_TOKEN = "TERRAFORM_CLOUD_TOKEN";

/** Throws a Refusal if a credentials helper fails. */
function foundToken(hostname: string): string | undefined {
  try {
    return findToken(hostname)?.token;
  } catch (error) {
    throw new Refusal(`${(error as Error).message}; nothing was changed`);
  }
}

function tokenFor(hostname: string): string {
  const token = foundToken(hostname) ?? process.env[PIPELINE_TOKEN];
  if (token !== undefined && token !== "") return token;
  const login = hostname === TERRAFORM_CLOUD_HOST ? "terraform login" : `terraform login ${hostname}`;
  throw new Refusal(
    `no token for ${hostname}: run ${login}, or set ${tokenVariable(hostname)}. Nothing was changed`,
  );
}
