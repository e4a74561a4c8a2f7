import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineCommand } from "@packages/cli-kit/command";
import { projectFolder } from "@packages/cli-kit/paths";
import { option, path } from "@packages/cli-kit/values";
import { SYNTH_FOLDER } from "../lib/synthesize";

export const fingerprints = defineCommand({
  name: "fingerprints",
  summary:
    "Prints the SHA-256 of everything that this project generates, or the differences from an earlier list.",
  description: [
    "Covered are synthesized stacks, function zips, HCL, documents, API descriptions, bundles of the processor and the",
    "console, and reviews of the tests' plans. Moving or renaming source files changes none of them:",
    "run npm run --silent fingerprints > before.txt before, and compare with before.txt after.",
  ].join("\n"),
  examples: ["", "--compare before.txt"],
  options: { compare: option(path("FILE"), "print only differences from this list") },
  exitsWith1When: "a fingerprint differs from FILE",
  run: async ({ compare }, { print }) => {
    const before = compare === undefined ? undefined : readFileSync(compare, "utf8");
    const { HCL_FOLDER, synthesizeHcl } = await import("../hcl/synthesize-hcl");
    await synthesizeHcl();
    const { differences, fingerprints, formatFingerprints, parseFingerprints } =
      await import("./fingerprints");
    const scratch = mkdtempSync(join(tmpdir(), "fingerprints-"));
    try {
      const now = await fingerprints({
        synth: SYNTH_FOLDER,
        hcl: HCL_FOLDER,
        plans: join(projectFolder, "__tests__/packages/plan-review/cases"),
        scratch,
      });
      if (before === undefined) return print(formatFingerprints(now).trimEnd());
      const different = differences(parseFingerprints(before), now);
      print(different.length === 0 ? `all ${now.size} equal` : different.join("\n"));
      return different.length > 0 ? 1 : 0;
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  },
});
