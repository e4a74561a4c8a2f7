import { randomUUID } from "node:crypto";
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from "aws-lambda";
import { traceHeader, traceId } from "./environment";
import type { Log } from "./log";

/** A request, as far as apps need it. */
export interface HttpRequest {
  readonly method: string;
  /** Path below the stage: `/media`. */
  readonly path: string;
  /** All values of each parameter, decoded. */
  readonly query: Readonly<Record<string, readonly string[]>>;
  /** Values of a header, joined by commas; the name in lower case. */
  readonly header: (name: string) => string | undefined;
  readonly body: Buffer;
  /** UUID in the response and the log. */
  readonly requestId: string;
  /** Cognito sub of the caller, if the route has an authorizer. */
  readonly caller?: string | undefined;
  /** X-Ray trace header of the request. */
  readonly trace?: string | undefined;
}

export interface HttpAnswer {
  readonly status: number;
  /** Headers with lower-case names; a list for repeated headers. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: string;
}

/** Handles requests; never rejects. */
export interface HttpApp {
  answer(request: HttpRequest): Promise<HttpAnswer>;
}

export interface HttpProgram {
  readonly app: HttpApp;
  readonly log: Log;
}

export type HttpHandler = (event: APIGatewayProxyEvent, context: Context) => Promise<APIGatewayProxyResult>;

const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);
const EMPTY_BODY = Buffer.alloc(0);

/**
 * A Lambda handler for API Gateway REST APIs (proxy integration). The program is started by the first request, so that
 * invalid variables are reported to callers, and restarted while starting fails. Events go directly to the app: the
 * Fetch API's `Request` and `Response` would take longer than most responses.
 */
export function httpHandler(start: () => HttpProgram): HttpHandler {
  let program: HttpProgram | undefined;
  let cold = true;
  return async (event, context) => {
    const { app, log } = (program ??= start());
    const requestId = event.requestContext?.requestId ?? randomUUID();
    log.about({ requestId, traceId: traceId(), invocationId: context?.awsRequestId, cold });
    cold = false;
    return toResult(await app.answer(toRequest(event, requestId)));
  };
}

/** Cognito sub of the caller, from the authorizer's verified claims. */
function callerOf({ requestContext }: APIGatewayProxyEvent): string | undefined {
  const claims = (requestContext?.authorizer as { claims?: { sub?: unknown } } | null | undefined)?.claims;
  return typeof claims?.sub === "string" && claims.sub !== "" ? claims.sub : undefined;
}

function toRequest(event: APIGatewayProxyEvent, requestId: string): HttpRequest {
  const { httpMethod: method, path } = event;
  if (!METHODS.has(method) || typeof path !== "string") {
    throw new Error(
      `the event must be a request of an API Gateway REST API, got the fields ${fields(event)}`,
    );
  }
  return {
    method,
    path,
    query: valuesOf(event.multiValueQueryStringParameters, event.queryStringParameters),
    header: (name) => headerOf(event, name),
    body: event.body ? Buffer.from(event.body, event.isBase64Encoded ? "base64" : "utf8") : EMPTY_BODY,
    requestId,
    caller: callerOf(event),
    trace: traceHeader(),
  };
}

function headerOf({ multiValueHeaders, headers }: APIGatewayProxyEvent, name: string): string | undefined {
  const sent: Sent = multiValueHeaders ?? headers ?? {};
  const found = Object.keys(sent)
    .filter((key) => key.toLowerCase() === name)
    .flatMap((key) => textsOf(sent[key]));
  return found.length === 0 ? undefined : found.join(", ");
}

function toResult({ status, headers, body }: HttpAnswer): APIGatewayProxyResult {
  const multiValueHeaders: Record<string, string[]> = {};
  for (const [name, value] of Object.entries(headers)) {
    multiValueHeaders[name] = typeof value === "string" ? [value] : [...value];
  }
  return { statusCode: status, multiValueHeaders, body, isBase64Encoded: false };
}

type Many = Readonly<Record<string, readonly string[] | undefined>> | null;
type Sent = Readonly<Record<string, string | readonly string[] | undefined>>;
type One = Readonly<Record<string, string | undefined>> | null;

/**
 * All values of a field; API Gateway sends all in `many` and the last in `one`, manual invocations may only have `one`.
 */
function valuesOf(many: Many, one: One): Record<string, string[]> {
  const sent: Sent = many ?? one ?? {};
  const all = Object.entries(sent).map(([name, values]) => [name, textsOf(values)]);
  return Object.fromEntries(all) as Record<string, string[]>;
}

function textsOf(values: string | readonly string[] | undefined): string[] {
  return [values].flat().filter((value) => typeof value === "string");
}

function fields(event: unknown): string {
  return Object.keys(event ?? {}).join(", ") || "of nothing";
}
