import { readFileSync, rmSync, mkdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { build } from "esbuild";
import { projectFolder } from "@packages/cli-kit/paths";

/** The built console: files by path below the public URL. */
export interface ConsoleFiles {
  /** HTML of the page. */
  readonly page: string;
  /** Scripts and styles by path, such as `static/console/main-AB12CD34.js`; names contain content hashes. */
  readonly assets: ReadonlyMap<string, Uint8Array>;
}

/** Path of assets below the public URL if they are in the static bucket. */
export const STATIC_ASSETS = "static/console";

const SOURCE = join(projectFolder, "web");

/** Bundles the console; its page loads scripts and styles from `assets` below the public URL. */
export async function buildConsole(assets: string = STATIC_ASSETS): Promise<ConsoleFiles> {
  const { outputFiles, metafile } = await build({
    entryPoints: ["src/main.tsx"],
    absWorkingDir: SOURCE,
    tsconfig: join(SOURCE, "tsconfig.json"),
    bundle: true,
    splitting: true,
    format: "esm",
    target: ["es2022"],
    minify: true,
    legalComments: "none",
    metafile: true,
    write: false,
    outdir: "dist",
    entryNames: "[name]-[hash]",
    chunkNames: "[name]-[hash]",
  });
  const entry = Object.entries(metafile.outputs).find(([, { entryPoint }]) => entryPoint === "src/main.tsx");
  if (entry === undefined) throw new Error("esbuild produced no output for web/src/main.tsx");
  const [script, { cssBundle = "" }] = entry;
  const head = [
    `<link rel="stylesheet" href="/${assets}/${basename(cssBundle)}" />`,
    `<script type="module" src="/${assets}/${basename(script)}"></script>`,
  ].join("\n    ");
  const files = outputFiles.map(({ path, contents }) => [`${assets}/${basename(path)}`, contents] as const);
  return {
    page: readFileSync(join(SOURCE, "index.html"), "utf8").replace("<!-- files -->", head),
    assets: new Map(files.sort(([one], [other]) => (one < other ? -1 : 1))),
  };
}

/** Empties a folder and writes the console into it; returns the files' paths there. */
export function writeConsole({ page, assets }: ConsoleFiles, folder: string): string[] {
  rmSync(folder, { recursive: true, force: true });
  const files = [["index.html", page] as const, ...assets];
  for (const [path, content] of files) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  return files.map(([path]) => path);
}
