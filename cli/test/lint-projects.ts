import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, extname, join } from "node:path";

export interface LintedFiles {
  /** Folder of the tsconfig.json files. */
  readonly project: string;
  /** Folder for the written configurations; created if necessary. */
  readonly folder: string;
}

/** Folders with a tsconfig.json of their own; all other files belong to that of the project. */
const OWN_PROJECTS = ["web"] as const;

/**
 * Writes TypeScript configurations with only the given repository paths and what they import, because eslint reads a
 * whole program before its first file. Returns their paths.
 */
export function writeLintProjects(files: readonly string[], { project, folder }: LintedFiles): string[] {
  mkdirSync(folder, { recursive: true });
  return ["", ...OWN_PROJECTS].map((own) => {
    const base = join(project, own, "tsconfig.json");
    const { include } = JSON.parse(readFileSync(base, "utf8")) as { include: readonly string[] };
    const isOwn = (file: string): boolean =>
      (OWN_PROJECTS.find((name) => file.startsWith(`${name}/`)) ?? "") === own;
    const configuration = {
      extends: base,
      files: files.filter(isOwn).map((file) => join(project, file)),
      // Declarations of modules are not imported.
      include: include
        .filter((path) => extname(path) === "")
        .map((path) => join(dirname(base), path, "**/*.d.ts")),
      compilerOptions: { typeRoots: [join(project, "node_modules/@types")] },
    };
    const file = join(folder, `${own || "project"}.json`);
    writeFileSync(file, JSON.stringify(configuration, undefined, 2));
    return file;
  });
}
