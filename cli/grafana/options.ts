import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { Refusal } from "@packages/cli-kit/refusal";

export interface GrafanaOptions {
  readonly environment: string;
  readonly dryRun: boolean;
  /** Folder for the dashboards' JSON; Grafana is then left alone. */
  readonly out: string | undefined;
  /** Folder for pictures of the dashboards, CloudWatch's too, with made-up data; nothing is asked of AWS. */
  readonly picture: string | undefined;
  readonly help: boolean;
}

export const usage = `npm run grafana -- ENVIRONMENT    brings the workspace's data sources and dashboards to what the deployed stack says

They are made of the environment's dashboard in CloudWatch, found by their uids, and overwritten; what else is in the
workspace is left alone. The token for it is made by the AWS API, ends with the command, and never longer than 15
minutes; Managed Grafana may bill it as one active user of the month.

  --dry-run           say what would change
  --out FOLDER        write the dashboards' JSON there, and leave Grafana alone
  --picture FOLDER    draw the synthesized dashboards with made-up data, and ask nothing of AWS
  --help              this text

Exit code 0: done; 1: it failed; 2: refused, nothing was changed.
`;

/** Reads the command line. Throws a Refusal that says what is allowed. */
export function parseOptions(args: readonly string[]): GrafanaOptions {
  const { values, positionals } = parsed(args);
  const { "dry-run": dryRun, out, picture, help } = values;
  if (!help && positionals.length !== 1) {
    throw refusal(`npm run grafana wants an environment, got ${positionals.join(" ") || "none"}`);
  }
  if ([dryRun, out !== undefined, picture !== undefined].filter(Boolean).length > 1) {
    throw refusal("--dry-run, --out and --picture exclude each other");
  }
  const folder = (path: string | undefined) => (path === undefined ? undefined : resolve(path));
  return { environment: positionals[0] ?? "", dryRun, out: folder(out), picture: folder(picture), help };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        "dry-run": { type: "boolean", default: false },
        out: { type: "string" },
        picture: { type: "string" },
        help: { type: "boolean", short: "h", default: false },
      },
    });
  } catch (error) {
    throw refusal((error as Error).message.split(/\. To specify|\n/)[0] ?? "");
  }
}

const refusal = (why: string): Refusal => new Refusal(`${why}; npm run grafana -- --help lists the options`);
