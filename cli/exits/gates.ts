import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { projectFolder } from "@packages/cli-kit/paths";
import { readStacks } from "@packages/terraform/synthesized-stack";
import { optional } from "../../stacks/lib/optional";
import { type Exit, fileOf, installPackages } from "./packages";

/** What TypeScript says against the stacks under other packages, a line each; none when they would do. */
export async function typeFaults(
  exit: Exit,
  tsconfig = fileOf(exit, "tsconfig.json"),
): Promise<readonly string[]> {
  await installPackages(exit);
  const tsc = spawnSync(
    process.execPath,
    [join(projectFolder, "node_modules/typescript-7/bin/tsc"), "--noEmit", "-p", tsconfig],
    {
      cwd: projectFolder,
      encoding: "utf8",
    },
  );
  const lines = tsc.stdout.split("\n").filter((line) => line.trim() !== "");
  return tsc.status === 0 || lines.length > 0 ? lines : [tsc.stderr];
}

/** Runs `main.ts` under the project's packages, or under others. Throws what it prints when it fails. */
export async function synthesizeUnder(outdir: string, exit?: Exit): Promise<void> {
  if (exit !== undefined) await installPackages(exit);
  const synth = spawnSync(process.execPath, ["--import", "tsx", "main.ts"], {
    cwd: projectFolder,
    encoding: "utf8",
    env: {
      ...process.env,
      CDKTF_OUTDIR: outdir,
      ...optional({ TSX_TSCONFIG_PATH: exit && fileOf(exit, "tsconfig.json") }),
    },
  });
  if (synth.status !== 0) throw new Error(`main.ts failed under ${exit ?? "cdktf"}:\n${synth.stderr}`);
}

export interface Comparison {
  readonly stacks: readonly string[];
  /** Stacks that one has and the other not, or whose Terraform differs. */
  readonly different: readonly string[];
  /** Versions of the synthesizing library, as each wrote them: proof that there were two. */
  readonly versions: readonly [string, string];
}

/** Compares two folders of synthesized stacks: all of the Terraform, but not the comment that says who wrote it. */
export function compareSynthesized(one: string, other: string): Comparison {
  const [left, right] = [stacksIn(one), stacksIn(other)];
  const stacks = [...new Set([...left.keys(), ...right.keys()])].sort();
  const terraform = (json: Synthesized | undefined) => json && { ...json, "//": undefined };
  const version = (all: Map<string, Synthesized>) => [...all.values()][0]?.["//"].metadata.version ?? "";
  return {
    stacks,
    different: stacks.filter(
      (name) => !isDeepStrictEqual(terraform(left.get(name)), terraform(right.get(name))),
    ),
    versions: [version(left), version(right)],
  };
}

interface Synthesized extends Record<string, unknown> {
  readonly "//": { readonly metadata: { readonly version: string } };
}

function stacksIn(outdir: string): Map<string, Synthesized> {
  return new Map(readStacks(outdir).map(({ name, json }) => [name, json.raw as Synthesized]));
}
