import { cpSync, mkdirSync, readdirSync, statSync, symlinkSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { projectFolder } from "@packages/cli-kit/paths";

/** Folders that are made, at any depth. */
const GENERATED = new Set(["node_modules", ".git", ".local", "cdktf.out", "hcl.out", "coverage", "dist"]);

/** Copies the checkout to a folder, without what is generated in it; the packages are those of the checkout. */
export function copyCheckout(folder: string): void {
  cpSync(projectFolder, folder, { recursive: true, filter: (file) => !GENERATED.has(basename(file)) });
  linkPackages(folder);
}

/** The installed packages, but those of this repository from the copy: they find the checkout by their own place. */
function linkPackages(folder: string): void {
  const installed = join(projectFolder, "node_modules");
  const own = join(folder, "node_modules/@packages");
  mkdirSync(own, { recursive: true });
  for (const name of readdirSync(join(folder, "packages"))) {
    symlinkSync(join(folder, "packages", name), join(own, name));
  }
  for (const name of readdirSync(installed).filter((one) => one !== "@packages")) {
    symlinkSync(join(installed, name), join(folder, "node_modules", name));
  }
}

/** Every file and folder below a folder with when it was changed, but not the packages. */
export function listingOf(folder: string): string[] {
  const list = (below: string): string[] =>
    readdirSync(below, { withFileTypes: true }).flatMap((entry) => {
      const path = join(below, entry.name);
      if (entry.name === "node_modules") return [];
      const line = `${relative(folder, path)} ${statSync(path).mtimeMs}`;
      return entry.isDirectory() ? [line, ...list(path)] : [line];
    });
  return list(folder).sort();
}
