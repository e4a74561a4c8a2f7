import { createServer } from "node:http";
import { randomBytes } from "node:crypto";
import type { RoleCredentials, RoleSession } from "../lambda/credentials";
import { listen } from "../servers/tls-front";

/** The endpoint of a container's role credentials, as in ECS. */
export interface CredentialsEndpoint {
  /** Environment variables for the container. */
  readonly environment: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** Lifetime of credentials in milliseconds. */
const CREDENTIALS_LIFETIME_MS = 10 * 60_000;

/** Serves the credentials of one role on a loopback port, for requests with the token. */
export async function startCredentialsEndpoint(
  credentials: RoleCredentials,
  session: RoleSession,
): Promise<CredentialsEndpoint> {
  const token = randomBytes(24).toString("base64url");
  const server = createServer((request, response) => {
    if (request.headers.authorization !== token) return void response.writeHead(403).end();
    credentials.of(session).then(
      ({ accessKeyId, secretAccessKey, sessionToken }) =>
        response.setHeader("content-type", "application/json").end(
          JSON.stringify({
            RoleArn: session.role,
            AccessKeyId: accessKeyId,
            SecretAccessKey: secretAccessKey,
            Token: sessionToken,
            Expiration: new Date(Date.now() + CREDENTIALS_LIFETIME_MS).toISOString(),
          }),
        ),
      (error: Error) => response.writeHead(500).end(error.message),
    );
  });
  const front = await listen(server);
  return {
    environment: {
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://127.0.0.1:${front.port}/role`,
      AWS_CONTAINER_AUTHORIZATION_TOKEN: token,
    },
    stop: () => front.stop(),
  };
}
