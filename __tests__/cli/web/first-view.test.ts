import { randomBytes } from "node:crypto";
import { basename } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { buildConsole, type ConsoleFiles } from "../../../cli/web/build";

/** Most compressed bytes of all that the browser loads before it shows the console, without pictures and the API. */
const LARGEST_FIRST_VIEW = 60_000;

/** Paths of the files that a built script imports before it runs. */
async function importsOf(script: Uint8Array): Promise<readonly string[]> {
  const { metafile } = await build({
    stdin: { contents: Buffer.from(script).toString() },
    bundle: true,
    external: ["*"],
    format: "esm",
    metafile: true,
    write: false,
  });
  return Object.values(metafile.outputs).flatMap(({ imports }) =>
    imports.filter(({ kind }) => kind === "import-statement").map(({ path }) => path),
  );
}

/** Files of the first view by name, with their compressed bytes: the page, its styles and scripts, and what these import. */
async function firstView({ page, assets }: ConsoleFiles): Promise<Readonly<Record<string, number>>> {
  const files = new Map([...assets].map(([path, content]) => [basename(path), content]));
  const waiting = [...page.matchAll(/ (?:src|href)="\/([^"]+)"/g)].map(([, path = ""]) => basename(path));
  const found: Record<string, number> = { page: gzipSync(page).length };
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (name in found) continue;
    const content = files.get(name);
    if (content === undefined) throw new Error(`${name} is loaded, and was not built`);
    found[name] = gzipSync(content).length;
    if (name.endsWith(".js")) waiting.push(...(await importsOf(content)).map((path) => basename(path)));
  }
  return found;
}

const sum = (sizes: Readonly<Record<string, number>>): number =>
  Object.values(sizes).reduce((total, one) => total + one, 0);

test("the console is shown after less than 60 KB, without the player", async () => {
  const sizes = await firstView(await buildConsole());
  const names = Object.keys(sizes).join(" ");
  expect(names).toMatch(/main-\w+\.js/);
  expect(names).toMatch(/main-\w+\.css/);
  expect(names).not.toContain("player-parts");
  expect(sum(sizes)).toBeLessThan(LARGEST_FIRST_VIEW);
});

describe("a page whose script loads a large file", () => {
  const large = `export const large = "${randomBytes(LARGEST_FIRST_VIEW).toString("base64")}";`;
  const built = (main: string): ConsoleFiles => ({
    page: `<script type="module" src="/static/main-1.js"></script>`,
    assets: new Map(
      Object.entries({ main, between: `import{large as a}from"./large-1.js";a();`, large }).map(
        ([name, text]) => [`static/${name}-1.js`, Buffer.from(text)],
      ),
    ),
  });

  test.each([`import{large as a}from"./large-1.js";a();`, `import"./between-1.js";`])(
    "before it runs is too large: %s",
    async (main) => expect(sum(await firstView(built(main)))).toBeGreaterThan(LARGEST_FIRST_VIEW),
  );

  test("only when it is needed does not count that file", async () => {
    const sizes = await firstView(built(`import("./large-1.js").then(console.log);`));
    expect(Object.keys(sizes)).toEqual(["page", "main-1.js"]);
  });
});
