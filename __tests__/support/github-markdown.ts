import { spawnSync } from "node:child_process";

/** The renderer is an ES module, which Jest can't load. */
const RENDER = `
import { readFileSync } from "node:fs";
import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";
const options = { allowDangerousHtml: true, extensions: [gfm()], htmlExtensions: [gfmHtml()] };
const texts = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(texts.map((text) => micromark(text, options))));
`;

/** HTML of comments, by CommonMark with GitHub's extensions. */
export function renderedMarkdown(comments: readonly string[]): string[] {
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", RENDER], {
    input: JSON.stringify(comments),
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  if (stdout === "") throw new Error(stderr);
  return JSON.parse(stdout) as string[];
}
