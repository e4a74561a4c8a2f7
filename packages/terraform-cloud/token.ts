import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

export interface FoundToken {
  readonly token: string;
  /** Where it was found, for messages: a variable, a file, or a program. */
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
 * configuration, of `terraform login`, or of the credentials helper in the CLI configuration; undefined if there is none.
 * Throws if the helper is missing or fails.
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
  return (
    blockIn(configuration, hostname) ??
    loginIn(login, hostname) ??
    helperIn(configuration, { hostname, home, env })
  );
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

interface HelperRequest extends TokenSources {
  readonly hostname: string;
}

/** Milliseconds that a helper may take: it may ask a person. */
const HELPER_TIMEOUT_MS = 60_000;

/**
 * The token that the program of a block such as `credentials_helper "vault" { args = ["--path", "terraform"] }` prints.
 * https://developer.hashicorp.com/terraform/internals/credentials-helpers
 */
function helperIn(file: string, { hostname, home, env }: HelperRequest): FoundToken | undefined {
  if (!existsSync(file)) return undefined;
  const [, name, body = ""] =
    /^\s*credentials_helper\s+"([\w-]+)"\s*\{([^}]*)\}/m.exec(readFileSync(file, "utf8")) ?? [];
  if (name === undefined) return undefined;
  const [, list = ""] = /^\s*args\s*=\s*\[([^\]]*)\]/m.exec(body) ?? [];
  const args = [...list.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([text]) => JSON.parse(text) as string);
  const program = helperProgram(name, home);
  if (program === undefined)
    throw new Error(
      `${file} names the credentials helper "${name}", and terraform-credentials-${name} is not in ${pluginFolders(home).join(" or ")}`,
    );
  const token = askHelper(program, { args: [...args, "get", hostname], env });
  return token === undefined ? undefined : { token, source: program };
}

/** Folders of plugins, as Terraform searches them. */
function pluginFolders(home: string): string[] {
  const plugins = join(home, ".terraform.d", "plugins");
  const architecture = process.arch === "x64" ? "amd64" : process.arch;
  return [plugins, join(plugins, `${process.platform}_${architecture}`)];
}

function helperProgram(name: string, home: string): string | undefined {
  return pluginFolders(home)
    .map((folder) => join(folder, `terraform-credentials-${name}`))
    .find((file) => existsSync(file));
}

/** The printed token; undefined if the helper has none for the host. What it prints is not shown in errors. */
function askHelper(
  program: string,
  { args, env }: { readonly args: readonly string[]; readonly env: NodeJS.ProcessEnv },
): string | undefined {
  let printed: string;
  try {
    const stdio: ("ignore" | "pipe" | "inherit")[] = ["ignore", "pipe", "inherit"];
    printed = execFileSync(program, args, { encoding: "utf8", env, stdio, timeout: HELPER_TIMEOUT_MS });
  } catch (error) {
    const { status, code } = error as { readonly status?: number | null; readonly code?: string };
    throw new Error(`${program} failed: ${code ?? `exit code ${status}`}`);
  }
  const { token } = objectIn(printed);
  return typeof token === "string" && token !== "" ? token : undefined;
}

function objectIn(text: string): { readonly token?: unknown } {
  try {
    return (JSON.parse(text) ?? {}) as { readonly token?: unknown };
  } catch {
    return {};
  }
}
