import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { AwsClientConfig } from "../client";

/** A function that reads RDS's master password from Secrets Manager, uncached because it rotates. */
export function masterPassword(config: AwsClientConfig, secretArn: string): () => Promise<string> {
  const client = new SecretsManagerClient(config);
  return async () => {
    const { SecretString = "{}" } = await client.send(new GetSecretValueCommand({ SecretId: secretArn }));
    const { password } = JSON.parse(SecretString) as { password?: unknown };
    if (typeof password !== "string") throw new Error(`the secret ${secretArn} has no password`);
    return password;
  };
}
