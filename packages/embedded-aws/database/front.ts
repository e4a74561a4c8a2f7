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

export interface Refusal {
  /** SQLSTATE, such as `28000`. */
  readonly code: string;
  /** What the client is told. */
  readonly message: string;
  /** What the log says besides. */
  readonly detail?: string;
}

export interface DatabaseFrontOptions {
  readonly certificate: KeyPair;
  /** The server behind it: any role logs in there by its UNIX socket. */
  readonly server: { readonly socketFolder: string; readonly port: number };
  /** Undefined lets the user in. */
  readonly authenticate: (login: Login) => Promise<Refusal | undefined>;
  /** The file that refused connections are written to. */
  readonly log: string;
}

/** Milliseconds that a client may take to log in. */
const patience = 10_000;

/** What stands before an RDS database: TLS and nothing else, a password in clear text inside it, then the server. */
export function startDatabaseFront(options: DatabaseFrontOptions): Promise<Front> {
  const context = createSecureContext({ ...options.certificate });
  const server = createServer({ pauseOnConnect: false, noDelay: true }, (socket) => {
    socket.on("error", () => socket.destroy());
    accept(socket, context, options).catch(() => socket.destroy());
  });
  return listen(server);
}

async function accept(socket: Socket, context: SecureContext, options: DatabaseFrontOptions): Promise<void> {
  const late = setTimeout(() => socket.destroy(), patience);
  try {
    let startup = await readStartup(socket);
    if (startup?.code === gssRequest) {
      socket.write("N");
      startup = await readStartup(socket);
    }
    if (!startup) return void socket.destroy();
    if (startup.code === cancelRequest) return cancel(socket, startup, options);
    if (startup.code !== sslRequest) return refuse(socket, startup, noEncryption(startup), options);
    socket.write("S");
    const client = new TLSSocket(socket, { isServer: true, secureContext: context });
    client.on("error", () => client.destroy());
    await logIn(client, options);
  } finally {
    clearTimeout(late);
  }
}

async function logIn(client: TLSSocket, options: DatabaseFrontOptions): Promise<void> {
  const startup = await readStartup(client);
  if (!startup) return void client.destroy();
  if (startup.code === cancelRequest) return cancel(client, startup, options);
  client.write(askForPassword);
  const password = await readPassword(client);
  if (password === undefined) return void client.destroy();
  const refusal = await options.authenticate({ user: startup.parameters.user ?? "", password });
  if (refusal) return refuse(client, startup, refusal, options);
  const server = upstream(options);
  server.write(startup.bytes);
  join(client, server);
}

function upstream({ server }: DatabaseFrontOptions): Socket {
  return connect({ path: joinPath(server.socketFolder, `.s.PGSQL.${server.port}`) });
}

function cancel(client: Socket, request: Startup, options: DatabaseFrontOptions): void {
  const server = upstream(options);
  server.on("error", () => client.destroy());
  server.on("close", () => client.destroy());
  server.end(request.bytes);
}

function noEncryption({ parameters: { user, database = user } }: Startup): Refusal {
  const message = `no pg_hba.conf entry for host "127.0.0.1", user "${user}", database "${database}", no encryption`;
  return { code: "28000", message };
}

function refuse(client: Socket, startup: Startup, refusal: Refusal, { log }: DatabaseFrontOptions): void {
  const { user, database = user } = startup.parameters;
  const why = [refusal.message, refusal.detail].filter(Boolean).join(": ");
  appendFileSync(
    log,
    `${new Date().toISOString()} refused user "${user}" of database "${database}": ${why}\n`,
  );
  client.end(fatal(refusal.code, refusal.message));
}
