import type { Credentials } from "../runtime/credentials";
import { sha256, signedQuery } from "./signature";

export interface DatabaseTokenRequest {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly region: string;
}

export interface CacheTokenRequest {
  /** Id of the replication group. */
  readonly name: string;
  readonly user: string;
  readonly region: string;
}

interface LoginRequest {
  /** Host in the signed request. */
  readonly host: string;
  readonly query: Readonly<Record<string, string>>;
  /** Service name in the signature. */
  readonly service: string;
  readonly region: string;
}

/** Token lifetime in seconds, the maximum of RDS and ElastiCache. */
const TOKEN_LIFETIME_SECONDS = 900;

/**
 * An RDS password. `@aws-sdk/rds-signer` does the same, but is as large as the rest of the function:
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.Connecting.html
 */
export function databaseToken(
  { host, port, user, region }: DatabaseTokenRequest,
  credentials: Credentials,
): string {
  const query = { Action: "connect", DBUser: user };
  return loginToken({ host: `${host}:${port}`, query, service: "rds-db", region }, credentials);
}

/**
 * An ElastiCache password; AWS's SDK for JavaScript has no function for it:
 * https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth-iam.html
 */
export function cacheToken({ name, user, region }: CacheTokenRequest, credentials: Credentials): string {
  const query = { Action: "connect", User: user };
  return loginToken({ host: name, query, service: "elasticache", region }, credentials);
}

/** A login request signed with AWS credentials (Signature Version 4), valid for 15 minutes, computed locally. */
function loginToken({ host, query, service, region }: LoginRequest, credentials: Credentials): string {
  const request = { method: "GET", host, path: "/", query, bodyHash: sha256("") };
  return `${host}/?${signedQuery(request, { service, region, credentials }, TOKEN_LIFETIME_SECONDS)}`;
}
