import { ApiGatewayGatewayResponse } from "@cdktf/provider-aws/lib/api-gateway-gateway-response";
import type { ApiGatewayRestApi } from "@cdktf/provider-aws/lib/api-gateway-rest-api";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { optional } from "../../lib/optional";

/** What API Gateway answers instead of its own `{ "message": … }`. */
interface GatewayProblem {
  /** @default the status of the response type */
  readonly status?: number;
  /** @default API Gateway's message */
  readonly title?: string;
  /** @default API Gateway's message */
  readonly detail?: string;
  readonly code?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * By response type. The defaults cover all others, and a malformed answer of a function; their problems have no status.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
 */
const PROBLEMS: Readonly<Record<string, GatewayProblem>> = {
  ACCESS_DENIED: { status: 403, title: "Forbidden" },
  BAD_REQUEST_BODY: { status: 400, title: "Bad Request", code: "invalid" },
  BAD_REQUEST_PARAMETERS: { status: 400, title: "Bad Request", code: "invalid" },
  DEFAULT_4XX: {},
  DEFAULT_5XX: {},
  INTEGRATION_FAILURE: { status: 504, title: "Gateway Timeout" },
  INTEGRATION_TIMEOUT: { status: 504, title: "Gateway Timeout" },
  // Its own status is 403, for a path or a method that the API does not have.
  MISSING_AUTHENTICATION_TOKEN: {
    status: 404,
    title: "Not Found",
    detail: "This API has no such path or method.",
    code: "not-found",
  },
  REQUEST_TOO_LARGE: { status: 413, title: "Content Too Large" },
  THROTTLED: { status: 429, title: "Too Many Requests", headers: { "Retry-After": "1" } },
  // Without a code: the console then says that the session has expired.
  UNAUTHORIZED: { status: 401, title: "Unauthorized" },
  WAF_FILTERED: { status: 403, title: "Forbidden" },
};

/** API Gateway's variables: a quoted message, and the id that the functions get too. */
const [MESSAGE, REQUEST_ID] = ["$context.error.messageString", "$context.requestId"];

export interface GatewayProblemsProps {
  readonly api: ApiGatewayRestApi;
}

/**
 * Answers of API Gateway itself (no such route, no token, throttled, …) in the form of the API's own errors: problem
 * details by RFC 9457, with `x-request-id`.
 */
export class GatewayProblems extends Construct {
  /** For `dependsOn` of the deployment. */
  readonly resources: ITerraformDependable[];

  constructor(scope: Construct, id: string, { api }: GatewayProblemsProps) {
    super(scope, id);
    this.resources = Object.entries(PROBLEMS).map(
      ([responseType, problem]) =>
        new ApiGatewayGatewayResponse(this, responseType.toLowerCase(), {
          restApiId: api.id,
          responseType,
          ...optional({ statusCode: problem.status?.toString() }),
          responseTemplates: { "application/json": templateOf(problem) },
          responseParameters: {
            "gatewayresponse.header.Cache-Control": "'no-store'",
            "gatewayresponse.header.Content-Type": "'application/problem+json'",
            "gatewayresponse.header.X-Request-Id": "context.requestId",
            ...Object.fromEntries(
              Object.entries(problem.headers ?? {}).map(([name, value]) => [
                `gatewayresponse.header.${name}`,
                `'${value}'`,
              ]),
            ),
          },
        }),
    );
  }
}

/** API Gateway only replaces variables in it. */
function templateOf({ status, title, detail, code }: GatewayProblem): string {
  const quoted = (text: string | undefined): string => (text === undefined ? MESSAGE : JSON.stringify(text));
  const members = [
    ["type", quoted("about:blank")],
    ["title", quoted(title)],
    ...(status === undefined ? [] : [["status", status]]),
    ["detail", quoted(detail)],
    ["instance", quoted(`urn:uuid:${REQUEST_ID}`)],
    ...(code === undefined ? [] : [["code", quoted(code)]]),
  ];
  return `{${members.map(([name, value]) => `"${name}":${value}`).join(",")}}`;
}
