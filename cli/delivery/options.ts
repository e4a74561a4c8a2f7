import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { localFolder } from "@packages/cli-kit/paths";
import { Refusal } from "@packages/cli-kit/refusal";

export const commands = ["plan", "deploy", "diff", "drift", "watch"] as const;
export type Command = (typeof commands)[number];

export interface DeliveryOptions {
  readonly command: Command;
  /** Environments by name, or foundations as `foundation-dev`; only `diff` takes none, which means all. */
  readonly names: readonly string[];
  /** The foundation of the environment's account, not the environment. */
  readonly foundation: boolean;
  /** Where plans are kept, each in a folder with its stack's name. */
  readonly out: string;
  readonly yes: boolean;
  /** Beginning of the digest of a plan that the review would stop. */
  readonly accept: string | undefined;
  /** The saved plan that was reviewed, and the SHA-256 of its bytes in hexadecimal. */
  readonly reviewed: { readonly plan: string; readonly digest: string } | undefined;
  /** Where the API answers, if that is not the stack's outputs `url` and `api_stage`. */
  readonly apiUrl: string | undefined;
  /** Of `watch`: when the deployment began, and how many minutes to watch. */
  readonly since: Date;
  readonly minutes: number;
  readonly help: boolean;
}

export const usage = `npm run plan   -- ENVIRONMENT    plans, reviews, and keeps the plan in .local/plans/
npm run deploy -- ENVIRONMENT    plans, reviews, asks, applies that plan, migrates, calls the API
npm run diff  [-- ENVIRONMENT…]  shows what would change, of all environments when none is named
npm run drift  -- ENVIRONMENT    finds what was changed outside of Terraform: .local/plans/<stack>/drift.md
npm run watch  -- ENVIRONMENT    watches the alarms after a deployment; puts functions back when one begins to ring

The settings' profile is used where the environment holds no AWS credentials; credentials of another account than the
settings' are refused before anything happens.

  --out FOLDER          keep the plan in FOLDER/STACK (.local/plans)
  --foundation          the foundation of the environment's account (also: foundation-ENVIRONMENT)
  --yes                 do not ask
  --accept DIGEST       go on although the review says stop: the first 8 or more digits of the digest that it shows
  --plan FILE --digest SHA256
                        apply this saved plan, if its bytes are the ones that were reviewed
  --since TIME          when the deployment began, as 2026-11-24T08:00:00Z (watch)
  --minutes N           how long to watch, from 1 to 60 (10)
  --api-url URL         where the API answers, if not at the stack's outputs url and api_stage
  --help                this text

With a state in Terraform Cloud the same commands work, and Terraform Cloud plans and applies: the saved plan names its
run, the workspace has its own AWS credentials (yours serve the account guard and the migrations), and no progress is
told. A run that is confirmed, discarded or overtaken there is refused here as out of date.

Exit code 0: done; 1: it failed; 2: refused, nothing was changed.
`;

const names = { diff: "environments" } as Partial<Record<Command, string>>;

/** Reads the command line behind `plan`, `deploy` or `diff`. Throws a Refusal that says what is allowed. */
export function parseOptions([command, ...args]: readonly string[]): DeliveryOptions {
  const known = commands.find((one) => one === command);
  if (known === undefined)
    throw new Refusal(`the command must be one of ${commands.join(", ")}, got "${command}"`);
  const { values, positionals } = parsed(known, args);
  const { foundation, out, yes, help, accept, plan, digest, "api-url": apiUrl } = values;
  const refuse = (why: string): never => {
    throw new Refusal(`${why}; npm run ${known} -- --help lists the options`);
  };
  if (!help && known !== "diff" && positionals.length !== 1) {
    refuse(
      `npm run ${known} wants ${names[known] ?? "an environment"}, got ${positionals.join(" ") || "none"}`,
    );
  }
  if (known !== "deploy") {
    for (const option of ["yes", "accept", "plan", "digest", "api-url"] as const) {
      if (values[option]) refuse(`--${option} is for npm run deploy`);
    }
  }
  if (accept !== undefined && !/^[0-9a-f]{8,64}$/.test(accept)) {
    refuse(`--accept must be the first 8 to 64 digits of a digest, got "${accept}"`);
  }
  if ((plan === undefined) !== (digest === undefined)) refuse("--plan and --digest go together");
  if (digest !== undefined && !/^[0-9a-f]{64}$/.test(digest)) {
    refuse(`--digest must be a SHA-256 of 64 hexadecimal digits, got "${digest}"`);
  }
  const [since, minutes] = [new Date(values.since ?? NaN), Number(values.minutes)];
  if (known === "watch" && !help && Number.isNaN(since.getTime())) {
    refuse(`--since must be a time such as 2026-11-24T08:00:00Z, got ${values.since ?? "none"}`);
  }
  if (!(minutes >= 1 && minutes <= 60)) refuse(`--minutes must be from 1 to 60, got ${values.minutes}`);
  const reviewed = plan === undefined || digest === undefined ? undefined : { plan, digest };
  return {
    command: known,
    names: positionals,
    foundation,
    out: resolve(out),
    yes,
    accept,
    reviewed,
    apiUrl,
    since,
    minutes,
    help,
  };
}

function parsed(command: Command, args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      strict: true,
      allowPositionals: true,
      options: {
        foundation: { type: "boolean", default: false },
        out: { type: "string", default: join(localFolder, "plans") },
        yes: { type: "boolean", default: false },
        accept: { type: "string" },
        plan: { type: "string" },
        digest: { type: "string" },
        "api-url": { type: "string" },
        since: { type: "string" },
        minutes: { type: "string", default: "10" },
        help: { type: "boolean", short: "h", default: false },
      },
    });
  } catch (error) {
    const [reason = ""] = (error as Error).message.split(/\. To specify|\n/);
    throw new Refusal(`${reason.replace(/\.$/, "")}; npm run ${command} -- --help lists the options`);
  }
}
