import type { Config } from "./config";
import { UserPoolError } from "./errors";

/** Tokens of the user pool; the refresh token only after sign-in. */
export interface Tokens {
  readonly IdToken: string;
  readonly RefreshToken?: string;
  /** Lifetime in seconds. */
  readonly ExpiresIn: number;
}

/** A challenge of the user pool before it returns tokens. */
export interface Challenge {
  readonly name: "NEW_PASSWORD_REQUIRED" | "SOFTWARE_TOKEN_MFA";
  readonly session: string;
  readonly username: string;
}

interface Answer {
  readonly AuthenticationResult?: Tokens;
  readonly ChallengeName?: string;
  readonly Session?: string;
  readonly ChallengeParameters?: { readonly USER_ID_FOR_SRP?: string };
}

type AuthAction = "InitiateAuth" | "RespondToAuthChallenge";

export interface PasswordReset {
  readonly username: string;
  /** Code sent by e-mail. */
  readonly code: string;
  /** New password. */
  readonly password: string;
}

/** The Amazon Cognito calls of a public client; each rejects with a `UserPoolError`. */
export class UserPool {
  constructor(private readonly config: Config) {}

  signIn(username: string, password: string): Promise<Tokens | Challenge> {
    const AuthParameters = { USERNAME: username, PASSWORD: password };
    return this.authenticate("InitiateAuth", username, { AuthFlow: "USER_PASSWORD_AUTH", AuthParameters });
  }

  /** Answers a challenge: with the new password, or the authenticator's code. */
  respond({ name, session, username }: Challenge, given: string): Promise<Tokens | Challenge> {
    const field = name === "NEW_PASSWORD_REQUIRED" ? "NEW_PASSWORD" : "SOFTWARE_TOKEN_MFA_CODE";
    return this.authenticate("RespondToAuthChallenge", username, {
      ChallengeName: name,
      Session: session,
      ChallengeResponses: { USERNAME: username, [field]: given },
    });
  }

  async refresh(token: string): Promise<Tokens> {
    const answer = await this.authenticate("InitiateAuth", "", {
      AuthFlow: "REFRESH_TOKEN_AUTH",
      AuthParameters: { REFRESH_TOKEN: token },
    });
    if ("name" in answer) throw new UserPoolError(answer.name, "the user pool asks for more");
    return answer;
  }

  /** Revokes a refresh token and tokens issued with it. */
  async revoke(token: string): Promise<void> {
    await this.call("RevokeToken", { Token: token });
  }

  /** Sends a password reset code by e-mail. */
  async forgot(username: string): Promise<void> {
    await this.call("ForgotPassword", { Username: username });
  }

  async reset({ username, code, password }: PasswordReset): Promise<void> {
    await this.call("ConfirmForgotPassword", {
      Username: username,
      ConfirmationCode: code,
      Password: password,
    });
  }

  private async authenticate(
    action: AuthAction,
    username: string,
    body: object,
  ): Promise<Tokens | Challenge> {
    const answer = await this.call(action, body);
    if (answer.AuthenticationResult) return answer.AuthenticationResult;
    const { ChallengeName: name, Session: session = "", ChallengeParameters } = answer;
    if (name !== "NEW_PASSWORD_REQUIRED" && name !== "SOFTWARE_TOKEN_MFA")
      throw new UserPoolError(name ?? "NoTokens", `unsupported sign-in challenge ${name ?? ""}`);
    return { name, session, username: ChallengeParameters?.USER_ID_FOR_SRP ?? username };
  }

  private async call(action: string, body: object): Promise<Answer> {
    const response = await fetch(`${this.config.userPoolApi}/`, {
      method: "POST",
      headers: {
        "content-type": "application/x-amz-json-1.1",
        "x-amz-target": `AWSCognitoIdentityProviderService.${action}`,
      },
      body: JSON.stringify({ ClientId: this.config.userPoolClientId, ...body }),
    });
    const text = await response.text();
    const answer = (text === "" ? {} : JSON.parse(text)) as Answer & { __type?: string; message?: string };
    if (response.ok) return answer;
    const code = answer.__type?.split("#").at(-1) ?? String(response.status);
    throw new UserPoolError(code, answer.message ?? code);
  }
}
