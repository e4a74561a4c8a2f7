import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, extname, join, sep } from "node:path";

export interface LintedFiles {
  /** Folder of the tsconfig.json files. */
  readonly project: string;
  /** Folder for the written configurations; created if necessary. */
  readonly folder: string;
}

/** Configurations of the project, the special ones first: the last one contains all other files. */
const CONFIGURATIONS = ["web/tsconfig.json", "tsconfig.json"] as const;

/**
 * Writes TypeScript configurations with only the given repository paths and what they import, because eslint reads a
 * whole program before its first file. Returns their paths.
 */
export function writeLintProjects(files: readonly string[], { project, folder }: LintedFiles): string[] {
  mkdirSync(folder, { recursive: true });
  let rest = files.map((file) => join(project, file));
  return CONFIGURATIONS.map((name, index) => {
    const base = join(project, name);
    const { include } = JSON.parse(readFileSync(base, "utf8")) as { include: readonly string[] };
    const folders = include.filter((path) => extname(path) === "").map((path) => join(dirname(base), path));
    const isLast = index === CONFIGURATIONS.length - 1;
    const contained = rest.filter((file) => isLast || folders.some((one) => file.startsWith(one + sep)));
    rest = rest.filter((file) => !contained.includes(file));
    const configuration = {
      extends: base,
      files: contained,
      // Declarations of modules are not imported.
      include: folders.map((one) => join(one, "**/*.d.ts")),
      compilerOptions: { typeRoots: [join(project, "node_modules/@types")] },
    };
    const written = join(folder, name.replaceAll("/", "."));
    writeFileSync(written, JSON.stringify(configuration, undefined, 2));
    return written;
  });
}
