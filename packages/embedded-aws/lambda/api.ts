import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type Front, listen } from "../servers/tls-front";
import { functionOf } from "./function-reference";
import { TooManyRequestsException } from "./pool";
import type { LambdaService } from "./service";

const path = /^\/2015-03-31\/functions\/([^/?]+)\/invocations$/;

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

interface ApiError {
  readonly status: number;
  /** Type for the header `x-amzn-errortype`. */
  readonly type: string;
  readonly message: string;
}

function refuse(response: ServerResponse, { status, type, message }: ApiError): void {
  response.writeHead(status, { "content-type": "application/json", "x-amzn-errortype": type });
  response.end(JSON.stringify({ Type: "User", Message: message, message }));
}

/** Answers an Invoke. */
async function answer(
  service: LambdaService,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? "/", "http://lambda");
  const name = path.exec(url.pathname)?.[1];
  if (name !== undefined && request.method === "POST") {
    return invoke(service, { name, url, request, response });
  }
  const message = `only Invoke is answered here, got ${request.method} ${url.pathname}`;
  refuse(response, { status: 404, type: "UnknownOperationException", message });
}

interface Invocation {
  /** Name or ARN of the function, encoded as in a URL. */
  readonly name: string;
  readonly url: URL;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

async function invoke(service: LambdaService, { name, url, request, response }: Invocation): Promise<void> {
  const text = (await bodyOf(request)) || "{}";
  const kind = request.headers["x-amz-invocation-type"] ?? "RequestResponse";
  let event: unknown;
  try {
    event = JSON.parse(text);
  } catch {
    return refuse(response, {
      status: 400,
      type: "InvalidRequestContentException",
      message: "Could not parse request body into json",
    });
  }
  const called = functionOf(decodeURIComponent(name));
  const trace = request.headers["x-amzn-trace-id"];
  const result = service.invoke({
    functionName: called.functionName,
    qualifier: url.searchParams.get("Qualifier") ?? called.qualifier,
    trace: typeof trace === "string" ? trace : undefined,
    event,
  });
  if (kind === "Event") {
    result.catch(() => undefined);
    response.writeHead(202).end();
    return;
  }
  const { payload, error, version, requestId } = await result;
  if (error) response.setHeader("x-amz-function-error", "Unhandled");
  response.writeHead(200, {
    "content-type": "application/json",
    "x-amzn-requestid": requestId,
    "x-amz-executed-version": version,
  });
  response.end(payload);
}

function apiError(error: Error): ApiError {
  const { name, message } = error;
  if (error instanceof TooManyRequestsException) return { status: 429, type: name, message };
  if (name === "ResourceNotFoundException") return { status: 404, type: name, message };
  return { status: 500, type: "ServiceException", message };
}

export interface InvokeApiOptions {
  /** Runs the functions. */
  readonly service: LambdaService;
  /** URL of the emulator, which stores functions and sends their invocations here. */
  readonly emulator: string;
}

/** Runs the functions that are invoked in the emulator, until it is stopped. Throws if the emulator does not answer. */
export async function startInvokeApi({ service, emulator }: InvokeApiOptions): Promise<Front> {
  const server = createServer((request, response) => {
    answer(service, request, response).catch((error: Error) => refuse(response, apiError(error)));
  });
  const front = await listen(server);
  const runBy = async (url: string | null) => {
    const body = JSON.stringify({ url });
    const { ok, status } = await fetch(`${emulator}/moto-api/overlay/functions`, { method: "PUT", body });
    if (!ok) throw new Error(`the emulator does not take the server of the functions: ${status}`);
  };
  try {
    await runBy(`http://${front.host}:${front.port}`);
  } catch (error) {
    await front.stop();
    throw error;
  }
  return {
    ...front,
    async stop() {
      // the emulator may have ended before
      await runBy(null).catch(() => undefined);
      await front.stop();
    },
  };
}
