import { createHash } from "node:crypto";
import { ApiGatewayDeployment } from "@cdktf/provider-aws/lib/api-gateway-deployment";
import { ApiGatewayMethodSettings } from "@cdktf/provider-aws/lib/api-gateway-method-settings";
import { ApiGatewayRestApi } from "@cdktf/provider-aws/lib/api-gateway-rest-api";
import { ApiGatewayStage } from "@cdktf/provider-aws/lib/api-gateway-stage";
import {
  DefaultTokenResolver,
  type ITerraformDependable,
  Lazy,
  StringConcat,
  TerraformResource,
  Tokenization,
} from "cdktf";
import { Construct } from "constructs";
import { ApiRoutes, type Routes } from "./api-routes";
import { GatewayProblems } from "./gateway-problems";
import { LogGroup } from "../compute/log-group";
import { deployedPathIds } from "../../lib/names";
import type { LogSettings } from "../compute/settings";
import { optional } from "../../lib/optional";
import type { ApiSettings } from "./settings";

export interface RestApiProps extends ApiSettings {
  readonly description: string;
  /** First segment of the public path: `/api/media`, with and without CloudFront. */
  readonly stage: string;
  readonly routes: Routes;
  readonly userPoolArns: readonly string[];
  readonly logs: LogSettings;
  /**
   * What must be done before the stage serves a new definition.
   * @default nothing
   */
  readonly after?: readonly ITerraformDependable[];
}

/** Access log format: one JSON object per request. */
const ACCESS_LOG_FORMAT = JSON.stringify({
  requestId: "$context.requestId",
  traceId: "$context.xrayTraceId",
  time: "$context.requestTime",
  ip: "$context.identity.sourceIp",
  method: "$context.httpMethod",
  path: "$context.path",
  route: "$context.resourcePath",
  status: "$context.status",
  bytes: "$context.responseLength",
  milliseconds: "$context.responseLatency",
  integrationMilliseconds: "$context.integrationLatency",
  error: "$context.error.message",
  integrationError: "$context.integrationErrorMessage",
});

/** A REST API of functions with logs, traces and throttling. It is redeployed when its definition changes. */
export class RestApi extends Construct {
  readonly id: string;
  readonly name: string;
  readonly stageName: string;
  readonly stageArn: string;
  /** For `dependsOn` of what calls the API. */
  readonly stage: ITerraformDependable;
  /** `https://…/<stage>` */
  readonly url: string;

  constructor(scope: Construct, id: string, props: RestApiProps) {
    super(scope, id);
    const api = new ApiGatewayRestApi(this, "Default", {
      // CloudWatch has one series for all APIs of a name in an account, so the name contains the environment's.
      name: deployedPathIds(this).join("-"),
      description: props.description,
      endpointConfiguration: { types: ["REGIONAL"] },
    });
    const routes = new ApiRoutes(this, "routes", { ...props, api });
    const problems = new GatewayProblems(this, "problems", { api });
    const deployment = new ApiGatewayDeployment(this, "deployment", {
      restApiId: api.id,
      description: "Redeployed when a route or an error response changes",
      triggers: { definition: Lazy.stringValue({ produce: () => definitionHash([routes, problems]) }) },
      dependsOn: [...routes.resources, ...problems.resources],
      lifecycle: { createBeforeDestroy: true },
    });
    const stage = this.createStage(api, deployment, props);
    this.stage = stage;
    this.id = api.id;
    this.name = api.name;
    this.stageName = stage.stageName;
    this.stageArn = stage.arn;
    this.url = stage.invokeUrl;
  }

  private createStage(
    api: ApiGatewayRestApi,
    deployment: ApiGatewayDeployment,
    props: RestApiProps,
  ): ApiGatewayStage {
    const logGroup = new LogGroup(this, "access-logs", {
      name: `/aws/apigateway/${deployedPathIds(this).join("/")}`,
      ...props.logs,
    });
    const stage = new ApiGatewayStage(this, "stage", {
      restApiId: api.id,
      deploymentId: deployment.id,
      stageName: props.stage,
      ...optional({ dependsOn: props.after && [...props.after] }),
      xrayTracingEnabled: true,
      accessLogSettings: { destinationArn: logGroup.arn, format: ACCESS_LOG_FORMAT },
    });
    // API Gateway would make it at the first request, and keep what is in it forever.
    const executionLogs = new LogGroup(this, "execution-logs", {
      name: `API-Gateway-Execution-Logs_${api.id}/${props.stage}`,
      ...props.logs,
    });
    new ApiGatewayMethodSettings(this, "method-settings", {
      restApiId: api.id,
      stageName: stage.stageName,
      methodPath: "*/*",
      settings: {
        metricsEnabled: true,
        loggingLevel: "ERROR",
        // Full request logging would log tokens and bodies.
        dataTraceEnabled: false,
        throttlingRateLimit: props.throttleRate,
        throttlingBurstLimit: props.throttleBurst,
      },
      dependsOn: [executionLogs.resource],
    });
    return stage;
  }
}

/** Hash of Terraform definitions, so that other changes of the stack don't redeploy the API. */
function definitionHash(parts: readonly Construct[]): string {
  const definition = parts
    .flatMap((part) => part.node.findAll())
    .filter((construct) => construct instanceof TerraformResource)
    .map((resource) => definitionOf(resource));
  return createHash("sha256").update(JSON.stringify(definition)).digest("hex");
}

/** The definition of a resource in Terraform. */
function definitionOf(resource: TerraformResource): unknown {
  return Tokenization.resolve(resource.toTerraform(), {
    scope: resource,
    resolver: new DefaultTokenResolver(new StringConcat()),
    preparing: false,
  });
}
