import { existsSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { GitHub, gitHubOptions } from "./client";
import { writeComment } from "./comment";
import { deliveredEnvironments, oneEnvironment } from "./environments";
import { keepIssue } from "./issue";
import { plannedOutputs } from "./planned";

const USAGE = `npm run github -- <command>: what the workflows tell GitHub

  environments                                      prints environments=[…], for GITHUB_OUTPUT
  environment --name NAME                           prints deployable, region, plan-role and apply-role of one
  planned --review FILE [--accept DIGEST]           prints changes and plan-file of a review.json; fails on "stop",
                                                    unless the digest of that plan begins so
  comment --key KEY --pull-request N --body FILE    one comment of that key, written anew each time
  issue   --key KEY --title TITLE --body FILE       one issue of that key; closed when there is no such file

GITHUB_API_URL, GITHUB_REPOSITORY and GITHUB_TOKEN come from the environment, as in every job of GitHub Actions.
`;

/** A mistake in what was typed. */
class UsageError extends Error {}

async function main(args: readonly string[]): Promise<string> {
  const [command, ...rest] = args;
  const options = parse(rest);
  const outdir = process.env.CDKTF_OUTDIR ?? "cdktf.out";
  const need = (name: keyof typeof options): string => {
    const value = options[name];
    if (value) return value;
    throw new UsageError(`${command} needs --${name}`);
  };
  if (command === "environments") return `environments=${JSON.stringify(deliveredEnvironments(outdir))}`;
  if (command === "environment") return oneEnvironment(outdir, need("name"));
  if (command === "planned") return plannedOutputs(readFileSync(need("review"), "utf8"), options.accept);
  if (command === "comment") {
    const pullRequest = Number(need("pull-request"));
    if (!Number.isInteger(pullRequest) || pullRequest < 1) {
      throw new UsageError(`--pull-request must be a number, got "${need("pull-request")}"`);
    }
    const text = readFileSync(need("body"), "utf8");
    const github = new GitHub(gitHubOptions(process.env));
    return `comment ${await writeComment(github, pullRequest, need("key"), text)}`;
  }
  if (command === "issue") {
    const [title, file] = [need("title"), need("body")];
    const text = existsSync(file) ? { title, body: readFileSync(file, "utf8") } : undefined;
    return `issue ${await keepIssue(new GitHub(gitHubOptions(process.env)), need("key"), text)}`;
  }
  throw new UsageError(
    `the command must be environments, environment, planned, comment or issue, got "${command ?? ""}"`,
  );
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      strict: true,
      options: {
        accept: { type: "string" },
        key: { type: "string" },
        name: { type: "string" },
        review: { type: "string" },
        "pull-request": { type: "string" },
        title: { type: "string" },
        body: { type: "string" },
      },
    }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

main(process.argv.slice(2)).then(
  (line) => console.log(line),
  (error: Error) => {
    console.error(error.message);
    if (error instanceof UsageError) console.error(`\n${USAGE}`);
    process.exitCode = 1;
  },
);
