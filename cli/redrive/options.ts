import { parseArgs } from "node:util";
import { Refusal } from "@packages/cli-kit/refusal";
import { KINDS, type ReasonKind } from "./reasons";
import { reasonFilter, type Selection } from "./select";

export interface RedriveOptions {
  readonly environment: string;
  readonly selection: Selection;
  /** Undefined: only look. */
  readonly action: "redrive" | "discard" | undefined;
  readonly dryRun: boolean;
  readonly yes: boolean;
  readonly help: boolean;
}

export const usage = `npm run redrive -- ENVIRONMENT    shows the dead letters of the media queue, and why they are there

  --kind KIND           only these:
${Object.entries(KINDS)
  .map(([kind, text]) => `                          ${kind.padEnd(12)}${text}`)
  .join("\n")}
  --reason TEXT         only those whose reason has this in it, in any case; /TEXT/ is a regular expression
  --redrive             put the selected ones back into the media queue
  --discard             delete the selected ones
  --dry-run             say what --redrive or --discard would do
  --yes                 do not ask
  --help                this text

Before anything is moved or deleted it is written to .local/redrive/. What is looked at is hidden from others meanwhile,
15 minutes at the most.

Exit code 0: done; 1: it failed, and what was not done is a dead letter still; 2: refused.
`;

/** Reads the command line behind `redrive`. Throws a Refusal that says what is allowed. */
export function parseOptions(args: readonly string[]): RedriveOptions {
  const { values, positionals } = parsed(args);
  const [environment = "", ...more] = positionals;
  const { kind, reason, redrive, discard, yes, help, "dry-run": dryRun } = values;
  const refuse = (why: string): never => {
    throw new Refusal(`${why}; npm run redrive -- --help lists the options`);
  };
  if (!help && (environment === "" || more.length > 0)) {
    refuse(`npm run redrive wants one environment, got ${positionals.join(" ") || "none"}`);
  }
  if (redrive && discard) refuse("--redrive and --discard exclude each other");
  if (kind !== undefined && !(kind in KINDS)) {
    refuse(`--kind must be one of ${Object.keys(KINDS).join(", ")}, got "${kind}"`);
  }
  return {
    environment,
    selection: { kind: kind as ReasonKind | undefined, matches: reasonFilter(reason) },
    action: redrive ? "redrive" : discard ? "discard" : undefined,
    dryRun,
    yes,
    help,
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      strict: true,
      allowPositionals: true,
      options: {
        kind: { type: "string" },
        reason: { type: "string" },
        redrive: { type: "boolean", default: false },
        discard: { type: "boolean", default: false },
        "dry-run": { type: "boolean", default: false },
        yes: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    });
  } catch (error) {
    const [reason = ""] = (error as Error).message.split(/\. To specify|\n/);
    throw new Refusal(`${reason.replace(/\.$/, "")}; npm run redrive -- --help lists the options`);
  }
}
