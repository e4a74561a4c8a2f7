import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ownTemporaryFolder from "./temporary-folder";

// eslint-disable-next-line @typescript-eslint/no-require-imports -- JavaScript, which jest.config.js loads too
const { pack } = require("./packed") as { readonly pack: () => void };

/** Before the first test of a run: a folder in which tests share what is the same for all of them in this run. */
export default function setup(): void {
  ownTemporaryFolder();
  pack();
  process.env.SHARED_BY_TESTS = mkdtempSync(join(tmpdir(), "shared-"));
}
