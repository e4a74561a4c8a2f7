import "../support/with-test-environments";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { commands } from "../../commands";
import type { Command } from "../../packages/cli-kit/command";
import { copyCheckout, listingOf } from "../../cli/lib/checkout";
import { textOf } from "../support/markdown";
import type { CommandLineResult } from "../support/run-command-lines";

const { scripts } = JSON.parse(textOf("package.json")) as { scripts: Record<string, string> };
const names = Object.keys(commands);
/** Commands that do nothing without arguments, as command lines. */
const NEED_ARGUMENTS: readonly string[] = [
  "plan",
  "deploy",
  "destroy",
  "doctor",
  "drift",
  "watch",
  "playback-key",
  "users",
  "cloud",
  "move-state",
  "compare",
  "conformance",
  "review",
  "backup",
  "restore",
  "redrive",
  "grafana",
  "mutate",
  "github:environment",
  "github:planned",
  "image",
  "github:comment",
  "github:issue",
];

/** Output of each command line, by script and arguments. */
let ended: ReadonlyMap<string, CommandLineResult> = new Map();
const checkout = mkdtempSync(join(tmpdir(), "streamflow-commands-"));
let definitions: readonly Command[] = [];
let before: readonly string[] = [];
let after: readonly string[] = [];

beforeAll(async () => {
  definitions = await Promise.all(Object.values(commands).map((load) => load()));
  copyCheckout(checkout);
  before = listingOf(checkout);
  const lines = [
    ...names.flatMap((name) => [
      [name, "--help"],
      [name, "--nonsense"],
    ]),
    ...NEED_ARGUMENTS.map((name) => [name]),
  ];
  const driver = ["--import", "tsx", "__tests__/support/run-command-lines.ts", JSON.stringify(lines)];
  const { stdout } = await promisify(execFile)(process.execPath, driver, { cwd: checkout });
  ended = new Map(Object.entries(JSON.parse(stdout) as Record<string, CommandLineResult>));
  after = listingOf(checkout);
});
afterAll(() => rmSync(checkout, { recursive: true }));

/** Message of the error that a function throws; undefined if it throws none. */
function faultOf(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

test("every script of package.json that runs TypeScript is a command, which is defined", () => {
  const typescript = Object.entries(scripts).filter(([, line]) => /\bnode .*(\btsx\b|\.ts\b)/.test(line));
  expect(typescript.map(([name]) => name).sort()).toEqual([...names].sort());
  for (const [name, line] of typescript) expect(line).toBe(`exec node --import tsx commands.ts ${name}`);
});

test("npm passes arguments and the exit code on", async () => {
  const npm = promisify(execFile)("npm", ["run", "--silent", "commands", "--", "--nonsense"], {
    cwd: checkout,
  });
  await expect(npm).rejects.toMatchObject({
    code: 2,
    stdout: "",
    stderr: ended.get("commands --nonsense")?.stderr,
  });
});

test("every definition has the name of its script, and a summary that no other has", () => {
  expect(definitions.map(({ name }) => name)).toEqual(names);
  const summaries = definitions.map(({ summary }) => summary);
  expect(new Set(summaries).size).toBe(summaries.length);
  expect(summaries.filter((summary) => !/^[A-Z][^\n]+\.$/.test(summary))).toEqual([]);
});

test("every example is a command line that its definition takes", () => {
  const words = (example: string): string[] =>
    [...example.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");
  for (const { name, examples, parse } of definitions) {
    for (const example of examples) {
      const fault = faultOf(() => parse(words(example)));
      expect([name, example, fault]).toEqual([name, example, undefined]);
    }
  }
});

describe.each(names)("the script %s", (name) => {
  test("prints its usage with an example for --help", () => {
    const { code, stdout, stderr } = ended.get(`${name} --help`) ?? {};
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^npm /);
    expect(stdout).toMatch(/^Examples?:\n {2}npm /m);
    expect(stdout).toMatch(/^Exit code 0: /m);
  });

  test("rejects an unknown option, in one line that names it", () => {
    const { code, stdout, stderr } = ended.get(`${name} --nonsense`) ?? {};
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^npm [^\n]*unknown option --nonsense[^\n]*--help\n$/);
  });
});

test.each(NEED_ARGUMENTS)(
  "the script %s prints one line with the missing argument when it is run without arguments",
  (name) => {
    const { code, stdout, stderr } = ended.get(name) ?? {};
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^npm [^\n]*: missing [^\n]*--help\n$/);
  },
);

test("the others accept an empty command line", () => {
  const needing = definitions
    .filter(({ parse }) => faultOf(() => parse([])) !== undefined)
    .map(({ name }) => name);
  expect(needing.sort()).toEqual([...NEED_ARGUMENTS].sort());
});

test("neither help nor a refusal writes anything into the checkout", () => {
  expect(before.length).toBeGreaterThan(500);
  expect(after).toEqual(before);
});
