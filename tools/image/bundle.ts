import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { zipOf } from "../../stacks/constructs/function-code";

/** Writes the processor's program, bundled as the functions' are, into a folder; answers the files. */
export function bundleProcessor(folder: string): string[] {
  mkdirSync(folder, { recursive: true });
  return Object.entries(unzipSync(zipOf({ handler: "processor" }))).map(([name, bytes]) => {
    const file = join(folder, name);
    writeFileSync(file, bytes);
    return file;
  });
}
