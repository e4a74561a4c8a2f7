import { randomUUID } from "node:crypto";
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from "aws-lambda";
import { traceHeader, traceId } from "./environment";
import type { Log } from "./log";

/** What a request comes with. */
export interface HttpBindings {
  /** A UUID. */
  readonly requestId: string;
  /** Cognito sub of who asks, where the route has an authorizer. */
  readonly caller?: string;
  /** X-Ray's header of the request. */
  readonly trace?: string;
}

/** What answers a request, such as a Hono app. */
export interface HttpApp {
  fetch(request: Request, bindings: HttpBindings): Response | Promise<Response>;
}

export interface HttpProgram {
  readonly app: HttpApp;
  readonly log: Log;
}

export type HttpHandler = (event: APIGatewayProxyEvent, context: Context) => Promise<APIGatewayProxyResult>;

const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/**
 * A Lambda handler for requests of an API Gateway REST API (proxy integration). The program is started by the first
 * request, so that a wrong environment is told to those who ask, and again as long as starting fails.
 * `hono/aws-lambda` does nearly the same; but it is about to leave Hono, fails on a GET with a body, and answers
 * what it can't read with plain text.
 */
export function httpHandler(start: () => HttpProgram): HttpHandler {
  let program: HttpProgram | undefined;
  let cold = true;
  return async (event, context) => {
    const { app, log } = (program ??= start());
    const requestId = event.requestContext?.requestId ?? randomUUID();
    log.about({ requestId, traceId: traceId(), invocationId: context?.awsRequestId, cold });
    cold = false;
    const [caller, trace] = [callerOf(event), traceHeader()];
    const bindings = {
      requestId,
      ...(caller === undefined ? {} : { caller }),
      ...(trace === undefined ? {} : { trace }),
    };
    return toResult(await app.fetch(toRequest(event), bindings));
  };
}

/** What a Cognito authorizer says of who asks; it hands on nothing of tokens that it does not trust. */
function callerOf({ requestContext }: APIGatewayProxyEvent): string | undefined {
  const claims = (requestContext?.authorizer as { claims?: { sub?: unknown } } | null | undefined)?.claims;
  return typeof claims?.sub === "string" && claims.sub !== "" ? claims.sub : undefined;
}

function toRequest(event: APIGatewayProxyEvent): Request {
  const { httpMethod: method, path } = event;
  if (!METHODS.has(method) || typeof path !== "string") {
    throw new Error(
      `the event must be a request of an API Gateway REST API, got the fields ${fields(event)}`,
    );
  }
  // Only the path counts: whatever a host may be called, it can't make the URL unreadable.
  const url = new URL("https://api");
  url.pathname = path;
  eachValue(event.multiValueQueryStringParameters, event.queryStringParameters, (name, value) =>
    url.searchParams.append(name, value),
  );
  const headers = new Headers();
  eachValue(event.multiValueHeaders, event.headers, (name, value) => {
    try {
      // A header is bytes; what is beyond Latin-1 came as UTF-8.
      headers.append(name, Buffer.from(value).toString("latin1"));
    } catch {
      // No header of HTTP, so no part of the request.
    }
  });
  const bodiless = method === "GET" || method === "HEAD" || !event.body;
  const body = bodiless ? null : Buffer.from(event.body ?? "", event.isBase64Encoded ? "base64" : "utf8");
  return new Request(url, { method, headers, body });
}

async function toResult(response: Response): Promise<APIGatewayProxyResult> {
  const multiValueHeaders: Record<string, string[]> = {};
  for (const [name, value] of response.headers) (multiValueHeaders[name] ??= []).push(value);
  const body = Buffer.from(await response.arrayBuffer());
  const isText = /^text\/|[/+](?:json|xml)\b/.test(response.headers.get("content-type") ?? "text/plain");
  return {
    statusCode: response.status,
    multiValueHeaders,
    body: body.toString(isText ? "utf8" : "base64"),
    isBase64Encoded: !isText,
  };
}

type Many = Readonly<Record<string, readonly string[] | undefined>> | null;
type One = Readonly<Record<string, string | undefined>> | null;

/** API Gateway sends every value in `many` and the last one in `one`; a person who tries a function may send one. */
function eachValue(many: Many, one: One, tell: (name: string, value: string) => void): void {
  for (const [name, values] of Object.entries(many ?? one ?? {})) {
    for (const value of [values].flat()) if (typeof value === "string") tell(name, value);
  }
}

function fields(event: unknown): string {
  return Object.keys(event ?? {}).join(", ") || "of nothing";
}
