import { createHash, createHmac, timingSafeEqual } from "node:crypto";

/** What an IAM token must be valid for. */
export interface TokenSubject {
  /** Service name in the signature: `rds-db`, `elasticache`. */
  readonly service: string;
  readonly region: string;
  /** Host of the signed request: an endpoint with its port, or the name of a cache. */
  readonly host: string;
  readonly user: string;
}

export interface AccessKey {
  readonly secretAccessKey: string;
  /** Session token of temporary credentials. */
  readonly sessionToken?: string;
}

/** Maximum token age of RDS and ElastiCache, independent of the token's own expiry. */
const MAX_TOKEN_AGE_SECONDS = 900;
/** The token's parameter with the user. */
const USER_PARAMETERS: Readonly<Record<string, string>> = { "rds-db": "DBUser", elasticache: "User" };

const hmac = (key: string | Buffer, text: string) => createHmac("sha256", key).update(text, "utf8").digest();
const hash = (text: string) => createHash("sha256").update(text, "utf8").digest("hex");

const encode = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

/** Signature version 4 of the presigned GET request in the token. */
function signature(url: URL, secret: string, [date = "", region = "", service = ""]: string[]): string {
  const query = [...url.searchParams]
    .filter(([name]) => name !== "X-Amz-Signature")
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join("&");
  const request = ["GET", "/", query, `host:${url.host}`, "", "host", hash("")].join("\n");
  const scope = [date, region, service, "aws4_request"].join("/");
  const text = ["AWS4-HMAC-SHA256", url.searchParams.get("X-Amz-Date"), scope, hash(request)].join("\n");
  const key = [region, service, "aws4_request"].reduce(hmac, hmac(`AWS4${secret}`, date));
  return hmac(key, text).toString("hex");
}

/** `20261123T210000Z` in milliseconds. */
function timeOf(text: string): number {
  return Date.parse(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));
}

export interface TokenCheck {
  /** Looks up an access key by id. */
  readonly keyOf: (accessKeyId: string) => AccessKey | undefined;
  /**
   * Current time in milliseconds since 1970.
   * @default now
   */
  readonly nowMs?: number;
}

/** Why RDS or ElastiCache would reject the token as a password; undefined if it is valid. */
export function tokenFault(
  token: string,
  subject: TokenSubject,
  { keyOf, nowMs = Date.now() }: TokenCheck,
): string | undefined {
  if (!/^[^/\s]+\/\?/.test(token) || !URL.canParse(`http://${token}`)) return "it is not an IAM token";
  const url = new URL(`http://${token}`);
  const field = (name: string) => url.searchParams.get(name) ?? "";
  if (url.host !== subject.host) return `it is for ${url.host}`;
  if (field("Action") !== "connect") return "its action is not connect";
  const user = field(USER_PARAMETERS[subject.service] ?? "User");
  if (user !== subject.user) return `it is for the user ${user}`;
  const [accessKeyId = "", ...scope] = field("X-Amz-Credential").split("/");
  const [date, region, service] = scope;
  if (region !== subject.region || service !== subject.service) return `it is for ${service} in ${region}`;
  const signed = timeOf(field("X-Amz-Date"));
  const ageSeconds = (nowMs - signed) / 1_000;
  if (!(ageSeconds >= -300) || !field("X-Amz-Date").startsWith(date ?? "-")) return "its date is not valid";
  if (ageSeconds > Math.min(MAX_TOKEN_AGE_SECONDS, Number(field("X-Amz-Expires")))) return "it has expired";
  const key = keyOf(accessKeyId);
  if (!key) return `its access key ${accessKeyId} is not known`;
  if (field("X-Amz-Security-Token") !== (key.sessionToken ?? ""))
    return "its session token is not its access key's";
  const expected = Buffer.from(signature(url, key.secretAccessKey, scope));
  const actual = Buffer.from(field("X-Amz-Signature"));
  const same = expected.length === actual.length && timingSafeEqual(expected, actual);
  return same ? undefined : "its signature is wrong";
}

/** Access key id of a token; empty if it has none. */
export function accessKeyOf(token: string): string {
  const url = `http://${token}`;
  if (!URL.canParse(url)) return "";
  return new URL(url).searchParams.get("X-Amz-Credential")?.split("/")[0] ?? "";
}
