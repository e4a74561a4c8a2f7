import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createPublicKey } from "node:crypto";
import { CloudFrontClient, GetPublicKeyCommand, ListPublicKeysCommand } from "@aws-sdk/client-cloudfront";
import {
  ListSecretsCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import type { AwsClientConfig } from "@packages/embedded-aws/client";

const SAMPLE = join(__dirname, "samples/playback-key.pem");

/**
 * Stores the sample's private key in the deployed secret, under the id of its public key, as an operator does on AWS.
 * Throws if the distribution has another key.
 */
export async function putPlaybackKeys(config: AwsClientConfig): Promise<string> {
  const pem = readFileSync(SAMPLE, "utf8");
  const id = await idOf(config, createPublicKey(pem).export({ type: "spki", format: "pem" }) as string);
  const client = new SecretsManagerClient(config);
  const { SecretList = [] } = await client.send(
    new ListSecretsCommand({ Filters: [{ Key: "name", Values: ["streamflow-"] }] }),
  );
  const secret = SecretList.find(({ Name }) => Name?.endsWith("playback-keys-private-keys"));
  if (secret === undefined) throw new Error("the stack has no secret for playback keys");
  await client.send(
    new PutSecretValueCommand({ SecretId: secret.ARN, SecretString: JSON.stringify({ [id]: pem }) }),
  );
  return id;
}

async function idOf(config: AwsClientConfig, publicKey: string): Promise<string> {
  const client = new CloudFrontClient(config);
  const { PublicKeyList } = await client.send(new ListPublicKeysCommand({}));
  for (const { Id } of PublicKeyList?.Items ?? []) {
    const { PublicKey } = await client.send(new GetPublicKeyCommand({ Id }));
    if (PublicKey?.PublicKeyConfig?.EncodedKey?.trim() === publicKey.trim()) return Id ?? "";
  }
  throw new Error(
    "the sample playback key is not deployed: edge.playbackKeys in the settings has another key",
  );
}
