import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { unzipSync } from "fflate";
import { writeWhole } from "@packages/cli-kit/write-whole";
import type { Release } from "./release";

/** Extracts the program from the release's zip. Throws if the checksum differs. */
export function extractTerraform(zip: Uint8Array, { url, sha256 }: Release): Uint8Array {
  const actual = createHash("sha256").update(zip).digest("hex");
  if (actual !== sha256) {
    throw new Error(`${url} has SHA-256 ${actual}, expected ${sha256}; not used`);
  }
  const program = unzipSync(zip, { filter: ({ name }) => name === "terraform" }).terraform;
  if (!program) throw new Error(`${url} contains no file terraform`);
  return program;
}

/** Downloads the release and writes its executable. Throws if the download fails or the checksum differs. */
export async function downloadTerraform(release: Release, file: string): Promise<void> {
  const failed = (why: string) =>
    new Error(`can't download ${release.url}: ${why}. Install Terraform >= 1.11 and put it on PATH`);
  const response = await fetch(release.url).catch((error: Error & { cause?: Error }) => {
    throw failed(error.cause?.message ?? error.message);
  });
  if (!response.ok) throw failed(`HTTP ${response.status}`);
  const program = extractTerraform(new Uint8Array(await response.arrayBuffer()), release);
  mkdirSync(dirname(file), { recursive: true });
  writeWhole(file, program, { mode: 0o755 });
}
