export const LEVELS = ["DEBUG", "INFO", "WARN", "ERROR"] as const;
export type Level = (typeof LEVELS)[number];

export type Fields = Readonly<Record<string, unknown>>;
export type Write = (message: string, fields?: Fields) => void;

export interface Log {
  readonly debug: Write;
  readonly info: Write;
  readonly warn: Write;
  readonly error: Write;
  /** Sets the fields of all following lines, replacing earlier ones. */
  about(fields: Fields): void;
}

export interface LogOptions {
  readonly service: string;
  readonly environment: string;
  /** Minimum level of written lines. */
  readonly level: Level;
  readonly write?: (line: string) => void;
}

/** Fields whose values are never logged. */
const SECRET_FIELD_NAME = /password|secret|token|authorization|cookie|credential|signature/i;
/** Secret parts of signed URLs and connection strings. */
const SIGNED_URL_PART = /(X-Amz-(?:Signature|Security-Token|Credential)=|:\/\/[^\s/:@]*:)[^\s&"@]+/g;

/**
 * A log of JSON lines with Lambda's field names (`level`, `timestamp`, `message`). Errors are logged with name,
 * message, code, stack and cause only, because ioredis adds command arguments to them. Writing never throws.
 */
export function createLog({ service, environment, level, write = toOutput }: LogOptions): Log {
  let about: Fields = {};
  const lines = (lineLevel: Level): Write => {
    if (LEVELS.indexOf(lineLevel) < LEVELS.indexOf(level)) return () => undefined;
    return (message, fields = {}) => {
      const timestamp = new Date().toISOString();
      write(format({ level: lineLevel, timestamp, service, environment, message, ...about, ...fields }));
    };
  };
  return {
    debug: lines("DEBUG"),
    info: lines("INFO"),
    warn: lines("WARN"),
    error: lines("ERROR"),
    about: (fields) => void (about = fields),
  };
}

function format(line: Fields): string {
  try {
    return JSON.stringify(line, printable);
  } catch {
    const { level, timestamp, service, message } = line;
    return JSON.stringify({ level, timestamp, service, message, unprintable: Object.keys(line) });
  }
}

function printable(name: string, value: unknown): unknown {
  if (SECRET_FIELD_NAME.test(name)) return "[secret]";
  if (typeof value === "bigint") return String(value);
  if (typeof value === "string") return value.replace(SIGNED_URL_PART, "$1[secret]");
  if (!(value instanceof Error)) return value;
  const { name: kind, message, stack, cause, code } = value as Error & { code?: unknown };
  return { name: kind, message, code, stack, cause };
}

/** Writes without `console`, whose lines Lambda would wrap again. */
function toOutput(line: string): void {
  process.stdout.write(`${line}\n`);
}
