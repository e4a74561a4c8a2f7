import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type Front, listen } from "../servers/tls-front";
import { TooManyRequestsException } from "./pool";
import type { LambdaService } from "./service";

const path = /^\/2015-03-31\/functions\/([^/?]+)\/invocations$/;

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

/** `name`, `name:alias`, or either at the end of an ARN. */
export function functionOf(text: string): { functionName: string; qualifier?: string | undefined } {
  const [functionName = "", qualifier] = text.replace(/^arn:aws:lambda:[^:]*:\d*:function:/, "").split(":");
  return { functionName, qualifier };
}

function refuse(response: ServerResponse, status: number, type: string, message: string): void {
  response.writeHead(status, { "content-type": "application/json", "x-amzn-errortype": type });
  response.end(JSON.stringify({ Type: "User", Message: message, message }));
}

async function invoke(
  service: LambdaService,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? "/", "http://lambda");
  const name = path.exec(url.pathname)?.[1];
  if (!name || request.method !== "POST") {
    return refuse(
      response,
      404,
      "UnknownOperationException",
      "this port serves Invoke, and nothing else of Lambda",
    );
  }
  const text = (await bodyOf(request)) || "{}";
  const kind = request.headers["x-amz-invocation-type"] ?? "RequestResponse";
  let event: unknown;
  try {
    event = JSON.parse(text);
  } catch {
    return refuse(response, 400, "InvalidRequestContentException", "Could not parse request body into json");
  }
  const qualifier = url.searchParams.get("Qualifier");
  const trace = request.headers["x-amzn-trace-id"];
  const result = service.invoke({
    ...functionOf(decodeURIComponent(name)),
    ...(qualifier !== null && { qualifier }),
    ...(typeof trace === "string" && { trace }),
    event,
  });
  if (kind === "Event") {
    result.catch(() => undefined);
    response.writeHead(202).end();
    return;
  }
  const { payload, error, version, requestId } = await result;
  response.writeHead(200, {
    "content-type": "application/json",
    "x-amzn-requestid": requestId,
    "x-amz-executed-version": version,
    ...(error && { "x-amz-function-error": "Unhandled" }),
  });
  response.end(payload);
}

/**
 * Serves the Lambda API's Invoke on a loopback port: what `AWS_ENDPOINT_URL_LAMBDA` may be set to for one call. The
 * emulator keeps functions but can't run them.
 */
export function startInvokeApi(service: LambdaService): Promise<Front> {
  const server = createServer((request, response) => {
    invoke(service, request, response).catch((error: Error) => {
      if (error instanceof TooManyRequestsException) return refuse(response, 429, error.name, error.message);
      if (error.name === "ResourceNotFoundException") return refuse(response, 404, error.name, error.message);
      refuse(response, 500, "ServiceException", error.message);
    });
  });
  return listen(server);
}
