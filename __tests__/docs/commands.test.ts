import "../support/with-test-environments";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { codeOf, markdownFiles, ROOT, textOf } from "../support/markdown";
import { expectNoFaults } from "../support/faults";
import { npmFault } from "../support/npm-commands";
import { everyCommand } from "../support/shell";

const WORKFLOWS = ".github/workflows";

/**
 * npm commands with arguments in the code of a page or in workflow steps; commands without arguments are only
 * mentioned.
 */
function npmCommands(file: string): string[][] {
  const lines = file.endsWith(".md")
    ? codeOf(textOf(file))
    : [...textOf(file).matchAll(/\brun: (.+)$/gm)].map(([, command = ""]) => command);
  return lines
    .filter((line) => /^npm (start|test|run [^\s]+|run --silent [^\s]+) -- /.test(line))
    .flatMap(everyCommand)
    .filter(([first]) => first === "npm");
}

const files = [
  ...markdownFiles(),
  ...readdirSync(join(ROOT, WORKFLOWS)).map((name) => join(WORKFLOWS, name)),
].filter((file) => npmCommands(file).length > 0);

test("finds commands in both READMEs, the documents and the workflows", () => {
  expect(files).toEqual(
    expect.arrayContaining([
      "README.md",
      "README.pt-BR.md",
      "CONTRIBUTING.md",
      "docs/delivery.md",
      "docs/runbooks/dead-letters.md",
      ".github/workflows/deploy-environment.yml",
    ]),
  );
});

test.each(files)("every command of npm in %s is one that its definition takes", async (file) => {
  const faults = await Promise.all(
    npmCommands(file).map(async (words) => {
      const fault = await npmFault(words);
      return fault === undefined ? [] : [`${file}, ${words.join(" ")}: ${fault}`];
    }),
  );
  expectNoFaults(faults.flat());
});
