import { parseArgs } from "node:util";

export interface StartOptions {
  /** Name of the synthesized stack. */
  readonly stack: string;
  /** Deploys, calls the API, destroys, ends. */
  readonly once: boolean;
  /** Keeps this run apart from others, in `.local/<name>`: `start`, or `once`. */
  readonly name: string;
  /** Forgets what an earlier run left. */
  readonly fresh: boolean;
  readonly help: boolean;
}

export const usage = `npm start -- [options]

Applies the synthesized Terraform of an environment to an embedded AWS on this machine and serves its API.
Ctrl-C stops it; the next npm start takes up where it was.

  --stack NAME   the stack to deploy (streamflow-dev)
  --once         deploy, call the API, destroy everything and end: exit code 0 when all of it worked
  --fresh        forget the AWS account and the database of earlier runs
  --name NAME    keep it apart from other runs, in .local/NAME (start; once with --once)
  --help         this text

Everything that it keeps is in .local/, logs in .local/logs/.
`;

/** A mistake in what was typed. */
export class OptionError extends Error {}

/** Reads the command line. Throws OptionError, whose message says what is allowed. */
export function parseOptions(args: readonly string[]): StartOptions {
  try {
    const { values } = parseArgs({
      args: [...args],
      strict: true,
      allowPositionals: false,
      options: {
        stack: { type: "string", default: "streamflow-dev" },
        once: { type: "boolean", default: false },
        name: { type: "string" },
        fresh: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    const { stack, once, fresh, help, name = once ? "once" : "start" } = values;
    for (const [option, value] of Object.entries({ stack, name })) {
      if (!/^[a-z][a-z0-9-]*$/.test(value)) throw new Error(`--${option} must be a name, got "${value}"`);
    }
    return { stack, once, fresh, help, name };
  } catch (error) {
    const [reason = ""] = (error as Error).message.split(/\. To specify|\n/);
    throw new OptionError(`${reason.replace(/\.$/, "")}; npm start -- --help lists the options`);
  }
}
