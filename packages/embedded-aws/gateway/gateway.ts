import { LambdaClient } from "@aws-sdk/client-lambda";
import type { AwsClientConfig } from "../client";
import { functionOf } from "../lambda/function-reference";
import type { LambdaService } from "../lambda/service";
import { Authorizer } from "./authorizer";
import { customized } from "./custom-responses";
import { type ApiDefinition, readDefinition, type Route } from "./definition";
import { type ApiPlace, type DeployedApi, type GatewayRequest, proxyEvent } from "./event";
import { mayInvoke } from "../lambda/invoke-permission";
import { failures, type GatewayResponse, proxyResponse } from "./response";
import { matchRoute } from "./routes";
import { Throttles } from "./throttle";
import { requestFault } from "./validation";

/** API Gateway's maximum request size in bytes. */
export const MAX_REQUEST_BYTES = 10 * 1024 * 1024;

export interface Handled {
  readonly response: GatewayResponse;
  /** Undefined if no route matched. */
  readonly route: Route | undefined;
  /** Milliseconds. */
  readonly integrationLatency: number | undefined;
}

/** The functions of an API. */
interface Integration {
  readonly service: LambdaService;
  /** Routes whose function allows API Gateway to invoke it. */
  readonly callable: ReadonlySet<Route>;
}

/** Handles requests of a deployed stage like API Gateway, from routing to response. */
export class Gateway implements DeployedApi {
  readonly definition: ApiDefinition;
  readonly place: ApiPlace;
  private readonly throttles: Throttles;

  private constructor(
    { definition, place }: DeployedApi,
    private readonly integration: Integration,
    private readonly authorizer: Authorizer,
  ) {
    this.definition = definition;
    this.place = place;
    this.throttles = new Throttles(definition.throttles);
  }

  /** Reads the deployed API, and which functions allow API Gateway to invoke them. */
  static async load(
    config: AwsClientConfig,
    functions: LambdaService,
    { accountId, id, stage }: { readonly accountId: string; readonly id: string; readonly stage: string },
  ): Promise<Gateway> {
    const definition = await readDefinition(config, { id, stage });
    const place = { accountId, region: config.region };
    const lambda = new LambdaClient(config);
    const routes = await Promise.all(
      definition.routes.map(async (route) => {
        const { functionArn, method, path } = route;
        const sourceArn = `arn:aws:execute-api:${place.region}:${accountId}:${id}/${stage}/${method}${path}`;
        const service = "apigateway.amazonaws.com";
        const invocation = { service, functionArn, sourceArn, sourceAccount: accountId };
        return (await mayInvoke(lambda, invocation)) ? [route] : [];
      }),
    );
    const callable = new Set(routes.flat());
    return new Gateway(
      { definition, place },
      { service: functions, callable },
      new Authorizer(config.endpoint),
    );
  }

  async handle(request: GatewayRequest): Promise<Handled> {
    const handled = await this.answer(request);
    const response = customized(handled.response, this.definition.customResponses, request);
    return { ...handled, response };
  }

  private async answer(request: GatewayRequest): Promise<Handled> {
    const { definition } = this;
    const match = matchRoute(definition.routes, request.method, request.path);
    const refuse = (response: GatewayResponse) => ({
      response,
      route: match?.route,
      integrationLatency: undefined,
    });
    if (!match) return refuse(failures.missingToken());
    const { route } = match;
    const claims = await this.authorizer.claims(route, request);
    if (claims === undefined) return refuse(failures.unauthorized());
    if (!this.throttles.admits(route)) return refuse(failures.throttled());
    if (request.body.length > MAX_REQUEST_BYTES) return refuse(failures.tooLarge());
    const names = request.rawHeaders.filter((_, i) => i % 2 === 0);
    const type = request.rawHeaders[names.findIndex((name) => /^content-type$/i.test(name)) * 2 + 1] ?? "";
    const fault = requestFault(match, { ...request, headerNames: names, contentType: type });
    if (fault !== undefined) return refuse(failures.badRequest(fault));
    if (!this.integration.callable.has(route)) {
      return refuse(failures.notInvoked(`Invalid permissions on Lambda function ${route.functionArn}`));
    }
    const began = Date.now();
    const event = proxyEvent(this, match, { ...request, claims });
    const response = await this.integrate(route, event, request.traceHeader);
    return { response, route, integrationLatency: Date.now() - began };
  }

  private async integrate(route: Route, event: unknown, trace: string): Promise<GatewayResponse> {
    const invoked = this.integration.service.invoke({ ...functionOf(route.functionArn), event, trace }).then(
      ({ payload, error }) => (error ? failures.malformed(error.errorMessage) : proxyResponse(payload)),
      (error: Error) => failures.notInvoked(error.message),
    );
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<GatewayResponse>((resolve) => {
      timer = setTimeout(() => resolve(failures.timedOut()), route.timeout);
    });
    return Promise.race([invoked, late]).finally(() => clearTimeout(timer));
  }
}
