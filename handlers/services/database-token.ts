import { createHash, createHmac } from "node:crypto";
import type { Credentials } from "../runtime/credentials";

export interface TokenRequest {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly region: string;
}

/** Seconds: the most that RDS accepts. */
const VALID = "900";

/**
 * A password for RDS: a request to log in, signed with AWS credentials (Signature Version 4), valid for 15 minutes.
 * Made without a call. `@aws-sdk/rds-signer` makes the same one, but weighs as much as all the rest of the function:
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.Connecting.html
 */
export function databaseToken(
  { host, port, user, region }: TokenRequest,
  { accessKeyId, secretAccessKey, sessionToken }: Credentials,
): string {
  const time = new Date().toISOString().replace(/[-:]|\.\d{3}/g, "");
  const scope = [time.slice(0, 8), region, "rds-db", "aws4_request"];
  const parameters: Record<string, string> = {
    Action: "connect",
    DBUser: user,
    "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
    "X-Amz-Credential": [accessKeyId, ...scope].join("/"),
    "X-Amz-Date": time,
    "X-Amz-Expires": VALID,
    ...(sessionToken === undefined ? {} : { "X-Amz-Security-Token": sessionToken }),
    "X-Amz-SignedHeaders": "host",
  };
  const query = Object.entries(parameters)
    .map(([name, value]) => `${name}=${encode(value)}`)
    .join("&");
  const request = ["GET", "/", query, `host:${host}:${port}`, "", "host", sha256("")].join("\n");
  const text = ["AWS4-HMAC-SHA256", time, scope.join("/"), sha256(request)].join("\n");
  const key = scope.reduce<string | Buffer>(hmac, `AWS4${secretAccessKey}`);
  return `${host}:${port}/?${query}&X-Amz-Signature=${hmac(key, text).toString("hex")}`;
}

/** As AWS has it: all but letters, digits, `-`, `_`, `.` and `~`. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
