import { captureAWSv3Client } from "aws-xray-sdk-core";

/**
 * The AWS SDK client, whose calls are subsegments of the request's trace from now on. Tracing is never the reason that
 * it fails.
 */
export function tracedClient<Client extends Parameters<typeof captureAWSv3Client>[0]>(
  client: Client,
): Client {
  try {
    return captureAWSv3Client(client);
  } catch {
    return client;
  }
}
