/** Part of Stryker's JSON report, https://github.com/stryker-mutator/mutation-testing-elements (report schema 2). */
export interface MutationReport {
  /** Files by path. */
  readonly files: Readonly<Record<string, MutatedFile>>;
}

export interface MutatedFile {
  readonly source: string;
  readonly mutants: readonly Mutant[];
}

export interface Mutant {
  readonly mutatorName: string;
  readonly replacement?: string;
  readonly status: string;
  readonly location: { readonly start: Position; readonly end: Position };
}

interface Position {
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
}

/** Detected: a test failed or timed out. */
const DETECTED = new Set(["Killed", "Timeout"]);
/** Undetected: all tests passed, or none ran. */
const UNDETECTED = new Set(["Survived", "NoCoverage"]);

/**
 * One line per undetected change, such as `packages/iam/patterns.ts:12 a < b → a <= b`, and the score: the share of
 * detected changes. Changes that don't compile or are ignored don't count.
 */
export function summaryOf({ files }: MutationReport): string {
  const all = Object.values(files).flatMap(({ mutants }) => mutants);
  const detected = all.filter(({ status }) => DETECTED.has(status)).length;
  const lines = Object.entries(files).flatMap(([path, file]) =>
    file.mutants
      .filter(({ status }) => UNDETECTED.has(status))
      .map((mutant) => `${path}:${mutant.location.start.line} ${changeOf(file.source, mutant)}`),
  );
  const counted = detected + lines.length;
  const score = counted === 0 ? 0 : (100 * detected) / counted;
  return [...lines, `${score.toFixed(1)} % of ${counted} changes detected, ${lines.length} not`].join("\n");
}

/** `before → after` of a change, on one line. */
function changeOf(source: string, { location, replacement = "", mutatorName, status }: Mutant): string {
  const { start, end } = location;
  const lines = source.split("\n").slice(start.line - 1, end.line);
  const last = lines.length - 1;
  lines[last] = (lines[last] ?? "").slice(0, end.column - 1);
  lines[0] = (lines[0] ?? "").slice(start.column - 1);
  const oneLine = (text: string): string => text.replace(/\s+/g, " ").slice(0, 90);
  const note = status === "NoCoverage" ? ", not covered by a test" : "";
  return `${oneLine(lines.join("\n"))} → ${oneLine(replacement)} (${mutatorName}${note})`;
}
