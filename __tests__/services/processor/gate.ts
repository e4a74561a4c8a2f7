import { request, createServer } from "node:http";
import { listen } from "../../../packages/embedded-aws/servers/tls-front";

/** A proxy to a local server. While closed, it rejects requests as S3 does. */
export interface Gate {
  readonly endpoint: string;
  closed: boolean;
  /** Number of rejected requests. */
  refused: number;
  /** `METHOD /path` of the forwarded requests. */
  readonly passed: string[];
  stop(): Promise<void>;
}

const REFUSAL =
  '<?xml version="1.0"?><Error><Code>ServiceUnavailable</Code><Message>closed</Message></Error>';

export async function startGate(port: number): Promise<Gate> {
  const server = createServer((incoming, outgoing) => {
    if (gate.closed) {
      gate.refused++;
      incoming.resume();
      outgoing.writeHead(503, { "content-type": "application/xml" }).end(REFUSAL);
      return;
    }
    const { method = "", url = "", headers } = incoming;
    gate.passed.push(`${method} ${url.split("?")[0]}`);
    const onward = request({ host: "127.0.0.1", port, method, path: url, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on("error", () => outgoing.destroy());
    incoming.pipe(onward);
  });
  // A plain HTTP server has the same `listen` as a TLS server.
  const front = await listen(server);
  const gate: Gate = {
    endpoint: `http://127.0.0.1:${front.port}`,
    closed: false,
    refused: 0,
    passed: [],
    stop: () => front.stop(),
  };
  return gate;
}
