import { captureAWSv3Client } from "aws-xray-sdk-core";

/** An AWS SDK client whose calls are subsegments. Tracing never prevents calls. */
export function tracedClient<Client extends Parameters<typeof captureAWSv3Client>[0]>(
  client: Client,
): Client {
  try {
    return captureAWSv3Client(client);
  } catch {
    return client;
  }
}
