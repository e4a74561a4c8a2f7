import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compareSynthesized, synthesizeUnder, typeFaults } from "./gates";

/** Prints whether the stacks work with version 6 of the AWS provider and with cdktn; returns 1 if not. */
export async function tryExits(print: (line: string) => void): Promise<0 | 1> {
  const faults = await typeFaults("provider-6");
  print(`types with AWS provider 6: ${faults.length === 0 ? "no errors" : faults.join("\n")}`);
  const folder = mkdtempSync(join(tmpdir(), "streamflow-exit-"));
  try {
    await synthesizeUnder(join(folder, "cdktf"));
    await synthesizeUnder(join(folder, "cdktn"), "cdktn");
    const { stacks, different, versions } = compareSynthesized(join(folder, "cdktf"), join(folder, "cdktn"));
    const same = stacks.length - different.length;
    print(`synth with cdktf ${versions[0]} and cdktn ${versions[1]}: ${same} of ${stacks.length} equal`);
    if (different.length > 0) print(`different: ${different.join(", ")}`);
    return faults.length + different.length > 0 ? 1 : 0;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
