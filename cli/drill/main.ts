import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { localFolder } from "@packages/cli-kit/paths";
import { Shutdown } from "@packages/cli-kit/shutdown";
import { stamp } from "@packages/cli-kit/timestamp";
import { drills } from "./drills";
import { report } from "./report";
import type { DrillResult } from "./result";

/** `npm run drill [-- NAME…]`: loses things on this machine, restores them, and says what was lost and how long it took. */
async function main(args: readonly string[]): Promise<void> {
  const shutdown = new Shutdown((signal) => console.log(`${signal}: the drill is broken off`));
  const known = Object.keys(drills);
  const wrong = args.find((name) => !known.includes(name));
  if (wrong !== undefined) {
    console.error(`a drill must be one of ${known.join(", ")}, got "${wrong}"`);
    return shutdown.exit(2);
  }
  const results: DrillResult[] = [];
  const failed: { name: string; why: string }[] = [];
  for (const name of args.length > 0 ? args : known) {
    // Servers' sockets lie in it, whose paths must be short.
    const folder = join(tmpdir(), `drill-${stamp(new Date())}-${randomBytes(4).toString("hex")}`);
    try {
      const result = await drills[name]?.run(folder, (line) => console.log(`${name}: ${line}`));
      if (result !== undefined) results.push(result);
    } catch (error) {
      if (shutdown.underWay) return;
      failed.push({ name, why: (error as Error).message });
      console.error(`${name}: ${(error as Error).stack}`);
    }
  }
  const { kept, markdown } = report(results, new Date(), failed);
  const file = join(localFolder, "drills", "report.md");
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, markdown);
  console.log(`\n${markdown}\n${file}`);
  await shutdown.exit(kept ? 0 : 1);
}

void main(process.argv.slice(2));
