import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { projectFolder } from "@packages/cli-kit/paths";
import { readStacks } from "@packages/terraform/synthesized-stack";
import { optional } from "../../stacks/lib/optional";
import { type Exit, fileOf, installPackages } from "./packages";

/** TypeScript errors of the stacks with other packages, one per line; empty if there are none. */
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

/** Runs `main.ts` with the project's packages or with others. Throws its output if it fails. */
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
  if (synth.status !== 0) throw new Error(`main.ts failed with ${exit ?? "cdktf"}:\n${synth.stderr}`);
}

export interface Comparison {
  readonly stacks: readonly string[];
  /** Stacks that only one has, or that differ. */
  readonly different: readonly string[];
  /** Versions of the synthesizing libraries, to prove that they differ. */
  readonly versions: readonly [string, string];
}

/** Compares two folders of synthesized stacks, without the comment that names the library. */
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
