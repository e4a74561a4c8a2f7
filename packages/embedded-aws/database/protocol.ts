import type { Socket } from "node:net";

/** Codes that stand where a startup message has its protocol version. */
export const sslRequest = 80877103;
export const gssRequest = 80877104;
export const cancelRequest = 80877102;

const longest = 10_000;

/** Reads exactly that many bytes; what follows stays in the socket. Undefined when the connection ends before. */
export async function readExactly(socket: Socket, size: number): Promise<Buffer | undefined> {
  for (;;) {
    const bytes = socket.read(size) as Buffer | null;
    if (bytes) return bytes.length === size ? bytes : undefined;
    if (socket.readableEnded || socket.destroyed) return undefined;
    await new Promise<void>((resolve) => {
      const wake = () => {
        for (const event of ["readable", "end", "close", "error"]) socket.off(event, wake);
        resolve();
      };
      for (const event of ["readable", "end", "close", "error"]) socket.once(event, wake);
    });
  }
}

export interface Startup {
  /** The whole message, to be handed on. */
  readonly bytes: Buffer;
  /** The protocol version, or one of the request codes. */
  readonly code: number;
  /** `user`, `database`, `application_name`, … */
  readonly parameters: Readonly<Record<string, string>>;
}

/** The first message of a connection, which alone has no type byte. */
export async function readStartup(socket: Socket): Promise<Startup | undefined> {
  const head = await readExactly(socket, 8);
  const size = head?.readInt32BE(0) ?? 0;
  if (!head || size < 8 || size > longest) return undefined;
  const body = size === 8 ? Buffer.alloc(0) : await readExactly(socket, size - 8);
  if (!body) return undefined;
  const words = body.toString("utf8").split("\0");
  const parameters: Record<string, string> = {};
  for (let i = 0; words[i]; i += 2) parameters[words[i] ?? ""] = words[i + 1] ?? "";
  return { bytes: Buffer.concat([head, body]), code: head.readInt32BE(4), parameters };
}

/** The client's answer to the request for a password. */
export async function readPassword(socket: Socket): Promise<string | undefined> {
  const head = await readExactly(socket, 5);
  const size = head?.readInt32BE(1) ?? 0;
  if (!head || head[0] !== "p".charCodeAt(0) || size < 5 || size > longest) return undefined;
  const body = await readExactly(socket, size - 4);
  return body?.subarray(0, -1).toString("utf8");
}

/** AuthenticationCleartextPassword. */
export const askForPassword = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 3]);

export interface FatalError {
  /** SQLSTATE, such as `28000`. */
  readonly code: string;
  /** What the client is told. */
  readonly message: string;
}

/** ErrorResponse that ends the connection, as the server's client library shows it. */
export function fatal({ code, message }: FatalError): Buffer {
  const fields = `SFATAL\0VFATAL\0C${code}\0M${message}\0\0`;
  const body = Buffer.from(fields, "utf8");
  const head = Buffer.alloc(5);
  head.write("E");
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}
