import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AwsClientConfig } from "../client";
import { type Front, listen } from "../servers/tls-front";
import { refusal } from "./cookies";
import { behaviorOf, readDistribution } from "./distribution";
import { type LocalOrigins, Origins } from "./origins";
import { standFor, withEmulator } from "./stand-in";

export interface EdgeOptions {
  readonly aws: AwsClientConfig;
  readonly distributionId: string;
  /** Public URL of the deployed stack, which this edge replaces. */
  readonly publicUrl: string;
  readonly origins: LocalOrigins;
  /**
   * Port.
   * @default a free port
   */
  readonly port?: number;
}

/**
 * Serves a deployed distribution on a loopback port: behaviours, origins, headers and signed cookies. Nothing is
 * cached. Viewers use plain HTTP to `localhost`, which browsers trust like TLS.
 */
export async function startEdge(options: EdgeOptions): Promise<Front> {
  const { aws, distributionId, publicUrl, origins, port } = options;
  const distribution = withEmulator(await readDistribution(aws, distributionId), aws);
  const edge = await serveDistribution(new Origins(aws, distribution, origins), port);
  try {
    await standFor(aws, { edgeUrl: `http://localhost:${edge.port}`, publicUrl });
  } catch (error) {
    await edge.stop();
    throw error;
  }
  return edge;
}

/** Keep-alive of idle connections in milliseconds: longer than clients' own. */
const KEEP_ALIVE_MS = 65_000;

/**
 * Serves a distribution with these origins.
 * @default a free port
 */
export function serveDistribution(origins: Origins, port?: number): Promise<Front> {
  const server = createServer((request, response) => {
    serve(origins, request, response).catch((error: Error) => {
      if (!response.headersSent) response.writeHead(502);
      response.end(`${error.message}\n`);
    });
  });
  // The client must close idle connections first; otherwise its next request can fail.
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  return listen(server, port);
}

async function serve(origins: Origins, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { distribution } = origins;
  const target = request.url ?? "/";
  const path = target.split("?")[0] ?? "/";
  const behavior = behaviorOf(distribution, path);
  for (const [name, value] of Object.entries(behavior.responseHeaders)) response.setHeader(name, value);
  const refuse = (why: string) => {
    response.writeHead(403, { "content-type": "application/xml" });
    response.end(`<?xml version="1.0" encoding="UTF-8"?><Error><Code>${why}</Code></Error>\n`);
  };
  if (!behavior.methods.includes(request.method ?? "GET")) return refuse("MethodNotAllowed");
  if (behavior.trustedKeys.size > 0) {
    const why = refusal(behavior.trustedKeys, {
      url: `https://${distribution.host}${target}`,
      cookie: request.headers.cookie,
      now: Date.now(),
    });
    if (why !== undefined) return refuse(why);
  }
  await origins.answer(behavior.origin, { request, response, path, behavior });
}
