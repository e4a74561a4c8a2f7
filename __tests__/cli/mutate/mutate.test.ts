import { mutate } from "../../../cli/mutate/command";
import { type Mutant, summaryOf } from "../../../cli/mutate/report";
import { testsIn, testsOf } from "../../../cli/mutate/tests";

const source = `export const isShort = (text: string): boolean =>
  text.length < 3 ||
  text === "";
`;

/** A mutant of `text.length < 3`, as Stryker reports it. */
const mutant = (status: string): Mutant => ({
  mutatorName: "EqualityOperator",
  replacement: "text.length <= 3",
  status,
  location: { start: { line: 2, column: 3 }, end: { line: 2, column: 18 } },
});

const summary = (...mutants: Mutant[]): string =>
  summaryOf({ files: { "lib/short.ts": { source, mutants } } });

describe("the summary of a report", () => {
  it("names each change that no test noticed, by file and line, and ends with the score", () => {
    expect(summary(mutant("Killed"), mutant("Survived"), mutant("Timeout"), mutant("NoCoverage"))).toBe(
      [
        "lib/short.ts:2 text.length < 3 → text.length <= 3 (EqualityOperator)",
        "lib/short.ts:2 text.length < 3 → text.length <= 3 (EqualityOperator, not covered by a test)",
        "50.0 % of 4 changes detected, 2 not",
      ].join("\n"),
    );
  });

  it("writes a change of several lines on one", () => {
    const several = { ...mutant("Survived"), replacement: "true" };
    const location = { start: { line: 2, column: 3 }, end: { line: 3, column: 14 } };
    expect(summary({ ...several, location })).toContain('2 text.length < 3 || text === "" → true (');
  });

  it("does not count changes that do not compile or were ignored", () => {
    expect(summary(mutant("Killed"), mutant("CompileError"), mutant("Ignored"))).toBe(
      "100.0 % of 1 changes detected, 0 not",
    );
  });
});

describe("the tests of code", () => {
  it("mirror its place", () => {
    expect(testsOf("packages/iam")).toBe("__tests__/packages/iam/**/*.test.ts");
    expect(testsOf("packages/iam/patterns.ts")).toBe("__tests__/packages/iam/patterns.test.ts");
    expect(testsOf("packages/iam/absent.ts")).toBeUndefined();
  });

  it("are missed in one line", () => {
    expect(() => mutate.parse(["main.ts", "commands.ts"])).toThrow(
      "npm run mutate: commands.ts has no tests at __tests__/commands.ts",
    );
  });

  it("can be given, as a file or folder", () => {
    expect(testsIn("__tests__/stacks/settings.test.ts")).toBe("__tests__/stacks/settings.test.ts");
    expect(testsIn("__tests__/stacks")).toBe("__tests__/stacks/**/*.test.ts");
    for (const path of [
      "absent",
      "support",
      "support/turns.ts",
      "emulator",
      "services/handlers/races.test.ts",
    ]) {
      expect(() => mutate.parse(["commands.ts", "--tests", `__tests__/${path}`])).toThrow(
        `npm run mutate: --tests: there are no unit tests at __tests__/${path}`,
      );
    }
    expect(() => mutate.parse(["absent.ts", "--tests", "__tests__/stacks"])).toThrow(
      "npm run mutate: there is no absent.ts",
    );
  });
});
