import { join } from "node:path";
import { localFolder } from "@packages/cli-kit/paths";
import { installOptional } from "@packages/cli-kit/optional-packages";

/** An alternative set of packages, named after its folder here. */
export type Exit = "cdktn" | "provider-6";

/** Path of a file in the exit's folder. */
export function fileOf(exit: Exit, name: string): string {
  return join(__dirname, exit, name);
}

/** Installs an exit's packages where its tsconfig.json expects them; about 10 s and 450 MB, once. */
export async function installPackages(exit: Exit): Promise<void> {
  await installOptional({ manifest: join(__dirname, exit), folder: join(localFolder, "exit", exit) });
}
