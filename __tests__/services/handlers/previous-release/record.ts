import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { buildSync } from "esbuild";

/**
 * Records the code that uses the database, of the release before the last migration, in `release.js`: a clone of CI has
 * no history to build it from. Run it after adding a migration:
 * `node --import tsx __tests__/services/handlers/previous-release/record.ts`
 */
const CODE = `
export { Database } from "./handlers/services/database";
export { PostgresMediaRegistry } from "./handlers/services/media-registry";
export { PostgresMediaRepository } from "./handlers/services/media-repository";
export { MediaStatuses } from "./handlers/services/media-statuses";
export { PostgresLeftovers } from "./handlers/services/leftovers";
`;
const MIGRATIONS = "handlers/migrations";
const project = resolve(__dirname, "../../../..");

function git(...args: string[]): string {
  return execFileSync("git", ["-C", project, ...args], { encoding: "utf8" }).trim();
}

/** The commit before the one that added the last migration; the current one if it is not committed. */
function previousRelease(): string {
  const last = readdirSync(join(project, MIGRATIONS)).sort().at(-1) ?? "";
  const added = git("log", "--diff-filter=A", "--format=%H", "--", `${MIGRATIONS}/${last}`);
  return git("rev-parse", added === "" ? "HEAD" : `${added}^`);
}

function record(): void {
  const commit = previousRelease();
  const migrations = git("ls-tree", "--name-only", commit, `${MIGRATIONS}/`).split("\n").length;
  const folder = mkdtempSync(join(tmpdir(), "previous-release-"));
  try {
    const archive = execFileSync("git", ["-C", project, "archive", commit, "handlers"], {
      maxBuffer: 2 ** 30,
    });
    execFileSync("tar", ["-x", "-C", folder], { input: archive });
    symlinkSync(join(project, "node_modules"), join(folder, "node_modules"));
    writeFileSync(join(folder, "code.ts"), CODE);
    buildSync({
      absWorkingDir: folder,
      entryPoints: ["code.ts"],
      outfile: join(__dirname, "release.js"),
      allowOverwrite: true,
      bundle: true,
      platform: "node",
      packages: "external",
      banner: { js: `// Recorded by record.ts from commit ${commit}. Do not edit.` },
      footer: { js: `module.exports.release = ${JSON.stringify({ commit, migrations })};` },
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

record();
