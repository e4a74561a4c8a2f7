import type { Credentials } from "./credentials";

/** Reads the text of a variable; throws what it must be: "must be …". */
export type Reader<Value> = (text: string) => Value;
export type Readers = Readonly<Record<string, Reader<unknown>>>;

/** A variable that need not be set. */
export type Optional<Value> = Reader<Value> & { readonly fallback: Value };

/** Names of the variables that need not be set. */
type Optionals<R extends Readers> = {
  [Name in keyof R]: R[Name] extends { readonly fallback: unknown } ? Name : never;
}[keyof R];

/** What must be set where the function is defined, and what may be: a text for each variable. */
export type Texts<R extends Readers> = { readonly [Name in Exclude<keyof R, Optionals<R>>]: string } & {
  readonly [Name in Optionals<R>]?: string;
};
/** What the function gets. */
export type Values<R extends Readers> = { readonly [Name in keyof R]: ReturnType<R[Name]> };

export const text: Reader<string> = (value) => value;

export const port: Reader<number> = (value) => {
  if (/^[1-9]\d{0,4}$/.test(value) && Number(value) <= 65_535) return Number(value);
  throw new Error("must be a port from 1 to 65535");
};

/** A public URL without a path; read without a slash at its end. */
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
    if (/^\d{1,9}$/.test(value) && Number(value) >= least && Number(value) <= most) return Number(value);
    throw new Error(`must be a whole number from ${least} to ${most}`);
  };
}

/** As the reader, or the fallback where the variable is not set. */
export function optional<Value>(read: Reader<Value>, fallback: Value): Optional<Value> {
  return Object.assign((value: string) => read(value), { fallback });
}

/** Names of database users, separated by commas. */
export const names: Reader<readonly string[]> = (value) => {
  const list = value.split(",").map((name) => name.trim());
  if (list.every((name) => /^[a-z_][a-z0-9_]{0,62}$/.test(name))) return list;
  throw new Error("must be names of small letters, digits and _, separated by commas");
};

/**
 * Reads the variables that a handler declares. This file is the only one that looks at `process.env`.
 * Throws one error that names every variable that is missing or wrong, what it is and what it must be.
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

/** The credentials of the function's role, read anew at each call: Lambda may renew them. */
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

/** X-Ray's header of the invocation at hand, when it belongs to a trace: `Root=…;Parent=…;Sampled=…`. */
export function traceHeader(): string | undefined {
  return process.env._X_AMZN_TRACE_ID || undefined;
}

/** Id of the X-Ray trace that the invocation at hand belongs to, when it belongs to one. */
export function traceId(): string | undefined {
  return /Root=([^;]+)/.exec(traceHeader() ?? "")?.[1];
}

/** URL at which a service of AWS is called instead of AWS's own, as every AWS SDK reads it: of the service, or of all. */
export function endpointOf(service: string): string | undefined {
  const name = { secretsmanager: "SECRETS_MANAGER" }[service] ?? service.toUpperCase();
  return process.env[`AWS_ENDPOINT_URL_${name}`] || process.env.AWS_ENDPOINT_URL || undefined;
}

/** What a program needs that is none of ours: where programs are, and nothing else. */
export function programEnvironment(): Record<string, string> {
  return { PATH: process.env.PATH ?? "/usr/bin:/bin", LANG: "C.UTF-8" };
}
