import {
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  InitiateAuthCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import type { AwsClientConfig } from "../../../packages/embedded-aws/client";

export interface SignedIn {
  readonly poolArn: string;
  readonly email: string;
  readonly idToken: string;
  readonly accessToken: string;
}

/** Creates a user pool with one user, and signs the user in. */
export async function signIn(config: AwsClientConfig, email: string): Promise<SignedIn> {
  const cognito = new CognitoIdentityProviderClient(config);
  const { UserPool } = await cognito.send(
    new CreateUserPoolCommand({ PoolName: `users of ${email}`, UsernameAttributes: ["email"] }),
  );
  const [UserPoolId, Username, Password] = [UserPool?.Id ?? "", email, "Correct-horse-42"];
  const { UserPoolClient } = await cognito.send(
    new CreateUserPoolClientCommand({
      UserPoolId,
      ClientName: "console",
      ExplicitAuthFlows: ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
    }),
  );
  await cognito.send(new AdminCreateUserCommand({ UserPoolId, Username, MessageAction: "SUPPRESS" }));
  await cognito.send(new AdminSetUserPasswordCommand({ UserPoolId, Username, Password, Permanent: true }));
  const { AuthenticationResult: tokens } = await cognito.send(
    new InitiateAuthCommand({
      ClientId: UserPoolClient?.ClientId ?? "",
      AuthFlow: "USER_PASSWORD_AUTH",
      AuthParameters: { USERNAME: email, PASSWORD: Password },
    }),
  );
  return {
    poolArn: UserPool?.Arn ?? "",
    email,
    idToken: tokens?.IdToken ?? "",
    accessToken: tokens?.AccessToken ?? "",
  };
}
