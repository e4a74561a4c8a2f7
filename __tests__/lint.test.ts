import { spawnSync } from "node:child_process";
import { resolve } from "node:path";

/** Code that a lint rule forbids, with the rule and the file that would contain it. */
const PLANTED: readonly (readonly [rule: string, file: string, code: string])[] = [
  ["no-restricted-syntax", "cli/start/run.ts", "export const both = { ...{ a: 1, b: 2 } };"],
  ["no-restricted-syntax", "__tests__/lint.test.ts", "export const both = { ...{ a: 1, b: 2 } };"],
  ["max-params", "stacks/settings.ts", "export function draw(x: number, y: number, z: number, t: number) {}"],
  [
    "max-params",
    "web/src/api.ts",
    "export class Box { constructor(a: string, b: string, c: string, d: string) {} }",
  ],
  ["no-restricted-syntax", "bench/run.ts", "export function send(text: string, isLast: boolean) {}"],
  ["no-restricted-syntax", "bench/run.ts", 'export const send = (isLast?: boolean, text = "") => text;'],
  [
    "no-restricted-syntax",
    "packages/iam/evaluate.ts",
    "export function send(text: string, isLast = false) {}",
  ],
  [
    "no-restricted-syntax",
    "handlers/media.ts",
    "export class Sender { send(text: string, isLast: boolean = isEnd()) {} }",
  ],
  [
    "no-restricted-syntax",
    "cli/start/run.ts",
    "export class Sender { constructor(text: string, private readonly isLast: boolean) {} }",
  ],
  [
    "max-lines-per-function",
    "cli/start/run.ts",
    `export function long(): void {${"\n  Math.random();".repeat(60)}\n}`,
  ],
  ["no-restricted-properties", "stacks/settings.ts", "export const region = process.env.AWS_REGION;"],
  ["no-restricted-properties", "handlers/media.ts", "export const region = process.env.AWS_REGION;"],
  ["no-console", "packages/iam/evaluate.ts", 'console.log("no");'],
];

/** The same code without the fault. */
const INNOCENT: readonly (readonly [file: string, code: string])[] = [
  ["cli/start/run.ts", "const a = { b: 1 };\nexport const both = { ...a, c: 2 };"],
  ["cli/start/run.ts", `export function short(): void {${"\n  Math.random();".repeat(58)}\n}`],
  ["handlers/runtime/environment.ts", "export const region = process.env.AWS_REGION;"],
  ["main.ts", 'console.log("yes");'],
  ["stacks/settings.ts", "export function draw(x: number, y: number, { z, t }: Point) {}"],
  ["bench/run.ts", "export function note(isHeld: boolean) {}"],
  ["bench/run.ts", "export function send(text: string, { isLast = false }: { isLast?: boolean }) {}"],
  ["bench/run.ts", 'export function send(text: string, state = "true") {}'],
  [
    "__tests__/lint.test.ts",
    "export function send(text: string, isLast: boolean, by: string, to: string) {}",
  ],
];

// The project's configuration without the rules that need types, because planted files belong to no TypeScript project.
const SCRIPT = `
const { ESLint, Linter } = require("eslint");
const { parser } = require("typescript-eslint");
async function main() {
  const eslint = new ESLint();
  const linter = new Linter();
  const found = [];
  for (const [file, code] of JSON.parse(process.argv[1])) {
    const { rules } = await eslint.calculateConfigForFile(file);
    const own = Object.entries(rules).filter(([name]) => !name.includes("/"));
    const config = { files: ["**/*.ts"], languageOptions: { parser }, rules: Object.fromEntries(own) };
    found.push(linter.verify(code, [config], file).map(({ ruleId }) => ruleId));
  }
  process.stdout.write(JSON.stringify(found));
}
main();`;

function lint(files: readonly (readonly [file: string, code: string])[]): string[][] {
  const { stdout, stderr } = spawnSync(process.execPath, ["-e", SCRIPT, JSON.stringify(files)], {
    cwd: resolve(__dirname, ".."),
    encoding: "utf8",
  });
  if (stdout === "") throw new Error(stderr);
  return JSON.parse(stdout) as string[][];
}

test("lint finds each planted violation, and nothing in the same code without it", () => {
  expect(lint(PLANTED.map(([, file, code]) => [file, code]))).toEqual(PLANTED.map(([rule]) => [rule]));
  expect(lint(INNOCENT)).toEqual(INNOCENT.map(() => []));
});
