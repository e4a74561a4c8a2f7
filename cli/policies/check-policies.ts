import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { exceptions } from "../../policies/exceptions";
import { ACCEPTED_UNTIL, acceptedFindings } from "../../policies/accepted-findings";
import { rules } from "../../policies";
import { acceptanceFindings } from "../../policies/scanners";
import { evaluate } from "../../policies/evaluate";
import { Stack } from "@packages/terraform/synthesized-stack";
import { projectFolder } from "@packages/cli-kit/paths";
import { SYNTH_FOLDER } from "../lib/synthesize";
import { report } from "./report";
import { ACCEPT_DATA_LOSS, compare, type Manifest, MANIFEST_FILE, manifestOf, mayRecord } from "./stateful";

const MANIFEST = join(projectFolder, MANIFEST_FILE);

export interface PolicyCheck {
  /** Whether to record the stateful resources as they are now, unless that would lose data. */
  readonly accept: boolean;
  /** Whether to record them even if data would be lost. */
  readonly acceptDataLoss: boolean;
  readonly print: (line: string) => void;
}

/** Checks every synthesized stack, and prints what it finds; 1 when there is a finding. */
export async function checkPolicies({ accept, acceptDataLoss, print }: PolicyCheck): Promise<0 | 1> {
  const stacks = readStacks();
  const manifest = existsSync(MANIFEST) ? readJson<Manifest>(MANIFEST) : {};
  const changes = compare(manifest, stacks);
  const isAccepted = mayRecord(changes, { accept, acceptDataLoss });
  if (isAccepted) await write(manifestOf(stacks));
  const today = new Date();
  const verdict = evaluate(stacks, { exceptions, today });
  const findings = [
    ...verdict.findings,
    ...acceptanceFindings(acceptedFindings, stacks, { expires: ACCEPTED_UNTIL, today }),
    ...(isAccepted ? [] : changes),
  ];

  report(findings).forEach((line) => print(line));
  if (accept && !isAccepted) {
    print(`Nothing was recorded, because data would be lost. To record it anyway: ${ACCEPT_DATA_LOSS}`);
  }
  const resources = stacks.reduce((sum, stack) => sum + stack.resources.length, 0);
  print(
    `${rules.length} rules, ${stacks.length} stacks, ${resources} resources: ` +
      `${findings.length} findings, ${verdict.excepted.length} covered by exceptions`,
  );
  return findings.length > 0 ? 1 : 0;
}

/** The stacks of the last synthesis, not what older ones left in the folder. */
function readStacks(): Stack[] {
  const { stacks } = readJson<{ stacks: Record<string, { synthesizedStackPath: string }> }>(
    join(SYNTH_FOLDER, "manifest.json"),
  );
  return Object.entries(stacks).map(
    ([name, { synthesizedStackPath }]) => new Stack(name, readJson(join(SYNTH_FOLDER, synthesizedStackPath))),
  );
}

async function write(manifest: Manifest): Promise<void> {
  const options = await resolveConfig(MANIFEST);
  writeFileSync(MANIFEST, await format(JSON.stringify(manifest), { ...options, parser: "json" }));
}

function readJson<T>(file: string): T {
  return JSON.parse(readFileSync(file, "utf8")) as T;
}
