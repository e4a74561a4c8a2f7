import { type OutgoingHttpHeaders, request } from "node:http";

export interface RawAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

export interface RawRequest {
  readonly port: number;
  /** Sent as it is: `fetch` and browsers remove `..`, and encode much. */
  readonly path: string;
  readonly method?: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string | Buffer;
}

/** Sends a request to this machine with exactly this path. */
export function rawRequest({
  port,
  path,
  method = "GET",
  headers = {},
  body,
}: RawRequest): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: "127.0.0.1", port, path, method, headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.once("error", reject);
      answer.once("end", () =>
        resolve({
          status: answer.statusCode ?? 0,
          type: answer.headers["content-type"] ?? "",
          body: Buffer.concat(chunks).toString(),
        }),
      );
    });
    sent.once("error", reject);
    sent.end(body);
  });
}
