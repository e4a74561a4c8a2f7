import type { Credentials } from "./credentials";

/** Environment variables of a handler: texts by name. */
export type Variables<Environment> = { readonly [Name in keyof Environment]: string };

/**
 * Reads the variables that a handler declares; the only place that looks at `process.env`.
 * Throws one error that names every variable that is missing or empty.
 */
export function readEnvironment<Environment extends Variables<Environment>>(
  declared: Record<keyof Environment & string, true>,
  source: Readonly<Record<string, string | undefined>> = process.env,
): Environment {
  const names = Object.keys(declared);
  const missing = names.filter((name) => !source[name]);
  if (missing.length > 0) {
    throw new Error(
      `the environment must hold ${missing.join(", ")}: set them where the function is defined`,
    );
  }
  return Object.fromEntries(names.map((name) => [name, source[name]])) as Environment;
}

/** What Lambda itself puts into the environment. */
export interface Runtime {
  readonly region: string;
  /** Read anew at each call: Lambda may renew them. */
  credentials(): Credentials;
}

export function lambdaRuntime(): Runtime {
  type Keys = { AWS_ACCESS_KEY_ID: string; AWS_SECRET_ACCESS_KEY: string };
  const { AWS_REGION } = readEnvironment<{ AWS_REGION: string }>({ AWS_REGION: true });
  return {
    region: AWS_REGION,
    credentials: () => {
      const keys = readEnvironment<Keys>({ AWS_ACCESS_KEY_ID: true, AWS_SECRET_ACCESS_KEY: true });
      const sessionToken = process.env.AWS_SESSION_TOKEN;
      return {
        accessKeyId: keys.AWS_ACCESS_KEY_ID,
        secretAccessKey: keys.AWS_SECRET_ACCESS_KEY,
        ...(sessionToken === undefined ? {} : { sessionToken }),
      };
    },
  };
}
