import { existsSync } from "node:fs";
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

/** Jest pattern of a test file, or of the tests in a folder; undefined if there is none. */
export function testsIn(path: string): string | undefined {
  if (!existsSync(join(projectFolder, path))) return undefined;
  return path.endsWith(".test.ts") ? path : `${path}/**/*.test.ts`;
}
