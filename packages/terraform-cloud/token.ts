import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

export interface FoundToken {
  readonly token: string;
  /** Where it was found, for messages: a variable, or a file. */
  readonly source: string;
}

export interface TokenSources {
  readonly env: NodeJS.ProcessEnv;
  readonly home: string;
}

/** Name of the environment variable with the token of a host: dots become `_`, and hyphens `__`. */
export function tokenVariable(hostname: string): string {
  return `TF_TOKEN_${hostname.replaceAll("-", "__").replaceAll(".", "_")}`;
}

/**
 * The token that Terraform would use for a host: of an environment variable, of a `credentials` block in the CLI
 * configuration, or of `terraform login`; undefined if there is none. Credentials helpers are not asked.
 * https://developer.hashicorp.com/terraform/cli/config/config-file#credentials
 */
export function findToken(
  hostname: string,
  { env, home }: TokenSources = { env: process.env, home: homedir() },
): FoundToken | undefined {
  const names = [tokenVariable(hostname), `TF_TOKEN_${hostname.replaceAll(".", "_")}`];
  for (const name of names) {
    const token = env[name];
    if (token !== undefined && token !== "") return { token, source: name };
  }
  const configuration = env.TF_CLI_CONFIG_FILE ?? join(home, ".terraformrc");
  const login = join(home, ".terraform.d", "credentials.tfrc.json");
  return blockIn(configuration, hostname) ?? loginIn(login, hostname);
}

/** A token in HCL such as `credentials "app.terraform.io" { token = "…" }`. */
function blockIn(file: string, hostname: string): FoundToken | undefined {
  if (!existsSync(file)) return undefined;
  const blocks = readFileSync(file, "utf8").matchAll(
    /^\s*credentials\s+"([^"]+)"\s*\{\s*token\s*=\s*"([^"]+)"/gm,
  );
  for (const [, host, token = ""] of blocks) if (host === hostname) return { token, source: file };
  return undefined;
}

/** A token in the file that `terraform login` writes. */
function loginIn(file: string, hostname: string): FoundToken | undefined {
  if (!existsSync(file)) return undefined;
  const { credentials } = JSON.parse(readFileSync(file, "utf8")) as {
    readonly credentials?: Readonly<Record<string, { readonly token?: string }>>;
  };
  const token = credentials?.[hostname]?.token;
  return token === undefined ? undefined : { token, source: file };
}
