import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";

/** A response; an iterable body is streamed. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | AsyncIterable<string>;
}

/** A request, as far as answers depend on it. */
export interface ServerRequest {
  readonly path: string;
  /** Value of a parameter of the query; the first one if it is given more than once. */
  readonly parameter: (name: string) => string | undefined;
  /** Value of a header, whose name is in lower case; joined by commas if it is given more than once. */
  readonly header: (name: string) => string | undefined;
  /** Address of the client that is connected, such as a load balancer. */
  readonly peer: string;
}

export interface ServerOptions {
  /** TCP port; 0 for any free port. */
  readonly port: number;
  /** Seconds for which an idle connection is kept open. */
  readonly keepAliveSeconds: number;
  /** Handles a request; the signal aborts when the client disconnects. */
  readonly answer: (request: ServerRequest, signal: AbortSignal) => Answer | Promise<Answer>;
  readonly onFailure: (error: unknown) => void;
}

export interface RunningServer {
  readonly port: number;
  /** Closes all connections; resolves when the server has stopped. */
  stop(): Promise<void>;
}

const NO_STORE_HEADERS = { "cache-control": "no-store" };

/** A server for GET and HEAD. Rejects if the port is not available. */
export function startServer({
  port,
  keepAliveSeconds,
  answer,
  onFailure,
}: ServerOptions): Promise<RunningServer> {
  const server = createServer({ keepAliveTimeout: keepAliveSeconds * 1_000 }, (request, response) => {
    const gone = new AbortController();
    response.once("close", () => gone.abort());
    // A client that disconnects during a response is not a failure.
    response.on("error", () => undefined);
    const { method = "GET" } = request;
    const refused: Answer = { status: 405, headers: { ...NO_STORE_HEADERS, allow: "GET, HEAD" }, body: "" };
    const given = method === "GET" || method === "HEAD";
    Promise.resolve(given ? answer(requestOf(request), gone.signal) : refused)
      .then((ready) => send(response, ready, { headOnly: method === "HEAD", gone: gone.signal }))
      .catch((error: unknown) => {
        if (gone.signal.aborted) return;
        onFailure(error);
        if (!response.headersSent) response.writeHead(500, NO_STORE_HEADERS);
        response.end();
      });
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, () => resolve({ port: portOf(server), stop: () => stop(server) }));
  });
}

function requestOf({ url = "/", headers, socket }: IncomingMessage): ServerRequest {
  const [path = "/", ...query] = url.split("?");
  const parameters = new URLSearchParams(query.join("?"));
  return {
    path,
    parameter: (name) => parameters.get(name) ?? undefined,
    header: (name) => headers[name]?.toString(),
    peer: socket.remoteAddress ?? "",
  };
}

async function send(
  response: ServerResponse,
  { status, headers, body }: Answer,
  { headOnly, gone }: { readonly headOnly: boolean; readonly gone: AbortSignal },
): Promise<void> {
  response.writeHead(status, headers);
  if (typeof body === "string" || headOnly) {
    response.end(headOnly ? "" : body);
    return;
  }
  response.flushHeaders();
  for await (const part of body) {
    if (gone.aborted) return;
    if (!response.write(part)) await drained(response, gone);
  }
  response.end();
}

/** Resolves when more can be written, or when the client has gone; leaves no listener, since streams last for hours. */
async function drained(response: ServerResponse, gone: AbortSignal): Promise<void> {
  await once(response, "drain", { signal: gone }).catch(() => undefined);
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
