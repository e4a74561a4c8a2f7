import { appendFileSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { join as joinPath } from "node:path";
import { createSecureContext, TLSSocket, type SecureContext } from "node:tls";
import type { KeyPair } from "../servers/certificates";
import { type Front, join, listen } from "../servers/tls-front";
import {
  askForPassword,
  cancelRequest,
  fatal,
  type FatalError,
  gssRequest,
  readPassword,
  readStartup,
  sslRequest,
  type Startup,
} from "./protocol";

export interface Login {
  readonly user: string;
  readonly password: string;
}

export interface Refusal extends FatalError {
  /** Additional text for the log. */
  readonly detail?: string;
}

export interface DatabaseFrontOptions {
  /**
   * Its own loopback port.
   * @default a free port
   */
  readonly at?: number | undefined;
  readonly certificate: KeyPair;
  /** The server behind it, which accepts every role on its UNIX socket. */
  readonly server: { readonly socketFolder: string; readonly port: number };
  /** Returns undefined to accept the login. */
  readonly authenticate: (login: Login) => Promise<Refusal | undefined>;
  /** Log file of rejected connections. */
  readonly log: string;
}

const LOGIN_TIMEOUT_MS = 10_000;

/** Starts a front like that of an RDS database: TLS only, a clear text password inside, then the server. */
export function startDatabaseFront(options: DatabaseFrontOptions): Promise<Front> {
  const front = new DatabaseFront(options);
  const server = createServer({ pauseOnConnect: false, noDelay: true }, (socket) => {
    socket.on("error", () => socket.destroy());
    front.accept(socket).catch(() => socket.destroy());
  });
  return listen(server, options.at);
}

class DatabaseFront {
  private readonly context: SecureContext;

  constructor(private readonly options: DatabaseFrontOptions) {
    this.context = createSecureContext({ ...options.certificate });
  }

  /** Handles one client until it is logged in, rejected or timed out. */
  async accept(socket: Socket): Promise<void> {
    const late = setTimeout(() => socket.destroy(), LOGIN_TIMEOUT_MS);
    try {
      let startup = await readStartup(socket);
      if (startup?.code === gssRequest) {
        socket.write("N");
        startup = await readStartup(socket);
      }
      if (!startup) return void socket.destroy();
      if (startup.code === cancelRequest) return this.cancel(socket, startup);
      if (startup.code !== sslRequest) return this.refuse(socket, startup, noEncryption(startup));
      socket.write("S");
      const client = new TLSSocket(socket, { isServer: true, secureContext: this.context });
      client.on("error", () => client.destroy());
      await this.logIn(client);
    } finally {
      clearTimeout(late);
    }
  }

  private async logIn(client: TLSSocket): Promise<void> {
    const startup = await readStartup(client);
    if (!startup) return void client.destroy();
    if (startup.code === cancelRequest) return this.cancel(client, startup);
    client.write(askForPassword);
    const password = await readPassword(client);
    if (password === undefined) return void client.destroy();
    const refusal = await this.options.authenticate({ user: startup.parameters.user ?? "", password });
    if (refusal) return this.refuse(client, startup, refusal);
    const server = this.connectToServer();
    server.write(startup.bytes);
    join(client, server);
  }

  private connectToServer(): Socket {
    const { socketFolder, port } = this.options.server;
    return connect({ path: joinPath(socketFolder, `.s.PGSQL.${port}`) });
  }

  private cancel(client: Socket, request: Startup): void {
    const server = this.connectToServer();
    server.on("error", () => client.destroy());
    server.on("close", () => client.destroy());
    server.end(request.bytes);
  }

  private refuse(client: Socket, startup: Startup, refusal: Refusal): void {
    const { user, database = user } = startup.parameters;
    const why = [refusal.message, refusal.detail].filter(Boolean).join(": ");
    appendFileSync(
      this.options.log,
      `${new Date().toISOString()} refused user "${user}" of database "${database}": ${why}\n`,
    );
    client.end(fatal(refusal));
  }
}

function noEncryption({ parameters: { user, database = user } }: Startup): Refusal {
  const message = `no pg_hba.conf entry for host "127.0.0.1", user "${user}", database "${database}", no encryption`;
  return { code: "28000", message };
}
