import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import type { EnvironmentSettings } from "../../stacks/settings";
import type { Steps } from "@packages/cli-kit/progress";
import { Refusal } from "@packages/cli-kit/refusal";

// The SDK warns of this machine's Node.js, which deploys nothing of its own.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";

/** How AWS is reached, by Terraform and by the SDK alike. */
export interface Access {
  /** What messages call it: `profile dev`, or `the credentials in the environment`. */
  readonly name: string;
  /** Laid over the environment of Terraform. */
  readonly env: Readonly<Record<string, string>>;
  /** Configuration of every AWS SDK client. */
  readonly client: { readonly region: string; readonly profile?: string };
}

/** Any of these means that somebody chose credentials: a pipeline, or a person who exported them. */
const CREDENTIAL_VARIABLES = [
  "AWS_ACCESS_KEY_ID",
  "AWS_PROFILE",
  "AWS_WEB_IDENTITY_TOKEN_FILE",
  "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
  "AWS_CONTAINER_CREDENTIALS_FULL_URI",
] as const;

/** The settings' profile, unless the environment holds credentials. */
export function accessOf(settings: EnvironmentSettings, env: NodeJS.ProcessEnv = process.env): Access {
  const { region, profile } = settings;
  const chosen = CREDENTIAL_VARIABLES.find((name) => env[name]);
  if (chosen === undefined) {
    return { name: `the profile ${profile}`, env: { AWS_PROFILE: profile }, client: { region, profile } };
  }
  const name =
    chosen === "AWS_PROFILE" ? `the profile ${env.AWS_PROFILE}` : "the credentials in the environment";
  return { name, env: {}, client: { region } };
}

/**
 * Asks AWS whose credentials these are; returns the ARN. Throws a Refusal when there are none, or when they are of
 * another account than the settings'.
 */
export async function guardAccount(access: Access, { name, account }: EnvironmentSettings): Promise<string> {
  const { Account, Arn = "" } = await identity(access, name);
  if (Account === account) return Arn;
  throw new Refusal(
    `${access.name} is of account ${Account} (${Arn}), but ${name} is account ${account} in ` +
      `stacks/environments.ts: nothing was done; use credentials of ${account}, or correct the settings`,
  );
}

/** Checks the account as a step of a command; returns how AWS is reached. Throws as `guardAccount` does. */
export async function checkedAccess(settings: EnvironmentSettings, steps: Steps): Promise<Access> {
  const access = accessOf(settings);
  await steps.run(
    "account",
    () => guardAccount(access, settings),
    (arn) => `${settings.account}, by ${access.name} (${arn})`,
  );
  return access;
}

async function identity(access: Access, environment: string) {
  const client = new STSClient({ ...access.client, maxAttempts: 3 });
  try {
    return await client.send(new GetCallerIdentityCommand({}));
  } catch (error) {
    const { name, message } = error as Error;
    throw new Refusal(
      `${access.name} can't be used for ${environment}: ${message} (${name}); nothing was done; ` +
        `sign in (aws sso login), or put credentials into the environment`,
    );
  } finally {
    client.destroy();
  }
}
