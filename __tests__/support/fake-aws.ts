import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** Response of a fake AWS. */
export interface FakeAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface FakeAws {
  /** For `AWS_ENDPOINT_URL` and clients. */
  readonly endpoint: string;
  /** `METHOD /path body` of every request so far. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

/** A local HTTP server that answers like AWS. */
export async function fakeAws(answer: (request: string) => FakeAnswer): Promise<FakeAws> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      requests.push(`${request.method} ${request.url} ${body}`);
      const { status = 200, headers = {}, body: answered } = answer(requests.at(-1) ?? "");
      response.writeHead(status, { ...headers, connection: "close" }).end(answered);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    requests,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

/** STS's answer to GetCallerIdentity. */
export function callerIdentity(account: string): FakeAnswer {
  const xmlns = "https://sts.amazonaws.com/doc/2011-06-15/";
  return {
    headers: { "content-type": "text/xml" },
    body:
      `<GetCallerIdentityResponse xmlns="${xmlns}"><GetCallerIdentityResult>` +
      `<Arn>arn:aws:iam::${account}:user/somebody</Arn><UserId>AIDA</UserId><Account>${account}</Account>` +
      "</GetCallerIdentityResult></GetCallerIdentityResponse>",
  };
}
