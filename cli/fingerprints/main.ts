import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { projectFolder } from "@packages/cli-kit/paths";
import { differences, fingerprints, formatFingerprints, parseFingerprints } from "./fingerprints";

const USAGE = `npm run --silent fingerprints [-- --compare FILE]

Prints the SHA-256 of everything that this project generates: synthesized stacks, function zips, HCL, documents, API
descriptions, the processor's and the console's bundles, and the reviews of the plans that the tests keep. A change
that only moves or renames source files leaves all of them as they were:

  npm run --silent fingerprints > before.txt
  npm run --silent fingerprints -- --compare before.txt

  --compare FILE   print only what differs from FILE, and exit with 1 if anything does
`;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { compare: { type: "string" } } });
  const scratch = mkdtempSync(join(tmpdir(), "fingerprints-"));
  try {
    const now = await fingerprints({
      synth: join(projectFolder, "cdktf.out"),
      hcl: join(projectFolder, "hcl.out"),
      plans: join(projectFolder, "__tests__/packages/plan-review/cases"),
      scratch,
    });
    if (values.compare === undefined) return void process.stdout.write(formatFingerprints(now));
    const different = differences(parseFingerprints(readFileSync(values.compare, "utf8")), now);
    console.log(different.length === 0 ? `all ${now.size} are equal` : different.join("\n"));
    if (different.length > 0) process.exitCode = 1;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

main().catch((error: Error) => {
  console.error(`${error.message}\n\n${USAGE}`);
  process.exitCode = 1;
});
