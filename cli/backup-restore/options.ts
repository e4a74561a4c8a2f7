import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { Refusal } from "@packages/cli-kit/refusal";
import { localFolder } from "@packages/cli-kit/paths";
import type { Kind, KindOption } from "./kind";
import { kinds } from "./kinds";
import { type Moment, parseMoment } from "@packages/cli-kit/timestamp";

export type Command = "backup" | "restore";

export interface OperationOptions {
  readonly environment: string;
  /** By name; all of them when a backup names none. */
  readonly kinds: readonly string[];
  /** Of `restore`. */
  readonly to: Moment | undefined;
  readonly dryRun: boolean;
  readonly yes: boolean;
  /** Beginning of the digest of a plan that the review would stop. */
  readonly accept: string | undefined;
  /** Where plans and copies are kept, each in a folder with its stack's name. */
  readonly out: string;
  readonly values: Readonly<Record<string, string | boolean | undefined>>;
  readonly help: boolean;
}

const names = Object.keys(kinds).join("|");

const common: Record<Command, Readonly<Record<string, KindOption>>> = {
  backup: {},
  restore: {
    to: { type: "string", shown: "--to TIME", help: "latest, or a time such as 2026-11-24T08:00:00Z" },
    accept: {
      type: "string",
      shown: "--accept DIGEST",
      help: "apply although the review says stop: the first 8 or more digits of its digest",
    },
  },
};

const shared: Readonly<Record<string, KindOption>> = {
  "dry-run": { type: "boolean", shown: "--dry-run", help: "say every change that it would make, make none" },
  yes: { type: "boolean", shown: "--yes", help: "do not ask" },
  out: {
    type: "string",
    shown: "--out FOLDER",
    help: "keep plans and copies in FOLDER/STACK (.local/operations)",
  },
  help: { type: "boolean", shown: "--help", help: "this text" },
};

const line = ({ shown, help }: KindOption): string => `  ${shown.padEnd(24)}${help}`;
const lines = (options: Readonly<Record<string, KindOption>>) => Object.values(options).map(line);

/** What `--help` prints. */
export function usage(command: Command): string {
  const own = Object.entries(kinds).flatMap(([name, kind]) => [
    `${name}: ${kind[command].help}`,
    ...lines(kind[command].options),
  ]);
  const which = command === "backup" ? `[${names}]` : `${names} --to TIME`;
  return [
    `npm run ${command} -- ENVIRONMENT ${which}`,
    "",
    ...lines({ ...common[command], ...shared }),
    "",
    ...own,
    "",
    "Exit code 0: done; 1: it failed, and the same command takes it up again; 2: refused.",
    "",
  ].join("\n");
}

/** Reads the command line behind `backup` or `restore`. Throws a Refusal that says what is allowed. */
export function parseOptions(command: Command, args: readonly string[], now: Date): OperationOptions {
  const { values, positionals } = parsed(command, args);
  const [environment = "", named, ...more] = positionals;
  const { to, accept, out, help = false, yes = false, "dry-run": dryRun = false, ...rest } = values;
  const refuse = (why: string): never => {
    throw new Refusal(`${why}; npm run ${command} -- --help lists the options`);
  };
  if (!help) {
    if (environment === "") refuse(`npm run ${command} wants an environment, got none`);
    if (more.length > 0) refuse(`one of ${names} can be named, got ${positionals.slice(1).join(" ")}`);
    if (named !== undefined && !(named in kinds)) refuse(`it must be one of ${names}, got "${named}"`);
    if (named === undefined && command === "restore") refuse(`say what to restore: one of ${names}`);
  }
  const chosen = named === undefined ? Object.keys(kinds) : [named];
  for (const option of Object.keys(rest)) {
    const owners = Object.entries(kinds).filter(([, kind]) => option in kind[command].options);
    if (help || owners.some(([name]) => chosen.length === 1 && name === named)) continue;
    refuse(`--${option} is for ${owners.map(([name]) => name).join(" and ")}: name it`);
  }
  if (accept !== undefined && !/^[0-9a-f]{8,64}$/.test(String(accept))) {
    refuse(`--accept must be the first 8 to 64 digits of a digest, got "${String(accept)}"`);
  }
  return {
    environment,
    kinds: chosen,
    to: to === undefined ? undefined : parseMoment(String(to), now),
    dryRun: dryRun === true,
    yes: yes === true,
    accept: accept === undefined ? undefined : String(accept),
    out: resolve(typeof out === "string" ? out : join(localFolder, "operations")),
    values: rest,
    help: help === true,
  };
}

function parsed(command: Command, args: readonly string[]) {
  const own = Object.values<Kind>(kinds).map((kind) => kind[command].options);
  const all = Object.assign({}, shared, common[command], ...own) as Record<string, KindOption>;
  const options = Object.fromEntries(Object.entries(all).map(([name, { type }]) => [name, { type }]));
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      strict: true,
      allowPositionals: true,
      options,
    });
    return { values: values as Record<string, string | boolean | undefined>, positionals };
  } catch (error) {
    const [reason = ""] = (error as Error).message.split(/\. To specify|\n/);
    throw new Refusal(`${reason.replace(/\.$/, "")}; npm run ${command} -- --help lists the options`);
  }
}
