import type { Socket } from "node:net";

/** Request codes in place of a startup message's protocol version. */
export const sslRequest = 80877103;
export const gssRequest = 80877104;
export const cancelRequest = 80877102;

const longest = 10_000;

/** Reads an exact number of bytes; later bytes stay in the socket. Undefined if the connection ends first. */
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
  /** The complete message, for forwarding. */
  readonly bytes: Buffer;
  /** The protocol version, or one of the request codes. */
  readonly code: number;
  /** `user`, `database`, `application_name`, … */
  readonly parameters: Readonly<Record<string, string>>;
}

/** The first message of a connection, the only one without a type byte. */
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

/** The client's password message. */
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
  /** Message for the client. */
  readonly message: string;
}

/** An ErrorResponse that ends the connection; client libraries show it. */
export function fatal({ code, message }: FatalError): Buffer {
  const fields = `SFATAL\0VFATAL\0C${code}\0M${message}\0\0`;
  const body = Buffer.from(fields, "utf8");
  const head = Buffer.alloc(5);
  head.write("E");
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}
