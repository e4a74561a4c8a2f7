import { connect, type AddressInfo, type Server, type Socket } from "node:net";
import { createServer } from "node:tls";
import type { KeyPair } from "./certificates";
import { loopback } from "./ports";

export interface Front {
  readonly host: string;
  readonly port: number;
  /** Closes the port and all connections. */
  stop(): Promise<void>;
}

/**
 * Starts a server on a loopback port; stopping it closes its connections.
 * @default a free port
 */
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

/** Connects two sockets: data, ends and errors of each go to the other. */
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
  /** Loopback port of the plain server. */
  readonly port: number;
}

/**
 * Accepts TLS connections and forwards their content to a plain server, like ElastiCache with encryption in transit.
 */
export function startTlsFront({ certificate, port }: TlsFrontOptions): Promise<Front> {
  const server = createServer({ ...certificate }, (client) =>
    join(client, connect({ port, host: loopback, noDelay: true })),
  );
  // ignore clients without TLS or without trust in the certificate
  server.on("tlsClientError", () => undefined);
  return listen(server);
}
