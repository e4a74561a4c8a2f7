import { Apigatewayv2Api } from "@cdktf/provider-aws/lib/apigatewayv2-api";
import { Apigatewayv2Integration } from "@cdktf/provider-aws/lib/apigatewayv2-integration";
import { Apigatewayv2Route } from "@cdktf/provider-aws/lib/apigatewayv2-route";
import { Apigatewayv2Stage } from "@cdktf/provider-aws/lib/apigatewayv2-stage";
import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import { LambdaFunctionEventInvokeConfig } from "@cdktf/provider-aws/lib/lambda-function-event-invoke-config";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission";
import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { Construct } from "constructs";
import type { ReviewTaskEnvironment } from "../../../handlers/review-task";
import { checkedName, physicalName } from "../../lib/names";
import { document, TRACE_PERMISSION } from "../../lib/permissions";
import { LogGroup } from "../compute/log-group";
import { NodeFunction } from "../compute/node-function";
import { boundRoles } from "./workload-boundary";

export interface ReviewTaskProps {
  readonly account: string;
  readonly region: string;
  /** Host name of Terraform Cloud, the only one that the function calls. */
  readonly hostname: string;
}

/** Terraform Cloud accepts an answer for ten minutes. */
const REVIEW_TIMEOUT_SECONDS = 300;
const LOG_RETENTION_DAYS = 90;
/** Requests a second; each run of an environment sends one. */
const RATE_LIMIT = { steady: 5, burst: 10 } as const;

/**
 * The plan review as a run task of Terraform Cloud: a function behind an HTTP API. The key of the requests' signatures is in
 * a secret whose value `npm run cloud` creates, so that it is in no state.
 */
export class ReviewTask extends Construct {
  /** URL of the task. */
  readonly url: string;

  constructor(scope: Construct, id: string, { account, region, hostname }: ReviewTaskProps) {
    super(scope, id);
    const key = new SecretsmanagerSecret(this, "signature-key", {
      name: reviewTaskSecret(account),
      description: "Key of the signatures of Terraform Cloud's requests; npm run cloud creates its value",
      // The name is free at once, so that the task can be created again.
      recoveryWindowInDays: 0,
    });
    const ownArn = `arn:aws:lambda:${region}:${account}:function:${physicalName(this, "Lambda function", "function")}:live`;
    const permissions = [
      { actions: ["secretsmanager:GetSecretValue"], resources: [key.arn] },
      // It accepts a request at once, and reviews the plan in a call of itself.
      { actions: ["lambda:InvokeFunction"], resources: [ownArn] },
    ];
    const fn = new NodeFunction<ReviewTaskEnvironment>(this, "function", {
      handler: "review-task",
      description: "Reviews plans of Terraform Cloud's runs",
      region,
      account,
      memory: 1_024,
      timeout: `${REVIEW_TIMEOUT_SECONDS} seconds`,
      logs: { retentionDays: LOG_RETENTION_DAYS },
      environment: {
        TERRAFORM_CLOUD_HOST: hostname,
        SIGNATURE_KEY_ARN: key.arn,
        LOG_LEVEL: "INFO",
      },
      permissions,
    });
    new LambdaFunctionEventInvokeConfig(this, "asynchronous", {
      functionName: fn.functionName,
      qualifier: fn.aliasName,
      // Terraform Cloud waits ten minutes, and accepts one answer.
      maximumEventAgeInSeconds: 300,
      maximumRetryAttempts: 1,
    });
    this.bound(account, permissions);
    this.url = this.createApi(fn, { region, account });
  }

  /** The role's boundary: the workloads' one has no right to call functions. */
  private bound(
    account: string,
    permissions: readonly { actions: readonly string[]; resources: readonly string[] }[],
  ): void {
    const statements = [
      ...permissions,
      { actions: ["logs:CreateLogStream", "logs:PutLogEvents"], resources: ["*"] },
      TRACE_PERMISSION,
    ].map(({ actions, resources }) => ({ Effect: "Allow", Action: actions, Resource: resources }));
    const boundary = new IamPolicy(this, "boundary", {
      name: checkedName(`streamflow-foundation-review-task-${account}`, "IAM policy"),
      description: "The most that the review task's role can do, whatever its policies say",
      policy: document(statements),
    });
    boundRoles(this, boundary.arn);
  }

  private createApi(
    fn: NodeFunction<ReviewTaskEnvironment>,
    { region, account }: Pick<ReviewTaskProps, "region" | "account">,
  ): string {
    const name = physicalName(this, "HTTP API");
    const api = new Apigatewayv2Api(this, "api", {
      name,
      description: "Receives requests of Terraform Cloud after plans; the function checks their signatures",
      protocolType: "HTTP",
    });
    const integration = new Apigatewayv2Integration(this, "integration", {
      apiId: api.id,
      integrationType: "AWS_PROXY",
      integrationUri: fn.aliasArn,
      payloadFormatVersion: "2.0",
    });
    const route = new Apigatewayv2Route(this, "route", {
      apiId: api.id,
      routeKey: "POST /review",
      // Terraform Cloud signs its requests, and can't sign in.
      authorizationType: "NONE",
      target: `integrations/${integration.id}`,
    });
    const logs = new LogGroup(this, "api-log-group", {
      name: `/aws/apigateway/${name}`,
      retentionDays: LOG_RETENTION_DAYS,
    });
    new Apigatewayv2Stage(this, "stage", {
      apiId: api.id,
      name: "$default",
      autoDeploy: true,
      accessLogSettings: {
        destinationArn: logs.arn,
        format: JSON.stringify({
          requestId: "$context.requestId",
          status: "$context.status",
          ip: "$context.identity.sourceIp",
        }),
      },
      defaultRouteSettings: {
        throttlingRateLimit: RATE_LIMIT.steady,
        throttlingBurstLimit: RATE_LIMIT.burst,
      },
      dependsOn: [route],
    });
    new LambdaPermission(this, "api-permission", {
      action: "lambda:InvokeFunction",
      functionName: fn.functionName,
      qualifier: fn.aliasName,
      principal: "apigateway.amazonaws.com",
      sourceArn: `arn:aws:execute-api:${region}:${account}:${api.id}/*/POST/review`,
    });
    return `${api.apiEndpoint}/review`;
  }
}

/** Name of the secret with the key of signatures, which `npm run cloud` reads and sets. */
export const reviewTaskSecret = (account: string): string => `streamflow-foundation-review-task-${account}`;
