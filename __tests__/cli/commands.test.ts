import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { commands } from "../../commands";
import { eachOf } from "../../packages/cli-kit/concurrency";
import type { Command } from "../../packages/cli-kit/command";
import { copyCheckout, listingOf } from "../support/checkout";
import { textOf } from "../support/markdown";

const { scripts } = JSON.parse(textOf("package.json")) as { scripts: Record<string, string> };
const names = Object.keys(commands);
/** Commands that do nothing without arguments, as they would be typed then. */
const NEED_ARGUMENTS: readonly string[] = [
  "plan",
  "deploy",
  "drift",
  "watch",
  "compare",
  "review",
  "backup",
  "restore",
  "redrive",
  "grafana",
  "github:environment",
  "github:planned",
  "github:comment",
  "github:issue",
];

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What each run printed, by the script and its arguments. */
const ended = new Map<string, Ended>();
const checkout = mkdtempSync(join(tmpdir(), "streamflow-commands-"));
let definitions: readonly Command[] = [];
let before: readonly string[] = [];
let after: readonly string[] = [];

beforeAll(async () => {
  definitions = await Promise.all(Object.values(commands).map((load) => load()));
  copyCheckout(checkout);
  before = listingOf(checkout);
  const runs = [
    ...names.flatMap((name) => [
      [name, "--help"],
      [name, "--nonsense"],
    ]),
    ...NEED_ARGUMENTS.map((name) => [name]),
  ];
  await eachOf(runs, { concurrency: availableParallelism() }, async ([name = "", ...args]) => {
    ended.set([name, ...args].join(" "), await run(name, args));
  });
  after = listingOf(checkout);
});
afterAll(() => rmSync(checkout, { recursive: true }));

/** Runs a script as npm does, in the copy of the checkout. */
async function run(name: string, args: readonly string[]): Promise<Ended> {
  const child = spawn("/bin/sh", ["-c", [scripts[name], ...args].join(" ")], {
    cwd: checkout,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (bytes: Buffer) => (stdout += bytes.toString()));
  child.stderr.on("data", (bytes: Buffer) => (stderr += bytes.toString()));
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, stdout, stderr };
}

/** What a function throws says; undefined when it throws nothing. */
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

  test("refuses an option that it does not have, in one line that names it", () => {
    const { code, stdout, stderr } = ended.get(`${name} --nonsense`) ?? {};
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^npm [^\n]*there is no option --nonsense[^\n]*--help\n$/);
  });
});

test.each(NEED_ARGUMENTS)(
  "the script %s says in one line what is missing when it is run without arguments",
  (name) => {
    const { code, stdout, stderr } = ended.get(name) ?? {};
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^npm [^\n]* is missing[^\n]*--help\n$/);
  },
);

test("the others take an empty command line", () => {
  const needing = definitions
    .filter(({ parse }) => faultOf(() => parse([])) !== undefined)
    .map(({ name }) => name);
  expect(needing.sort()).toEqual([...NEED_ARGUMENTS].sort());
});

test("neither help nor a refusal writes anything into the checkout", () => {
  expect(before.length).toBeGreaterThan(500);
  expect(after).toEqual(before);
});
