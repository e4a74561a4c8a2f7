import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { zipOf } from "./function-code";

/** Bundles the processor's program like the functions' into a folder; returns the files. */
export function bundleProcessor(folder: string): string[] {
  return bundleFunction("processor", folder);
}

/** Writes the content of a function's zip into a folder, like Lambda; returns the files. */
export function bundleFunction(handler: string, folder: string): string[] {
  mkdirSync(folder, { recursive: true });
  return Object.entries(unzipSync(zipOf({ handler }))).map(([name, bytes]) => {
    const file = join(folder, name);
    writeFileSync(file, bytes);
    return file;
  });
}
