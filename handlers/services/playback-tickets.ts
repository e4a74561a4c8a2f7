import { createPrivateKey, createSign, type KeyObject } from "node:crypto";
import type { StreamAccess, Tickets } from "../media/ports";
import type { AwsClient } from "./aws-client";

export interface PlaybackTicketsOptions {
  /** Client of Secrets Manager. */
  readonly client: AwsClient;
  /** ARN of the secret with `{ "<public key id>": "<private key in PEM>" }`; the last key signs. */
  readonly secretArn: string;
  /** Public URL without final slash: `https://streamflow.example`. */
  readonly publicUrl: string;
  readonly now?: () => number;
}

interface SigningKey {
  /** CloudFront's id of the public key. */
  readonly id: string;
  readonly key: KeyObject;
}

/** Cache lifetime of the keys in milliseconds, the maximum delay of a rotation. */
const KEYS_TTL_MS = 300_000;

/**
 * CloudFront signed cookies and URLs with a custom policy, and signed URLs with a canned one. The cookies are session
 * cookies, and expire at the policy's time in any case.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-setting-signed-cookie-custom-policy.html
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-creating-signed-url-canned-policy.html
 */
export class PlaybackTickets implements Tickets {
  private signing: SigningKey | undefined;
  private read = -Infinity;

  constructor(private readonly options: PlaybackTicketsOptions) {}

  async access(id: string, until: number): Promise<StreamAccess> {
    const { id: keyId, key } = await this.signingKey();
    const path = `/stream/${id}/`;
    // CloudFront's `*` matches slashes and queries too, so it must only be at the end of a URL.
    const policy = policyFor(`${this.options.publicUrl}${path}*`, until);
    const values = Object.entries({
      Policy: encoded(Buffer.from(policy)),
      Signature: encoded(createSign("RSA-SHA1").update(policy).sign(key)),
      "Key-Pair-Id": keyId,
    });
    return {
      cookies: values.map(
        ([name, value]) => `CloudFront-${name}=${value}; Path=${path}; Secure; HttpOnly; SameSite=Lax`,
      ),
      query: values.map(([name, value]) => `${name}=${value}`).join("&"),
    };
  }

  async signedPath(path: string, until: number): Promise<string> {
    const { id, key } = await this.signingKey();
    const expires = Math.floor(until / 1_000);
    const policy = policyFor(`${this.options.publicUrl}${path}`, until);
    const signature = encoded(createSign("RSA-SHA1").update(policy).sign(key));
    return `${path}?Expires=${expires}&Signature=${signature}&Key-Pair-Id=${id}`;
  }

  private async signingKey(): Promise<SigningKey> {
    const now = (this.options.now ?? Date.now)();
    if (this.signing !== undefined && now - this.read < KEYS_TTL_MS) return this.signing;
    try {
      this.signing = await this.readKey();
      this.read = now;
      return this.signing;
    } catch (error) {
      // Earlier cookies stay valid until their public key is removed.
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
      `the secret ${secretArn} must be { "<public key id>": "<private key in PEM>" }, but is not`,
    );
  }
}

/** The key that was added last; undefined if the secret is malformed. */
function lastOf(secret: string): SigningKey | undefined {
  try {
    const [id = "", pem] = Object.entries(JSON.parse(secret) as Record<string, string>).at(-1) ?? [];
    if (/^\w+$/.test(id) && typeof pem === "string") return { id, key: createPrivateKey(pem) };
  } catch {
    // The error must not contain the secret.
  }
  return undefined;
}

/** A policy for a URL; that of one without `*` is the canned policy, which CloudFront derives from the URL. */
function policyFor(url: string, until: number): string {
  const Condition = { DateLessThan: { "AWS:EpochTime": Math.floor(until / 1_000) } };
  return JSON.stringify({ Statement: [{ Resource: url, Condition }] });
}

/** Base64 with CloudFront's replacements of characters that cookies and queries don't allow. */
function encoded(bytes: Buffer): string {
  return bytes.toString("base64").replaceAll("+", "-").replaceAll("=", "_").replaceAll("/", "~");
}
