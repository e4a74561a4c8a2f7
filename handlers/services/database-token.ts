import type { Credentials } from "../runtime/credentials";
import { sha256, signedQuery } from "./signature";

export interface TokenRequest {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly region: string;
}

/** Token lifetime in seconds, RDS's maximum. */
const TOKEN_LIFETIME_SECONDS = 900;

/**
 * An RDS password: a login request signed with AWS credentials (Signature Version 4), valid for 15 minutes, computed
 * locally. `@aws-sdk/rds-signer` does the same, but is as large as the rest of the function:
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.Connecting.html
 */
export function databaseToken({ host, port, user, region }: TokenRequest, credentials: Credentials): string {
  const at = `${host}:${port}`;
  const query = { Action: "connect", DBUser: user };
  const request = { method: "GET", host: at, path: "/", query, bodyHash: sha256("") };
  return `${at}/?${signedQuery(request, { service: "rds-db", region, credentials }, TOKEN_LIFETIME_SECONDS)}`;
}
