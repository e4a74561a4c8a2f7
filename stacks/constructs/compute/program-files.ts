import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { zipOf } from "./function-code";

/** Writes the processor's program, bundled as the functions' are, into a folder; answers the files. */
export function bundleProcessor(folder: string): string[] {
  return bundleFunction("processor", folder);
}

/** Writes what the zip of a function holds into a folder, as Lambda does; answers the files. */
export function bundleFunction(handler: string, folder: string): string[] {
  mkdirSync(folder, { recursive: true });
  return Object.entries(unzipSync(zipOf({ handler }))).map(([name, bytes]) => {
    const file = join(folder, name);
    writeFileSync(file, bytes);
    return file;
  });
}
