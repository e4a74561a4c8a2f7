import { ApiGatewayAuthorizer } from "@cdktf/provider-aws/lib/api-gateway-authorizer";
import { ApiGatewayIntegration } from "@cdktf/provider-aws/lib/api-gateway-integration";
import { ApiGatewayMethod } from "@cdktf/provider-aws/lib/api-gateway-method";
import { ApiGatewayModel } from "@cdktf/provider-aws/lib/api-gateway-model";
import { ApiGatewayRequestValidator } from "@cdktf/provider-aws/lib/api-gateway-request-validator";
import { ApiGatewayResource } from "@cdktf/provider-aws/lib/api-gateway-resource";
import type { ApiGatewayRestApi } from "@cdktf/provider-aws/lib/api-gateway-rest-api";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { deployedId, deployedIds } from "../../lib/deployed-path";
import { optional } from "../../lib/optional";

/** A function that serves a route, invoked by its alias. */
export interface Integration extends Construct {
  readonly functionName: string;
  readonly aliasName: string;
  readonly invokeArn: string;
}

export interface RouteOptions {
  readonly integration: Integration;
  /**
   * JSON schema, draft 4, the only one that API Gateway supports. Bodies that violate it are rejected before any function
   * runs.
   * @default bodies are not validated
   */
  readonly body?: object;
  /**
   * Whether it requires a token of a user pool.
   * @default every method except GET and HEAD does
   */
  readonly authorized?: boolean;
}

type Method = "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";

/** Routes such as `"GET /media/{id}"` with their integrations. */
export type Routes = Readonly<Record<`${Method} /${string}`, Integration | RouteOptions>>;

export interface ApiRoutesProps {
  readonly api: ApiGatewayRestApi;
  readonly stage: string;
  readonly routes: Routes;
  /** User pools whose tokens authorize requests. */
  readonly userPoolArns: readonly string[];
}

/** Resources, methods and integrations of an API from a list of routes. By default, only reads need no token. */
export class ApiRoutes extends Construct {
  /** For `dependsOn` of the deployment. */
  readonly resources: ITerraformDependable[] = [];
  private authorizer: ApiGatewayAuthorizer | undefined;
  private validator: ApiGatewayRequestValidator | undefined;
  private readonly paths = new Map<string, ApiGatewayResource>();

  constructor(
    scope: Construct,
    id: string,
    private readonly props: ApiRoutesProps,
  ) {
    super(scope, id);
    const functions = new Set<Integration>();
    for (const [route, target] of Object.entries(props.routes)) {
      const options = "integration" in target ? target : { integration: target };
      this.route(route, options);
      functions.add(options.integration);
    }
    functions.forEach((integration) => this.allow(integration));
  }

  private route(route: string, { integration: { invokeArn }, body, ...options }: RouteOptions): void {
    const { api } = this.props;
    const [httpMethod = "", path = ""] = route.split(" ");
    const { authorized = !["GET", "HEAD"].includes(httpMethod) } = options;
    const resourceId = this.resourceId(path);
    const id = `${httpMethod.toLowerCase()}${slug(path)}`;
    const at = { restApiId: api.id, resourceId };
    const authorization = authorized ? this.authorization() : { authorization: "NONE" };
    const validation = body === undefined ? undefined : this.validation(id, body);
    const method = new ApiGatewayMethod(this, id, {
      ...at,
      httpMethod,
      ...authorization,
      requestParameters: Object.fromEntries(
        pathParameters(path).map((name) => [`method.request.path.${name}`, true]),
      ),
      ...optional({
        requestValidatorId: validation?.requestValidatorId,
        requestModels: validation?.requestModels,
      }),
    });
    const integration = new ApiGatewayIntegration(this, `${id}-integration`, {
      ...at,
      httpMethod: method.httpMethod,
      type: "AWS_PROXY",
      integrationHttpMethod: "POST",
      uri: invokeArn,
    });
    this.resources.push(method, integration);
  }

  /** The authorizer, created with the first route that needs it. */
  private authorization(): { authorization: string; authorizerId: string } {
    const { api, userPoolArns } = this.props;
    this.authorizer ??= new ApiGatewayAuthorizer(this, "users", {
      name: "users",
      restApiId: api.id,
      type: "COGNITO_USER_POOLS",
      providerArns: [...userPoolArns],
    });
    return { authorization: "COGNITO_USER_POOLS", authorizerId: this.authorizer.id };
  }

  /** The model of a body, and the shared validator. */
  private validation(
    id: string,
    body: object,
  ): { requestValidatorId: string; requestModels: Record<string, string> } {
    const restApiId = this.props.api.id;
    this.validator ??= new ApiGatewayRequestValidator(this, "validator", {
      restApiId,
      name: "body-and-parameters",
      validateRequestBody: true,
      validateRequestParameters: true,
    });
    const model = new ApiGatewayModel(this, `${id}-model`, {
      restApiId,
      // API Gateway allows only letters and digits.
      name: id.replace(/[^A-Za-z0-9]/g, ""),
      contentType: "application/json",
      schema: JSON.stringify(body),
    });
    return { requestValidatorId: this.validator.id, requestModels: { "application/json": model.name } };
  }

  /** The resource of a path, created with its parents on first use. */
  private resourceId(path: string): string {
    const { api } = this.props;
    if (path === "/" || path === "") return api.rootResourceId;
    const known = this.paths.get(path);
    if (known !== undefined) return known.id;
    const cut = path.lastIndexOf("/");
    const resource = new ApiGatewayResource(this, `path${slug(path)}`, {
      restApiId: api.id,
      parentId: this.resourceId(path.slice(0, cut)),
      pathPart: path.slice(cut + 1),
    });
    this.paths.set(path, resource);
    return resource.id;
  }

  private allow(integration: Integration): void {
    const { api, stage } = this.props;
    new LambdaPermission(this, `invoke-${deployedId(integration)}`, {
      statementId: `invoke-by-${deployedIds(this).at(-2)}`,
      action: "lambda:InvokeFunction",
      functionName: integration.functionName,
      qualifier: integration.aliasName,
      principal: "apigateway.amazonaws.com",
      sourceArn: `${api.executionArn}/${stage}/*`,
    });
  }
}

function pathParameters(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\+?\}/g)].map((match) => match[1] ?? "");
}

/** A path as part of an id: `-media-id` for `/media/{id}`. */
function slug(path: string): string {
  return path.replace(/[{}+]/g, "").replaceAll("/", "-");
}
