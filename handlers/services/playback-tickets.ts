import { createPrivateKey, createSign, type KeyObject } from "node:crypto";
import type { Tickets } from "../media/ports";
import type { AwsClient } from "./aws-client";

export interface PlaybackTicketsOptions {
  /** Of Secrets Manager. */
  readonly client: AwsClient;
  /** Secret that holds `{ "<public key id>": "<private key in PEM>" }`: the last one signs. */
  readonly secretArn: string;
  /** What viewers see, without a slash at its end: `https://streamflow.example`. */
  readonly publicUrl: string;
  readonly now?: () => number;
}

interface SigningKey {
  /** Of the public key, as CloudFront calls it. */
  readonly id: string;
  readonly key: KeyObject;
}

/** Milliseconds that the keys are kept: so long may a rotation take to be seen. */
const KEYS_TTL_MS = 300_000;

/**
 * Signed cookies of CloudFront, by a policy of their own. They end with the browser's session, and count no more after
 * their time, whatever the browser keeps.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-setting-signed-cookie-custom-policy.html
 */
export class PlaybackTickets implements Tickets {
  private signing: SigningKey | undefined;
  private read = -Infinity;

  constructor(private readonly options: PlaybackTicketsOptions) {}

  async cookies(id: string, until: number): Promise<string[]> {
    const { id: keyId, key } = await this.signingKey();
    const path = `/stream/${id}/`;
    const policy = policyFor(`${this.options.publicUrl}${path}`, until);
    const values = {
      "CloudFront-Policy": forCookie(Buffer.from(policy)),
      "CloudFront-Signature": forCookie(createSign("RSA-SHA1").update(policy).sign(key)),
      "CloudFront-Key-Pair-Id": keyId,
    };
    return Object.entries(values).map(
      ([name, value]) => `${name}=${value}; Path=${path}; Secure; HttpOnly; SameSite=Lax`,
    );
  }

  private async signingKey(): Promise<SigningKey> {
    const now = (this.options.now ?? Date.now)();
    if (this.signing !== undefined && now - this.read < KEYS_TTL_MS) return this.signing;
    try {
      this.signing = await this.readKey();
      this.read = now;
      return this.signing;
    } catch (error) {
      // Those of before are good until somebody takes their public half away.
      if (this.signing !== undefined) return this.signing;
      throw error;
    }
  }

  private async readKey(): Promise<SigningKey> {
    const { client, secretArn } = this.options;
    const { text } = await client.send({
      operation: "GetSecretValue",
      method: "POST",
      url: client.endpoint,
      headers: {
        "content-type": "application/x-amz-json-1.1",
        "x-amz-target": "secretsmanager.GetSecretValue",
      },
      body: JSON.stringify({ SecretId: secretArn }),
    });
    const { SecretString = "" } = JSON.parse(text) as { SecretString?: string };
    const last = lastOf(SecretString);
    if (last !== undefined) return last;
    throw new Error(
      `the secret ${secretArn} must be { "<public key id>": "<private key in PEM>" }, and is something else`,
    );
  }
}

/** The key that was added last; undefined when the secret is something else. */
function lastOf(secret: string): SigningKey | undefined {
  try {
    const [id = "", pem] = Object.entries(JSON.parse(secret) as Record<string, string>).at(-1) ?? [];
    if (/^\w+$/.test(id) && typeof pem === "string") return { id, key: createPrivateKey(pem) };
  } catch {
    // What was read there is nothing that an error may hold.
  }
  return undefined;
}

/** CloudFront's `*` stands for slashes and queries too: before the last part of a URL it would open everything. */
function policyFor(folder: string, until: number): string {
  const Condition = { DateLessThan: { "AWS:EpochTime": Math.floor(until / 1_000) } };
  return JSON.stringify({ Statement: [{ Resource: `${folder}*`, Condition }] });
}

/** Base64 without what a cookie may not hold. */
function forCookie(bytes: Buffer): string {
  return bytes.toString("base64").replaceAll("+", "-").replaceAll("=", "_").replaceAll("/", "~");
}
