import { createHash, createHmac } from "node:crypto";
import type { Credentials } from "../runtime/credentials";

/** Credentials, service and region of a signature. */
export interface Signer {
  /** Service name in signatures: `s3`, `secretsmanager`, `rds-db`. */
  readonly service: string;
  readonly region: string;
  readonly credentials: Credentials;
}

export interface SignedRequest {
  readonly method: string;
  /** Host, with the port if it is not the default. */
  readonly host: string;
  /** Escaped path. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Additional signed headers, with lower-case names. */
  readonly headers?: Readonly<Record<string, string>>;
  /** SHA-256 of the body, hexadecimal; S3 also takes `UNSIGNED-PAYLOAD`. */
  readonly bodyHash: string;
}

const ALGORITHM = "AWS4-HMAC-SHA256";

/**
 * Signature Version 4 in the query, for presigned URLs valid for a number of seconds. Returns the complete query.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
 */
export function signedQuery(request: SignedRequest, signer: Signer, seconds: number): string {
  const time = timeOf(new Date());
  const { sessionToken } = signer.credentials;
  const headers: Record<string, string> = { ...request.headers, host: request.host };
  const query: Record<string, string> = {
    ...request.query,
    "X-Amz-Algorithm": ALGORITHM,
    "X-Amz-Credential": [signer.credentials.accessKeyId, ...scopeOf(signer, time)].join("/"),
    "X-Amz-Date": time,
    "X-Amz-Expires": String(seconds),
    "X-Amz-SignedHeaders": namesOf(headers),
  };
  if (sessionToken !== undefined) query["X-Amz-Security-Token"] = sessionToken;
  return `${canonicalQuery(query)}&X-Amz-Signature=${signatureOf({ ...request, query, headers }, signer, time)}`;
}

/**
 * Signature Version 4 in headers. Returns the headers to send, except `host`, which clients add.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function signedHeaders(request: SignedRequest, signer: Signer): Record<string, string> {
  const time = timeOf(new Date());
  const { accessKeyId, sessionToken } = signer.credentials;
  const headers: Record<string, string> = {
    ...request.headers,
    "x-amz-content-sha256": request.bodyHash,
    "x-amz-date": time,
  };
  if (sessionToken !== undefined) headers["x-amz-security-token"] = sessionToken;
  const all = { ...headers, host: request.host };
  const credential = [accessKeyId, ...scopeOf(signer, time)].join("/");
  const signature = signatureOf({ ...request, headers: all }, signer, time);
  return {
    ...headers,
    authorization: `${ALGORITHM} Credential=${credential}, SignedHeaders=${namesOf(all)}, Signature=${signature}`,
  };
}

export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** A query in AWS's canonical form: sorted and escaped. */
export function canonicalQuery(query: Readonly<Record<string, string>>): string {
  const values = new Map(Object.entries(query).map(([name, value]) => [encode(name), encode(value)]));
  return [...values.keys()]
    .sort()
    .map((name) => `${name}=${values.get(name)}`)
    .join("&");
}

function signatureOf(request: SignedRequest, signer: Signer, time: string): string {
  const { method, path, query = {}, headers = {}, bodyHash } = request;
  const lines = Object.keys(headers)
    .sort()
    .map((name) => `${name}:${headers[name]?.trim()}\n`);
  const canonical = [method, path, canonicalQuery(query), lines.join(""), namesOf(headers), bodyHash];
  const scope = scopeOf(signer, time);
  const text = [ALGORITHM, time, scope.join("/"), sha256(canonical.join("\n"))].join("\n");
  const key = scope.reduce<string | Buffer>(hmac, `AWS4${signer.credentials.secretAccessKey}`);
  return hmac(key, text).toString("hex");
}

function scopeOf({ region, service }: Signer, time: string): string[] {
  return [time.slice(0, 8), region, service, "aws4_request"];
}

function namesOf(headers: Readonly<Record<string, string>>): string {
  return Object.keys(headers).sort().join(";");
}

/** `20261123T212029Z` */
function timeOf(date: Date): string {
  return date.toISOString().replace(/[-:]|\.\d{3}/g, "");
}

/** Escapes everything except letters, digits, `-`, `_`, `.` and `~`. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
