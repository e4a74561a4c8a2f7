import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { CommandContext } from "@packages/cli-kit/command";
import { localFolder } from "@packages/cli-kit/paths";
import { stamp } from "@packages/cli-kit/timestamp";
import { drills } from "./drills";
import type { DrillName } from "./names";
import { report } from "./report";
import type { DrillResult } from "./result";

/** Runs drills in sequence and writes one report; returns 1 if one failed or missed its objectives. */
export async function runDrills(
  names: readonly DrillName[],
  { shutdown, print }: Pick<CommandContext, "shutdown" | "print">,
): Promise<0 | 1> {
  const results: DrillResult[] = [];
  const failed: { name: string; why: string }[] = [];
  for (const name of names) {
    // It contains the servers' sockets, whose paths must be short.
    const folder = join(tmpdir(), `drill-${stamp(new Date())}-${randomBytes(4).toString("hex")}`);
    try {
      results.push(await drills[name].run(folder, (line) => print(`${name}: ${line}`)));
    } catch (error) {
      if (shutdown.underWay) throw error;
      failed.push({ name, why: (error as Error).message });
      console.error(`${name}: ${(error as Error).stack}`);
    }
  }
  const { kept, markdown } = report(results, new Date(), failed);
  const file = join(localFolder, "drills", "report.md");
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, markdown);
  print(`\n${markdown}\n${file}`);
  return kept ? 0 : 1;
}
