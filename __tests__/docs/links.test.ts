import { existsSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expectNoFaults } from "../support/faults";
import { anchorsOf, codeOf, linksOf, markdownFiles, ROOT, textOf } from "../support/markdown";

const files = markdownFiles();

/** Why a link of a page is dead; undefined if it works or leads to another site. */
function dead(file: string, link: string, read = textOf): string | undefined {
  if (/^[a-z]+:/i.test(link)) return undefined;
  const [path = "", anchor] = link.split("#");
  const target = path === "" ? file : relative(ROOT, join(ROOT, dirname(file), path));
  if (target.startsWith("..")) return `${link} leaves the repository`;
  if (!existsSync(join(ROOT, target))) return `${link}: there is no ${target}`;
  if (anchor === undefined || statSync(join(ROOT, target)).isDirectory()) return undefined;
  const anchors = anchorsOf(read(target));
  return anchors.includes(anchor) ? undefined : `${link}: ${target} has ${anchors.join(", ")}`;
}

test("finds the pages that people read", () => {
  expect(files).toEqual(expect.arrayContaining(["README.md", "README.pt-BR.md", "docs/README.md"]));
  expect(files.length).toBeGreaterThan(40);
});

test.each(files)("every link of %s is alive", (file) => {
  expectNoFaults(linksOf(textOf(file)).flatMap((link) => dead(file, link) ?? []));
});

test("finds links that lead nowhere, and those that leave the repository", () => {
  const page =
    "# A title, of one\n[a](#a-title-of-one) [b](#another) ![c](docs/gone.svg) [d](../x.md) [e](docs/)\n`[f](no)`";
  expect(linksOf(page).flatMap((link) => dead("README.md", link, () => page) ?? [])).toEqual([
    "#another: README.md has a-title-of-one",
    "docs/gone.svg: there is no docs/gone.svg",
    "../x.md leaves the repository",
  ]);
});

const { scripts } = JSON.parse(textOf("package.json")) as { scripts: Record<string, string> };

/** Names of scripts that a page says to run. */
function told(page: string): string[] {
  const runs = codeOf(page).flatMap((code) => [...code.matchAll(/\bnpm run ([\w:-]+)/g)]);
  return runs.map(([, script = ""]) => script);
}

test.each(files)("every npm run of %s is a script of package.json", (file) => {
  expect(told(textOf(file)).filter((script) => !(script in scripts))).toEqual([]);
});

test("finds an unknown script, in blocks and within lines", () => {
  expect(told("```sh\nnpm run nothing -- prod\n```\nand `npm run void`")).toEqual(["nothing", "void"]);
});

test("both READMEs have the same commands", () => {
  const commands = (file: string): string[] =>
    [
      ...new Set(
        codeOf(textOf(file)).flatMap(
          (code) => code.match(/\b(npm (start|test|ci|run [\w:-]+)|npx cdktf \w+)/g) ?? [],
        ),
      ),
    ].sort();
  expect(commands("README.pt-BR.md")).toEqual(commands("README.md"));
});
