import { randomBytes } from "node:crypto";
import type { AwsClient } from "./aws-client";

export interface CheckCreatorOptions {
  /** Client of Cognito's user pools, `cognito-idp`. */
  readonly client: AwsClient;
  /** Pool of which the check is the only user. */
  readonly userPoolId: string;
  /** App client of the pool. */
  readonly clientId: string;
}

const USERNAME = "synthetic-check";

/**
 * The creator of the synthetic check, in a user pool of its own. Each sign-in sets a new random password that nobody stores,
 * so there is no secret to keep or to rotate.
 */
export class CheckCreator {
  constructor(private readonly options: CheckCreatorOptions) {}

  /** Creates the user if missing, sets a new password and signs in; returns the identity token. */
  async signIn(): Promise<string> {
    const { userPoolId: UserPoolId, clientId: ClientId } = this.options;
    // The pool requires each kind of character.
    const Password = `aA1-${randomBytes(32).toString("base64url")}`;
    const user = { UserPoolId, Username: USERNAME };
    await this.call("AdminCreateUser", { ...user, MessageAction: "SUPPRESS" }).catch((error: Error) => {
      if (error.name !== "UsernameExistsException") throw error;
    });
    await this.call("AdminSetUserPassword", { ...user, Password, Permanent: true });
    const { AuthenticationResult: tokens } = (await this.call("AdminInitiateAuth", {
      UserPoolId,
      ClientId,
      AuthFlow: "ADMIN_USER_PASSWORD_AUTH",
      AuthParameters: { USERNAME, PASSWORD: Password },
    })) as { AuthenticationResult?: { IdToken?: string } };
    if (tokens?.IdToken === undefined) throw new Error("the user pool gave no identity token");
    return tokens.IdToken;
  }

  private async call(operation: string, input: object): Promise<unknown> {
    const { client } = this.options;
    const { text } = await client.send({
      operation,
      method: "POST",
      url: new URL("/", client.endpoint),
      headers: {
        "content-type": "application/x-amz-json-1.1",
        "x-amz-target": `AWSCognitoIdentityProviderService.${operation}`,
      },
      body: JSON.stringify(input),
    });
    return text === "" ? {} : JSON.parse(text);
  }
}
