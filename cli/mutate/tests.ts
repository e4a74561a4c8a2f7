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
  if (existsSync(join(projectFolder, `${place}.test.ts`))) return `${place}.test.ts`;
  return existsSync(join(projectFolder, place)) ? `${place}/**/*.test.ts` : undefined;
}
