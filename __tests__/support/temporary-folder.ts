import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Gives this run of Jest, its workers and all that they start a temporary folder of their own, and removes it at the
 * end: CDKTF, Terraform and Chromium leave files there. The servers' own user may pass through it.
 */
export default function ownTemporaryFolder(): void {
  const folder = mkdtempSync(join(tmpdir(), "streamflow-test-"));
  chmodSync(folder, 0o711);
  process.env.TMPDIR = folder;
  process.once("exit", () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
}
