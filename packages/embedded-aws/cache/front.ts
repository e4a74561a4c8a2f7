import { appendFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { createServer, type TLSSocket } from "node:tls";
import type { KeyPair } from "../servers/certificates";
import { loopback } from "../servers/ports";
import type { RedisUser } from "../servers/redis";
import { type Front, listen } from "../servers/tls-front";
import { type CommandBytes, CommandReader, encodeCommand } from "./commands";
import type { CacheLogin, LoginResult } from "./logins";

export interface CacheFrontOptions {
  /**
   * Its own loopback port.
   * @default a free port
   */
  readonly at?: number | undefined;
  readonly certificate: KeyPair;
  /** Loopback port of the server. */
  readonly port: number;
  readonly logins: {
    readonly anonymous: RedisUser | undefined;
    readonly authenticate: (login: CacheLogin) => Promise<LoginResult>;
  };
  /** Log file of accepted and refused logins. */
  readonly log: string;
  /**
   * Milliseconds after a login at which a connection is closed, unless it logs in again.
   * @default 12 hours, as on AWS
   */
  readonly sessionMs?: number;
}

const SESSION_MS = 12 * 3_600_000;
/** A name and password that no user has. */
const NOBODY = ["nobody", "refused"] as const;
const OK = Buffer.from("+OK\r\n");

/**
 * Starts a front like that of ElastiCache: TLS only, IAM tokens as passwords. A valid token is replaced by the
 * password of the local server's user, and another by a wrong one, so the server answers in the order of the commands
 * and decides what its users may do.
 */
export function startCacheFront(options: CacheFrontOptions): Promise<Front> {
  const server = createServer({ ...options.certificate }, (client) => {
    const session = new CacheSession(client, options);
    session.run().catch(() => session.end());
  });
  // ignore clients without TLS or without trust in the certificate
  server.on("tlsClientError", () => undefined);
  return listen(server, options.at);
}

class CacheSession {
  private readonly server: Socket;
  private readonly reader = new CommandReader();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly client: TLSSocket,
    private readonly options: CacheFrontOptions,
  ) {
    this.server = connect({ port: options.port, host: loopback, noDelay: true });
    for (const socket of [client, this.server]) {
      socket.on("error", () => this.end());
      socket.on("close", () => this.end());
    }
  }

  /** Forwards commands in their order until the client ends. */
  async run(): Promise<void> {
    const { anonymous } = this.options.logins;
    if (anonymous === undefined) this.server.pipe(this.client);
    else this.logInAs(anonymous);
    for await (const chunk of this.client) {
      for (const command of this.reader.read(chunk as Buffer)) {
        this.server.write(await this.translated(command));
      }
    }
    this.end();
  }

  end(): void {
    clearTimeout(this.timer);
    this.client.destroy();
    this.server.destroy();
  }

  /** Logs in before the client's first command; the client does not get the reply. */
  private logInAs({ name, password }: RedisUser): void {
    this.server.write(encodeCommand(["AUTH", name, password]));
    let missing = OK.length;
    this.server.on("data", (chunk: Buffer) => {
      const reply = chunk.subarray(missing);
      missing = Math.max(0, missing - chunk.length);
      if (reply.length > 0) this.client.write(reply);
    });
  }

  private async translated({ bytes, words }: CommandBytes): Promise<Buffer> {
    const [command = "", ...rest] = words;
    if (command.toUpperCase() === "AUTH") {
      // With one argument, it is the password of the user "default".
      const [user = "", password = ""] = rest.length > 1 ? rest : ["default", ...rest];
      return encodeCommand(["AUTH", ...(await this.login({ user, password }))]);
    }
    const at =
      command.toUpperCase() === "HELLO" ? rest.findIndex((word) => word.toUpperCase() === "AUTH") : -1;
    if (at < 0) return bytes;
    const [user = "", password = ""] = rest.slice(at + 1);
    const local = await this.login({ user, password });
    return encodeCommand([command, ...rest.slice(0, at + 1), ...local, ...rest.slice(at + 3)]);
  }

  /** Name and password for the local server. */
  private async login(login: CacheLogin): Promise<readonly [string, string]> {
    const result = await this.options.logins.authenticate(login);
    const outcome =
      "refused" in result
        ? `refused user "${login.user}": ${result.refused}`
        : `user "${login.user}" logged in`;
    appendFileSync(this.options.log, `${new Date().toISOString()} ${outcome}\n`);
    if ("refused" in result) return NOBODY;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.end(), this.options.sessionMs ?? SESSION_MS).unref();
    return [result.accepted.name, result.accepted.password];
  }
}
