import { readFileSync, rmSync, mkdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { build } from "esbuild";
import { projectFolder } from "@packages/cli-kit/paths";

/** The console as it is served: paths below the public URL, and what lies there. */
export interface ConsoleFiles {
  /** The one page. */
  readonly page: string;
  /** Its scripts and styles, by paths such as `static/console/main-AB12CD34.js`: names change with the content. */
  readonly assets: ReadonlyMap<string, Uint8Array>;
}

/** Where assets lie below the public URL when the static bucket has them. */
export const STATIC_ASSETS = "static/console";

const SOURCE = join(projectFolder, "web");

/** Bundles the console. `assets` is the folder below the public URL from which its page takes scripts and styles. */
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
  if (entry === undefined) throw new Error("esbuild made nothing of web/src/main.tsx");
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

/** Writes the console into a folder, which is emptied; gives the paths of its files there. */
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
