import { request, createServer } from "node:http";
import { listen } from "../../../packages/embedded-aws/servers/tls-front";

/** A way to a server of this machine that can be closed: then every request is refused as S3 refuses. */
export interface Gate {
  readonly endpoint: string;
  closed: boolean;
  /** Requests that were refused so far. */
  refused: number;
  /** `METHOD /path` of the requests let through. */
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
  // A plain HTTP server is listened to as a TLS one is.
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
