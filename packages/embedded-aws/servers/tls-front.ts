import { connect, type AddressInfo, type Server, type Socket } from "node:net";
import { createServer } from "node:tls";
import type { KeyPair } from "./certificates";
import { loopback } from "./ports";

export interface Front {
  readonly host: string;
  readonly port: number;
  /** Closes the port and every connection. */
  stop(): Promise<void>;
}

/** Has a server listen on a loopback port, a free one by default; what it accepted is closed together with it. */
export function listen(server: Server, port = 0): Promise<Front> {
  const open = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    open.add(socket);
    socket.once("close", () => open.delete(socket));
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, loopback, () =>
      resolve({
        host: loopback,
        port: (server.address() as AddressInfo).port,
        stop: () =>
          new Promise((done) => {
            server.close(() => done());
            open.forEach((socket) => socket.destroy());
          }),
      }),
    );
  });
}

/** Joins two connections: bytes, ends and errors of each go to the other. */
export function join(client: Socket, server: Socket): void {
  client.pipe(server);
  server.pipe(client);
  for (const [one, other] of [
    [client, server],
    [server, client],
  ] as const) {
    one.on("error", () => other.destroy());
    one.on("close", () => other.destroy());
  }
}

export interface TlsFrontOptions {
  readonly certificate: KeyPair;
  /** The plain server behind it, on the loopback interface. */
  readonly port: number;
}

/** Takes TLS connections and forwards what is inside to a plain server: what ElastiCache does with encryption on. */
export function startTlsFront({ certificate, port }: TlsFrontOptions): Promise<Front> {
  const server = createServer({ ...certificate }, (client) =>
    join(client, connect({ port, host: loopback, noDelay: true })),
  );
  // a client that speaks no TLS, or does not trust the certificate, is its own problem
  server.on("tlsClientError", () => undefined);
  return listen(server);
}
