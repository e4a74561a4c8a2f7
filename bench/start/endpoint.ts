import { readFileSync } from "node:fs";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { localFolder } from "@packages/cli-kit/paths";

/** A single endpoint of an embedded AWS, as AWS has. */
export interface AwsEndpoint {
  readonly url: string;
  stop(): void;
}

/**
 * Forwards invokes to the functions of an `npm start`, and everything else to its emulator. Terraform and the AWS SDK
 * both read `AWS_ENDPOINT_URL_LAMBDA`, so a command that uses both can't have two endpoints.
 */
export async function startAwsEndpoint(name: string): Promise<AwsEndpoint> {
  const file = readFileSync(join(localFolder, name, "emulator.env"), "utf8");
  const [, functions = ""] = /--endpoint-url (\S+)/.exec(file) ?? [];
  const [, emulator = ""] = /^AWS_ENDPOINT_URL='(.*)'$/m.exec(file) ?? [];
  const server = createServer((incoming, outgoing) => {
    const target = new URL(/\/invocations(\?|$)/.test(incoming.url ?? "") ? functions : emulator);
    const options = {
      method: incoming.method,
      path: incoming.url,
      headers: { ...incoming.headers, host: target.host },
    };
    const forwarded = request(target, options, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    forwarded.on("error", () => outgoing.destroy());
    incoming.pipe(forwarded);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}
