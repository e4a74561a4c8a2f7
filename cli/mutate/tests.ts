import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { projectFolder } from "@packages/cli-kit/paths";

/**
 * Jest pattern of the tests that mirror a file or folder, such as `__tests__/policies/**\/*.test.ts` for `policies`;
 * undefined if the path or its tests don't exist.
 */
export function testsOf(path: string): string | undefined {
  if (!existsSync(join(projectFolder, path))) return undefined;
  const place = join("__tests__", path.replace(/\.ts$/, ""));
  return testsIn(`${place}.test.ts`) ?? testsIn(place);
}

/** Folders of tests that are no unit tests. */
const SLOWER = /^__tests__\/(?:services|terraform|emulator)(?:\/|$)/;

/** Jest pattern of a file of unit tests, or of those in a folder; undefined if there are none. */
export function testsIn(path: string): string | undefined {
  const place = join(projectFolder, path);
  if (!existsSync(place) || SLOWER.test(path)) return undefined;
  if (path.endsWith(".test.ts")) return path;
  if (path.endsWith(".ts")) return undefined;
  const files = readdirSync(place, { recursive: true, encoding: "utf8" });
  return files.some((file) => file.endsWith(".test.ts")) ? `${path}/**/*.test.ts` : undefined;
}
