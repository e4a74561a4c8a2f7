import { randomBytes } from "node:crypto";
import { PutSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { Steps } from "@packages/cli-kit/progress";
import type { TerraformCloudClient } from "@packages/terraform-cloud/client";
import type { WantedTask } from "@packages/terraform-cloud/configuration";
import { currentState } from "@packages/terraform-cloud/states";
import { parseState, textOutputs } from "@packages/terraform/state";
import { reviewTaskSecret } from "../../stacks/constructs/delivery/review-task";
import { foundationName, REVIEW_TASK_URL } from "../../stacks/foundation-stack";
import type { EnvironmentSettings } from "../../stacks/settings";
import { checkedAccess } from "../lib/account";
import { secretText } from "../lib/secret-text";
import type { TerraformCloudState } from "../lib/terraform-cloud";

/** Bytes of a key: as many as a digest of HMAC-SHA512. */
const KEY_BYTES = 64;

/**
 * The run task of the foundation's function; undefined before the foundation is deployed with it. The key of its signatures
 * is in Secrets Manager; it is created with the task.
 */
export async function wantedReviewTask(
  settings: EnvironmentSettings,
  { organization }: TerraformCloudState,
  { client, steps }: { readonly client: TerraformCloudClient; readonly steps: Steps },
): Promise<WantedTask | undefined> {
  const { account } = settings;
  const workspace = foundationName(account);
  const current = await currentState(client, { organization, workspace });
  if (current === undefined) return undefined;
  const url = textOutputs(parseState(await client.download(current.downloadUrl), current.id))[
    REVIEW_TASK_URL
  ];
  if (url === undefined || url === "") return undefined;
  return {
    name: `streamflow-review-${account}`,
    url,
    hmacKey: async () => {
      const { client: aws } = await checkedAccess(settings, steps);
      return signatureKey(new SecretsManagerClient(aws), reviewTaskSecret(account));
    },
  };
}

/** The secret's key, or a new one that is stored there. */
async function signatureKey(client: SecretsManagerClient, SecretId: string): Promise<string> {
  try {
    const known = await secretText(client, SecretId);
    if (known !== undefined) return known;
    const key = randomBytes(KEY_BYTES).toString("hex");
    await client.send(new PutSecretValueCommand({ SecretId, SecretString: key }));
    return key;
  } finally {
    client.destroy();
  }
}
