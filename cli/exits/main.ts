import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compareSynthesized, synthesizeUnder, typeFaults } from "./gates";

/** `npm run exits`: whether the stacks could leave CDKTF, and its old AWS bindings, today. */
async function main(): Promise<void> {
  const faults = await typeFaults("provider-6");
  console.log(`types under the AWS provider's version 6: ${faults.length === 0 ? "fit" : faults.join("\n")}`);
  const folder = mkdtempSync(join(tmpdir(), "streamflow-exit-"));
  try {
    await synthesizeUnder(join(folder, "cdktf"));
    await synthesizeUnder(join(folder, "cdktn"), "cdktn");
    const { stacks, different, versions } = compareSynthesized(join(folder, "cdktf"), join(folder, "cdktn"));
    const same = stacks.length - different.length;
    console.log(
      `synth under cdktf ${versions[0]} and cdktn ${versions[1]}: ${same} of ${stacks.length} equal`,
    );
    if (different.length > 0) console.log(`different: ${different.join(", ")}`);
    if (faults.length + different.length > 0) process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

void main();
