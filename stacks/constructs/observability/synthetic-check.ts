import { CognitoUserPoolClient } from "@cdktf/provider-aws/lib/cognito-user-pool-client";
import { CognitoUserPool } from "@cdktf/provider-aws/lib/cognito-user-pool";
import { LambdaFunctionEventInvokeConfig } from "@cdktf/provider-aws/lib/lambda-function-event-invoke-config";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { SyntheticCheckEnvironment } from "../../../handlers/synthetic-check";
import { physicalName } from "../../lib/names";
import type { Permission } from "../../lib/permissions";
import { NodeFunction } from "../compute/node-function";
import { Schedule, type ScheduleTarget } from "../compute/schedule";
import type { LogSettings } from "../compute/settings";
import type { SyntheticCheckSettings } from "./settings";

export interface SyntheticCheckProps extends SyntheticCheckSettings {
  /** Name of the environment. */
  readonly environment: string;
  readonly account: string;
  readonly region: string;
  readonly logs: LogSettings;
  /** Public URL of the product. */
  readonly url: string;
}

/**
 * A function that uses the product as a creator and a viewer do, by schedule. Its creator is in a user pool of its own, so
 * that its permission to set passwords reaches no person's account; the API must accept the tokens of that pool too.
 *
 * ```ts
 * const check = new SyntheticCheck(this, "synthetic-check", { ...place, everyMinutes: 10, readyWithinMinutes: 5, url });
 * check.start([api.stage, processor.resource, edge.resource]);
 * ```
 */
export class SyntheticCheck extends Construct {
  /** Pool whose tokens the API must accept. */
  readonly poolArn: string;
  readonly functionName: string;
  private readonly target: ScheduleTarget;
  private readonly calls: ITerraformDependable;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: SyntheticCheckProps,
  ) {
    super(scope, id);
    const { everyMinutes, readyWithinMinutes, environment, account, region, logs, url } = props;
    const pool = this.createUserPool();
    const client = new CognitoUserPoolClient(this, "client", {
      name: "synthetic-check",
      userPoolId: pool.id,
      generateSecret: false,
      // Only with AWS credentials: nobody can try passwords of the user.
      explicitAuthFlows: ["ALLOW_ADMIN_USER_PASSWORD_AUTH"],
      preventUserExistenceErrors: "ENABLED",
      enableTokenRevocation: true,
      accessTokenValidity: 20,
      idTokenValidity: 20,
      refreshTokenValidity: 1,
      tokenValidityUnits: [{ accessToken: "minutes", idToken: "minutes", refreshToken: "hours" }],
    });
    const check = new NodeFunction<SyntheticCheckEnvironment>(this, "function", {
      account,
      region,
      logs,
      handler: "synthetic-check",
      include: ["clips"],
      description: "Uploads, plays and deletes a video as creators and viewers do",
      memory: 256,
      timeout: "15 minutes",
      environment: {
        ENVIRONMENT: environment,
        LOG_LEVEL: "INFO",
        PUBLIC_URL: url,
        USER_POOL_ID: pool.id,
        USER_POOL_CLIENT_ID: client.id,
        READY_WITHIN_SECONDS: String(readyWithinMinutes * 60),
      },
      permissions: [signIn(pool)],
    });
    this.calls = new LambdaFunctionEventInvokeConfig(this, "asynchronous", {
      functionName: check.functionName,
      qualifier: check.aliasName,
      // One that is repeated would run beside the next, as the same user; one that waited for a period is replaced by it.
      maximumRetryAttempts: 0,
      maximumEventAgeInSeconds: everyMinutes * 60,
    });
    this.poolArn = pool.arn;
    this.functionName = check.functionName;
    this.target = check.scheduleTarget();
  }

  /** Calls the function by schedule, once the resources exist that a check calls. */
  start(after: readonly ITerraformDependable[]): void {
    const { account, everyMinutes } = this.props;
    const expression = `rate(${everyMinutes} minutes)`;
    new Schedule(this, "schedule", {
      account,
      expression,
      target: this.target,
      // EventBridge's retries, of up to a day, would put late checks beside the next ones, like those above.
      retries: 0,
      after: [this.calls, ...after],
    });
  }

  /** A pool in which only AWS credentials create users. Nothing in it must be kept: it is not protected. */
  private createUserPool(): CognitoUserPool {
    return new CognitoUserPool(this, "users", {
      name: physicalName(this, "user pool"),
      passwordPolicy: {
        minimumLength: 40,
        requireLowercase: true,
        requireUppercase: true,
        requireNumbers: true,
        requireSymbols: true,
        temporaryPasswordValidityDays: 1,
      },
      // A second factor would be a secret to store.
      mfaConfiguration: "OFF",
      accountRecoverySetting: { recoveryMechanism: [{ name: "admin_only", priority: 1 }] },
      adminCreateUserConfig: { allowAdminCreateUserOnly: true },
      deletionProtection: "INACTIVE",
    });
  }
}

/** Creating and signing in the check's user, in its pool only. */
function signIn({ arn }: CognitoUserPool): Permission {
  return {
    actions: ["AdminCreateUser", "AdminInitiateAuth", "AdminSetUserPassword"].map(
      (name) => `cognito-idp:${name}`,
    ),
    resources: [arn],
  };
}
