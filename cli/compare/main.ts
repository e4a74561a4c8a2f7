import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { App } from "cdktf";
import { environments } from "../../stacks/environments";
import { checkEnvironments, type EnvironmentSettings } from "../../stacks/settings";
import { StreamflowStack } from "../../stacks/streamflow-stack";
import { compare } from "./compare";
import { render } from "./render";

const usage = `npm run compare -- ENVIRONMENT ENVIRONMENT [--all] [--json]

Shows in what the synthesized stacks of two environments differ, and which setting makes them differ. Exit code 0: every
difference is meant by a setting; 1: some are not; 2: no such environment.
`;

/** `npm run compare`. Returns the exit code. */
function main(args: string[]): number {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { all: { type: "boolean", default: false }, json: { type: "boolean", default: false } },
  });
  const pair = positionals.map((name) => environments.find((settings) => settings.name === name));
  const [a, b] = pair;
  if (pair.length !== 2 || a === undefined || b === undefined) {
    const names = environments.map(({ name }) => name).join(", ");
    console.error(
      `two environments are wanted of ${names}, got ${positionals.join(" ") || "none"}\n\n${usage}`,
    );
    return 2;
  }
  checkEnvironments(environments);
  const outdir = mkdtempSync(join(tmpdir(), "streamflow-compare-"));
  try {
    const comparison = compare(a, b, (settings) => synth(settings, outdir));
    console.log(
      values.json ? JSON.stringify(comparison, null, 2) : render(a.name, b.name, comparison, values.all),
    );
    return comparison.unexplained.length > 0 ? 1 : 0;
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

function synth(settings: EnvironmentSettings, outdir: string): object {
  const stack = new StreamflowStack(new App({ outdir }), settings);
  stack.prepareStack();
  return stack.toTerraform() as object;
}

try {
  process.exitCode = main(process.argv.slice(2));
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 2;
}
