import { CognitoIdentityProviderClient, ListUsersCommand } from "@aws-sdk/client-cognito-identity-provider";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { Refusal } from "@packages/cli-kit/refusal";
import { imageTag } from "../../stacks/constructs/compute/processor-image";
import type { EnvironmentSettings } from "../../stacks/settings";
import { hasImage } from "../image/run";
import type { Access } from "../lib/account";
import { foundationTargetOf } from "../lib/environment";
import { productUrl, textOutput } from "../lib/deployed-environment";
import { secretText } from "../lib/secret-text";
import { smokeTest } from "../lib/after-deployment";
import type { Check, Missing } from "./finding";
import { subscriptionChecks } from "./subscription-checks";

export type Outputs = Readonly<Record<string, unknown>>;

/** The image, and what an operator adds to the deployed stack; `outputs` are those of its state, empty before it has one. */
export function environmentChecks(
  settings: EnvironmentSettings,
  config: Access["client"],
  outputs: Outputs,
): Check[] {
  const { name } = settings;
  const deployed = Object.keys(outputs).length > 0;
  const image: Check = { name: "image", ask: () => imageAnswer(config, name) };
  const stack: Check = {
    name: "stack",
    ask: () =>
      Promise.resolve(
        deployed
          ? `streamflow-${name}, ${productUrl(outputs, name)}`
          : { missing: "it is not deployed", remedy: `npm run deploy -- ${name}` },
      ),
  };
  if (!deployed) return [image, stack];
  const text = (output: string): string => textOutput(outputs, { name: output, environment: name });
  return [
    image,
    stack,
    { name: "health", ask: () => health(`${productUrl(outputs, name)}/${text("api_stage")}`, name) },
    {
      name: "playback key",
      ask: () =>
        playbackKey(config, {
          secret: text("playback_keys_secret"),
          deployed: JSON.parse(text("playback_key_ids") || "{}") as Record<string, string>,
          environment: name,
        }),
    },
    { name: "users", ask: () => users(config, { UserPoolId: text("user_pool_id"), environment: name }) },
    ...subscriptionChecks(settings, config),
  ];
}

async function imageAnswer(config: Access["client"], environment: string): Promise<string | Missing> {
  const tag = imageTag();
  const remedy = `npm run image -- ${environment}`;
  try {
    if (await hasImage(config, environment, tag)) return tag;
    return { missing: `the registry has no image ${tag}`, remedy };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return {
      missing: "there is no repository",
      remedy: `npm run deploy -- ${foundationTargetOf(environment)}, then ${remedy}`,
    };
  }
}

async function health(api: string, environment: string): Promise<string | Missing> {
  try {
    return await smokeTest(api, { timeoutMs: 0 });
  } catch (error) {
    return {
      missing: (error as Error).message.split("\n")[0] ?? "",
      remedy: `npm run deploy -- ${environment}, which waits for it`,
    };
  }
}

interface DeployedKeys {
  readonly secret: string;
  /** Ids of the public keys by name. */
  readonly deployed: Readonly<Record<string, string>>;
  readonly environment: string;
}

async function playbackKey(
  config: Access["client"],
  { secret, deployed, environment }: DeployedKeys,
): Promise<string | Missing> {
  const client = new SecretsManagerClient(config);
  try {
    const stored = Object.keys(JSON.parse((await secretText(client, secret)) ?? "{}") as object);
    const missing = Object.entries(deployed).filter(([, id]) => !stored.includes(id));
    if (missing.length === 0) return `${Object.keys(deployed).join(", ")} in the secret`;
    return {
      missing: `the secret lacks the private key of ${missing.map(([key]) => key).join(", ")}`,
      remedy: `npm run playback-key -- ${environment}`,
    };
  } finally {
    client.destroy();
  }
}

async function users(
  config: Access["client"],
  { UserPoolId, environment }: { readonly UserPoolId: string; readonly environment: string },
): Promise<string | Missing> {
  const client = new CognitoIdentityProviderClient(config);
  try {
    const { Users = [] } = await client.send(new ListUsersCommand({ UserPoolId, Limit: 60 }));
    if (Users.length > 0) return `${Users.length === 60 ? "60 or more" : Users.length}`;
    return { missing: "nobody can sign in", remedy: `npm run users -- ${environment} invite EMAIL` };
  } finally {
    client.destroy();
  }
}
