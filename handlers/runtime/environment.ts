import type { Credentials } from "./credentials";

/** Parses a variable; throws a message "must be …". */
export type Reader<Value> = (text: string) => Value;
export type Readers = Readonly<Record<string, Reader<unknown>>>;

/** An optional variable. */
export type Optional<Value> = Reader<Value> & { readonly fallback: Value };

/** Names of the optional variables. */
type Optionals<R extends Readers> = {
  [Name in keyof R]: R[Name] extends { readonly fallback: unknown } ? Name : never;
}[keyof R];

/** Required and optional variables of a function's definition, as strings. */
export type Texts<R extends Readers> = { readonly [Name in Exclude<keyof R, Optionals<R>>]: string } & {
  readonly [Name in Optionals<R>]?: string;
};
/** Parsed variables. */
export type Values<R extends Readers> = { readonly [Name in keyof R]: ReturnType<R[Name]> };

export const text: Reader<string> = (value) => value;

export const port: Reader<number> = (value) => {
  if (/^[1-9]\d{0,4}$/.test(value) && Number(value) <= 65_535) return Number(value);
  throw new Error("must be a port from 1 to 65535");
};

/** A public URL without path; returned without final slash. */
export const origin: Reader<string> = (value) => {
  if (/^https:\/\/[a-z0-9.-]+(?::\d{1,5})?\/?$/i.test(value)) return value.replace(/\/$/, "");
  throw new Error("must be https:// and a host name");
};

export function oneOf<const Value extends string>(...allowed: readonly Value[]): Reader<Value> {
  return (value) => {
    const known = allowed.find((one) => one === value);
    if (known === undefined) throw new Error(`must be one of ${allowed.join(", ")}`);
    return known;
  };
}

export function whole(least: number, most: number): Reader<number> {
  return (value) => {
    if (/^(?:0|-?[1-9]\d{0,14})$/.test(value) && Number(value) >= least && Number(value) <= most)
      return Number(value);
    throw new Error(`must be a whole number from ${least} to ${most}`);
  };
}

/** The reader's value, or the fallback if the variable is not set. */
export function optional<Value>(read: Reader<Value>, fallback: Value): Optional<Value> {
  return Object.assign((value: string) => read(value), { fallback });
}

/** Names of database users, separated by commas. */
export const names: Reader<readonly string[]> = (value) => {
  const list = value.split(",").map((name) => name.trim());
  if (list.every((name) => /^[a-z_][a-z0-9_]{0,62}$/.test(name))) return list;
  throw new Error("must be names of lower-case letters, digits and _, separated by commas");
};

/**
 * Reads a handler's variables. Only this file uses `process.env`. Throws one error with every missing or invalid
 * variable, its value and what it must be.
 */
export function readEnvironment<R extends Readers>(
  readers: R,
  source: Readonly<Record<string, string | undefined>> = process.env,
): Values<R> {
  const mistakes: string[] = [];
  const values = Object.entries(readers).map(([name, read]) => {
    const value = source[name];
    if (value) {
      try {
        return [name, read(value)];
      } catch (error) {
        mistakes.push(`${name} ${error instanceof Error ? error.message : String(error)}, got "${value}"`);
      }
    } else if ("fallback" in read) {
      return [name, read.fallback];
    } else {
      mistakes.push(`${name} is missing`);
    }
    return [name, undefined];
  });
  if (mistakes.length > 0) {
    throw new Error(`${mistakes.join("; ")}: set the variables where the function is defined`);
  }
  return Object.fromEntries(values) as Values<R>;
}

/** The function role's credentials, read at each call because Lambda may renew them. */
export function credentials(): Credentials {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = readEnvironment({
    AWS_ACCESS_KEY_ID: text,
    AWS_SECRET_ACCESS_KEY: text,
  });
  return {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    sessionToken: process.env.AWS_SESSION_TOKEN || undefined,
  };
}

/** Whether Lambda runs this process. */
export function isLambda(): boolean {
  return Boolean(process.env.LAMBDA_TASK_ROOT);
}

/** X-Ray trace header of the current invocation, if traced: `Root=…;Parent=…;Sampled=…`. */
export function traceHeader(): string | undefined {
  return process.env._X_AMZN_TRACE_ID || undefined;
}

/** X-Ray trace id of the current invocation, if traced. */
export function traceId(): string | undefined {
  return /Root=([^;]+)/.exec(traceHeader() ?? "")?.[1];
}

/** Alternative endpoint URL of an AWS service, from the variables that AWS SDKs use. */
export function endpointOf(service: string): string | undefined {
  const names = { secretsmanager: "SECRETS_MANAGER", "cognito-idp": "COGNITO_IDENTITY_PROVIDER" };
  const name = names[service as keyof typeof names] ?? service.toUpperCase();
  return process.env[`AWS_ENDPOINT_URL_${name}`] || process.env.AWS_ENDPOINT_URL || undefined;
}

/** Environment for child programs: only the PATH. */
export function programEnvironment(): Record<string, string> {
  return { PATH: process.env.PATH ?? "/usr/bin:/bin", LANG: "C.UTF-8" };
}
