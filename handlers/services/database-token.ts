import { sign } from "aws4";
import type { Credentials } from "../runtime/credentials";

export interface TokenRequest {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly region: string;
}

/**
 * A password for RDS: a request that is signed with the caller's AWS credentials and valid for 15 minutes.
 * Made without a call. Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.Connecting.html
 */
export function databaseToken({ host, port, user, region }: TokenRequest, credentials: Credentials): string {
  const query = new URLSearchParams({ Action: "connect", DBUser: user, "X-Amz-Expires": "900" });
  const signed = sign(
    {
      service: "rds-db",
      region,
      method: "GET",
      host: `${host}:${port}`,
      path: `/?${query.toString()}`,
      signQuery: true,
    },
    credentials,
  );
  return `${host}:${port}${signed.path}`;
}
