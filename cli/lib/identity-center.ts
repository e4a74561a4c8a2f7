import { ListInstancesCommand, SSOAdminClient, type SSOAdminClientConfig } from "@aws-sdk/client-sso-admin";
import type { Steps } from "@packages/cli-kit/progress";
import { Refusal } from "@packages/cli-kit/refusal";
import type { EnvironmentSettings } from "../../stacks/settings";

/**
 * Checks, as a step, that the account sees an active IAM Identity Center if the settings' Grafana signs in with it. AWS
 * creates such a workspace without one, and nobody can sign in. Throws a Refusal that names the setting. Calls nothing
 * without that Grafana. https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_ListInstances.html
 */
export async function checkIdentityCenter(
  config: SSOAdminClientConfig,
  { name, region, grafana }: EnvironmentSettings,
  steps: Steps,
): Promise<void> {
  if (grafana?.kind !== "identity-center") return;
  const searched = grafana.identityCenterRegion ?? region;
  await steps.run(
    "IAM Identity Center",
    async () => {
      const found = await activeInstance({ ...config, region: searched }, name);
      if (found !== undefined) return found;
      throw new Refusal(
        `${name}.grafana needs an active IAM Identity Center, and the account sees none in ${searched}. Nothing was ` +
          `changed. Enable it, set grafana.identityCenterRegion to its region, or remove grafana.`,
      );
    },
    (arn) => arn,
  );
}

/** ARN of the first active instance in the region of the configuration; undefined if the account sees none. */
export async function activeIdentityCenter(config: SSOAdminClientConfig): Promise<string | undefined> {
  const client = new SSOAdminClient({ ...config, maxAttempts: 3 });
  try {
    const { Instances = [] } = await client.send(new ListInstancesCommand({}));
    return Instances.find(({ Status }) => Status === "ACTIVE")?.InstanceArn;
  } finally {
    client.destroy();
  }
}

/** ARN of the first active instance. Throws a Refusal if AWS does not answer. */
async function activeInstance(
  config: SSOAdminClientConfig,
  environment: string,
): Promise<string | undefined> {
  try {
    return await activeIdentityCenter(config);
  } catch (error) {
    const { name, message } = error as Error;
    throw new Refusal(
      `${environment}.grafana needs IAM Identity Center, which can't be checked: ${message} (${name}). Nothing was changed.`,
    );
  }
}
