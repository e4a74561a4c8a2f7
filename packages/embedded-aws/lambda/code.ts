import { createHash } from "node:crypto";
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { unzipSync } from "fflate";
import type { FunctionConfiguration } from "./configuration";

/**
 * The folder of a function's unpacked zip, downloaded from Lambda; the same zip is unpacked once. Throws if the
 * download fails or the checksum differs.
 */
export async function unpackedCode(
  { name, codeLocation, codeSha256 }: FunctionConfiguration,
  folder: string,
): Promise<string> {
  const target = join(folder, Buffer.from(codeSha256, "base64").toString("hex").slice(0, 32) || "none");
  if (existsSync(target)) return target;
  const response = await fetch(codeLocation);
  if (!response.ok)
    throw new Error(`can't download the code of ${name} from ${codeLocation}: HTTP ${response.status}`);
  const zip = new Uint8Array(await response.arrayBuffer());
  const actual = createHash("sha256").update(zip).digest("base64");
  if (actual !== codeSha256)
    throw new Error(`the code of ${name} has SHA-256 ${actual}, expected ${codeSha256}`);
  const draft = `${target}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  for (const [file, bytes] of Object.entries(unzipSync(zip))) {
    const path = resolve(draft, file);
    if (!path.startsWith(draft) || file.endsWith("/")) continue;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
  }
  try {
    renameSync(draft, target);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(target)) throw error;
  }
  return target;
}
