import {
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  InitiateAuthCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import type { AwsClientConfig } from "@packages/embedded-aws/client";

/** A creator of the local product; the credentials are public and valid only there. */
export const SAMPLE_USER = { email: "creator@example.com", password: "Sample-creator-1" } as const;

export interface PoolClient {
  readonly userPoolId: string;
  /** Id of the pool's app client. */
  readonly clientId: string;
}

/** Invites a creator to the deployed pool, as an operator does, and signs in; returns the identity token. */
export async function signInSampleUser(
  config: AwsClientConfig,
  { userPoolId: UserPoolId, clientId: ClientId }: PoolClient,
  {
    email: Username,
    password: Password,
  }: { readonly email: string; readonly password: string } = SAMPLE_USER,
): Promise<string> {
  const client = new CognitoIdentityProviderClient(config);
  await client
    .send(new AdminCreateUserCommand({ UserPoolId, Username, MessageAction: "SUPPRESS" }))
    .catch((error: Error) => {
      if (error.name !== "UsernameExistsException") throw error;
    });
  await client.send(new AdminSetUserPasswordCommand({ UserPoolId, Username, Password, Permanent: true }));
  const { AuthenticationResult: tokens } = await client.send(
    new InitiateAuthCommand({
      ClientId,
      AuthFlow: "USER_PASSWORD_AUTH",
      AuthParameters: { USERNAME: Username, PASSWORD: Password },
    }),
  );
  if (tokens?.IdToken === undefined)
    throw new Error(`the user pool returned no identity token for ${Username}`);
  return tokens.IdToken;
}
