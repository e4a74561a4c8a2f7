import { CognitoUserPoolClient } from "@cdktf/provider-aws/lib/cognito-user-pool-client";
import { CognitoUserPool } from "@cdktf/provider-aws/lib/cognito-user-pool";
import { Construct } from "constructs";
import { physicalName } from "../../lib/names";

export interface UsersProps {
  readonly protect: boolean;
}

/** The user pool: creators sign in with their e-mail address, and the console is a public client without secret. */
export class Users extends Construct {
  readonly poolId: string;
  readonly poolArn: string;
  readonly clientId: string;

  constructor(scope: Construct, id: string, { protect }: UsersProps) {
    super(scope, id);
    const pool = new CognitoUserPool(this, "Default", {
      name: physicalName(this, "user pool"),
      usernameAttributes: ["email"],
      usernameConfiguration: { caseSensitive: false },
      autoVerifiedAttributes: ["email"],
      passwordPolicy: {
        minimumLength: 12,
        requireLowercase: true,
        requireUppercase: true,
        requireNumbers: true,
        requireSymbols: false,
        temporaryPasswordValidityDays: 3,
      },
      mfaConfiguration: "OPTIONAL",
      softwareTokenMfaConfiguration: { enabled: true },
      accountRecoverySetting: { recoveryMechanism: [{ name: "verified_email", priority: 1 }] },
      // Creators can't register themselves.
      adminCreateUserConfig: { allowAdminCreateUserOnly: true },
      deletionProtection: protect ? "ACTIVE" : "INACTIVE",
      lifecycle: { preventDestroy: protect },
    });
    const client = new CognitoUserPoolClient(this, "console", {
      name: "console",
      userPoolId: pool.id,
      generateSecret: false,
      explicitAuthFlows: ["ALLOW_USER_SRP_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
      preventUserExistenceErrors: "ENABLED",
      enableTokenRevocation: true,
      accessTokenValidity: 1,
      idTokenValidity: 1,
      refreshTokenValidity: 30,
      tokenValidityUnits: [{ accessToken: "hours", idToken: "hours", refreshToken: "days" }],
    });
    this.poolId = pool.id;
    this.poolArn = pool.arn;
    this.clientId = client.id;
  }
}
