import { cpSync, mkdirSync, readdirSync, statSync, symlinkSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { projectFolder } from "@packages/cli-kit/paths";

/** Names of generated folders, at any depth. */
const GENERATED = new Set(["node_modules", ".git", ".local", "cdktf.out", "hcl.out", "coverage", "dist"]);

/** Copies the checkout to a folder without generated files, and links its packages. */
export function copyCheckout(folder: string): void {
  cpSync(projectFolder, folder, { recursive: true, filter: (file) => !GENERATED.has(basename(file)) });
  linkPackages(folder);
}

/**
 * Links the installed packages. This repository's own packages come from the copy, because they find the checkout by
 * their path.
 */
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

/** Paths and modification times of everything below a folder, without node_modules. */
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
