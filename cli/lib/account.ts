import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import type { EnvironmentSettings } from "../../stacks/settings";
import type { Steps } from "@packages/cli-kit/progress";
import { Refusal } from "@packages/cli-kit/refusal";

// The SDK warns about this machine's Node.js, which is not deployed.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";

/** Credentials and region for Terraform and the SDK. */
export interface Access {
  /** Name for messages: `profile dev`, or `credentials in environment variables`. */
  readonly name: string;
  /** Added to Terraform's environment variables. */
  readonly env: Readonly<Record<string, string>>;
  /** Configuration of every AWS SDK client. */
  readonly client: { readonly region: string; readonly profile?: string };
}

/** If any of these is set, a pipeline or person has chosen credentials. */
const CREDENTIAL_VARIABLES = [
  "AWS_ACCESS_KEY_ID",
  "AWS_PROFILE",
  "AWS_WEB_IDENTITY_TOKEN_FILE",
  "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
  "AWS_CONTAINER_CREDENTIALS_FULL_URI",
] as const;

/** Credentials from environment variables if set, else from the settings' profile. */
export function accessOf(settings: EnvironmentSettings, env: NodeJS.ProcessEnv = process.env): Access {
  const { region, profile } = settings;
  const chosen = CREDENTIAL_VARIABLES.find((name) => env[name]);
  if (chosen === undefined) {
    return { name: `profile ${profile}`, env: { AWS_PROFILE: profile }, client: { region, profile } };
  }
  const name =
    chosen === "AWS_PROFILE" ? `profile ${env.AWS_PROFILE}` : "credentials in environment variables";
  return { name, env: {}, client: { region } };
}

/**
 * The ARN of the credentials. Throws a Refusal if there are none or they belong to another account than the settings'.
 */
export async function guardAccount(access: Access, { name, account }: EnvironmentSettings): Promise<string> {
  const { Account, Arn = "" } = await identity(access, name);
  if (Account === account) return Arn;
  throw new Refusal(
    `wrong account: ${access.name} belongs to ${Account} (${Arn}), but ${name} is in ${account} by ` +
      `stacks/environments.ts. Nothing was changed. Use credentials of ${account}, or correct the settings.`,
  );
}

/** Checks the account as a step of a command; returns the access. Throws as `guardAccount` does. */
export async function checkedAccess(settings: EnvironmentSettings, steps: Steps): Promise<Access> {
  const access = accessOf(settings);
  await steps.run(
    "account",
    () => guardAccount(access, settings),
    (arn) => `${settings.account}, with ${access.name} (${arn})`,
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
      `no usable AWS credentials for ${environment} (${access.name}): ${message} (${name}). Nothing was changed. ` +
        `Run aws sso login, or set AWS_* environment variables.`,
    );
  } finally {
    client.destroy();
  }
}
