import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ownTemporaryFolder from "./temporary-folder";

// eslint-disable-next-line @typescript-eslint/no-require-imports -- JavaScript, which jest.config.js loads too
const { pack } = require("./packed") as { readonly pack: () => void };

/** Before the first test of a run: creates a folder for results that all test files of the run share. */
export default function setup(): void {
  ownTemporaryFolder();
  pack();
  process.env.SHARED_BY_TESTS = mkdtempSync(join(tmpdir(), "shared-"));
}
