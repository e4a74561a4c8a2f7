import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { format, resolveConfig } from "prettier";
import { exceptions } from "../../policies/exceptions";
import { rules } from "../../policies";
import { evaluate } from "../../policies/evaluate";
import { Stack } from "@packages/terraform/synthesized-stack";
import { report } from "./report";
import { compare, type Manifest, manifestOf } from "./stateful";

const ROOT = resolve(__dirname, "../..");
const SYNTHESIZED = join(ROOT, "cdktf.out");
const MANIFEST = join(ROOT, "docs/stateful-addresses.json");

/** Judges what `tsx main.ts` synthesized; with `--accept`, takes its stateful addresses as they are. */
async function main(accept: boolean): Promise<void> {
  const stacks = readStacks();
  if (accept) await write(manifestOf(stacks));
  const manifest = existsSync(MANIFEST) ? readJson<Manifest>(MANIFEST) : {};
  const verdict = evaluate(stacks, exceptions, new Date());
  const findings = [...verdict.findings, ...compare(manifest, stacks)];

  report(findings).forEach((line) => console.log(line));
  const resources = stacks.reduce((sum, stack) => sum + stack.resources.length, 0);
  console.log(
    `${Object.keys(rules).length} rules, ${stacks.length} stacks, ${resources} resources: ` +
      `${findings.length} findings, ${verdict.excepted.length} accepted with a reason`,
  );
  if (findings.length > 0) process.exitCode = 1;
}

/** The stacks of the last synthesis, not what older ones left in the folder. */
function readStacks(): Stack[] {
  const { stacks } = readJson<{ stacks: Record<string, { synthesizedStackPath: string }> }>(
    join(SYNTHESIZED, "manifest.json"),
  );
  return Object.entries(stacks).map(
    ([name, { synthesizedStackPath }]) => new Stack(name, readJson(join(SYNTHESIZED, synthesizedStackPath))),
  );
}

async function write(manifest: Manifest): Promise<void> {
  const options = await resolveConfig(MANIFEST);
  writeFileSync(MANIFEST, await format(JSON.stringify(manifest), { ...options, parser: "json" }));
}

function readJson<T>(file: string): T {
  return JSON.parse(readFileSync(file, "utf8")) as T;
}

void main(process.argv.includes("--accept"));
