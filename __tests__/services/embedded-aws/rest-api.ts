import {
  APIGatewayClient,
  CreateAuthorizerCommand,
  CreateDeploymentCommand,
  CreateRequestValidatorCommand,
  CreateResourceCommand,
  CreateRestApiCommand,
  CreateStageCommand,
  GetResourcesCommand,
  type GatewayResponseType,
  PutGatewayResponseCommand,
  PutIntegrationCommand,
  PutMethodCommand,
  UpdateStageCommand,
} from "@aws-sdk/client-api-gateway";
import type { AwsClientConfig } from "../../../packages/embedded-aws/client";
import { accountId } from "./lambda-service";

const functions = `arn:aws:lambda:us-east-1:${accountId}:function`;

export interface RouteOptions {
  readonly method?: string;
  /** In milliseconds. */
  readonly timeout?: number;
  /** A required query parameter. */
  readonly required?: string;
  /** ARN of the user pool that issues the method's tokens. */
  readonly userPool?: string;
}

/** A REST API that a test deploys to the emulator, route by route. */
export class TestApi {
  private constructor(
    private readonly client: APIGatewayClient,
    readonly id: string,
    private readonly root: string,
  ) {}

  static async create(config: AwsClientConfig): Promise<TestApi> {
    const client = new APIGatewayClient(config);
    const { id: restApiId = "" } = await client.send(new CreateRestApiCommand({ name: "Test API" }));
    const { items = [] } = await client.send(new GetResourcesCommand({ restApiId }));
    return new TestApi(client, restApiId, items[0]?.id ?? "");
  }

  /** `pathPart` is one segment; without it, the root. */
  async route(pathPart: string, functionName: string, options: RouteOptions = {}): Promise<void> {
    const { method: httpMethod = "GET", timeout, required, userPool } = options;
    const at = { restApiId: this.id, resourceId: await this.resource(pathPart), httpMethod };
    const validated = required !== undefined && {
      requestValidatorId: await this.validator(),
      requestParameters: { [`method.request.querystring.${required}`]: true },
    };
    const authorized =
      userPool === undefined
        ? { authorizationType: "NONE" }
        : { authorizationType: "COGNITO_USER_POOLS", authorizerId: await this.authorizer(userPool) };
    await this.client.send(new PutMethodCommand({ ...at, ...authorized, ...validated }));
    await this.client.send(
      new PutIntegrationCommand({
        ...at,
        type: "AWS_PROXY",
        integrationHttpMethod: "POST",
        uri: `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${functions}:${functionName}/invocations`,
        ...(timeout !== undefined && { timeoutInMillis: timeout }),
      }),
    );
  }

  /** Sets the template with which API Gateway answers errors of a type itself. */
  async gatewayResponse(responseType: GatewayResponseType, template: string): Promise<void> {
    const responseTemplates = { "application/json": template };
    await this.client.send(
      new PutGatewayResponseCommand({ restApiId: this.id, responseType, responseTemplates }),
    );
  }

  /** Deploys the current routes to a new stage, with settings in the form of `UpdateStage`. */
  async stage(stageName: string, settings: Readonly<Record<string, string>>): Promise<void> {
    const at = { restApiId: this.id, stageName };
    const deploymentId = await this.deployment();
    await this.client.send(new CreateStageCommand({ ...at, deploymentId, tracingEnabled: true }));
    await this.update(stageName, settings);
  }

  /** Deploys the current routes to the stage. */
  async redeploy(stageName: string): Promise<void> {
    await this.update(stageName, { "/deploymentId": (await this.deployment()) ?? "" });
  }

  private async update(stageName: string, settings: Readonly<Record<string, string>>): Promise<void> {
    const patchOperations = Object.entries(settings).map(([path, value]) => ({
      op: "replace" as const,
      path,
      value,
    }));
    await this.client.send(new UpdateStageCommand({ restApiId: this.id, stageName, patchOperations }));
  }

  private async deployment(): Promise<string | undefined> {
    return (await this.client.send(new CreateDeploymentCommand({ restApiId: this.id }))).id;
  }

  private async resource(pathPart: string): Promise<string | undefined> {
    if (pathPart === "") return this.root;
    const at = { restApiId: this.id, parentId: this.root, pathPart };
    return (await this.client.send(new CreateResourceCommand(at))).id;
  }

  private async authorizer(poolArn: string): Promise<string | undefined> {
    const authorizer = { restApiId: this.id, name: "users", type: "COGNITO_USER_POOLS" as const };
    const source = { providerARNs: [poolArn], identitySource: "method.request.header.Authorization" };
    return (await this.client.send(new CreateAuthorizerCommand({ ...authorizer, ...source }))).id;
  }

  private async validator(): Promise<string | undefined> {
    const validator = { restApiId: this.id, name: "parameters", validateRequestParameters: true };
    return (await this.client.send(new CreateRequestValidatorCommand(validator))).id;
  }
}
