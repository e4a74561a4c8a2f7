/** One line about something that an environment needs. */
export interface Finding {
  /** `unknown` if AWS did not answer the question. */
  readonly state: "ok" | "missing" | "unknown";
  readonly name: string;
  readonly text: string;
  /** What mends it; only where it is missing. */
  readonly remedy?: string;
}

/** Something that an environment needs. */
export interface Check {
  readonly name: string;
  /** Returns what was found, or what is missing and what mends it. */
  readonly ask: () => Promise<string | Missing>;
}

export interface Missing {
  readonly missing: string;
  readonly remedy: string;
}

/** Asks one after the other. An error of AWS is an unknown answer, and does not end the others. */
export async function findingsOf(checks: readonly Check[]): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { name, ask } of checks) {
    try {
      const answer = await ask();
      findings.push(
        typeof answer === "string"
          ? { state: "ok", name, text: answer }
          : { state: "missing", name, text: answer.missing, remedy: answer.remedy },
      );
    } catch (error) {
      const { name: kind, message } = error as Error;
      findings.push({ state: "unknown", name, text: `can't be asked: ${kind}: ${firstLine(message)}` });
    }
  }
  return findings;
}

const firstLine = (text: string): string => (text.split("\n")[0] ?? "").slice(0, 200);

const MARKS = { ok: "ok", missing: "MISSING", unknown: "?" } as const;

/** A line for each finding, and one that sums them up. */
export function report(findings: readonly Finding[], environment: string): string[] {
  const width = Math.max(...findings.map(({ name }) => name.length));
  const lines = findings.map(({ state, name, text, remedy }) =>
    `${MARKS[state].padEnd(7)}  ${name.padEnd(width)}  ${text}${remedy === undefined ? "" : `: ${remedy}`}`.trimEnd(),
  );
  const count = (state: Finding["state"]): number => findings.filter((one) => one.state === state).length;
  const unknown = count("unknown") === 0 ? "" : `; ${count("unknown")} could not be asked`;
  const verdict = isComplete(findings) ? "is complete" : `lacks ${count("missing")} of ${findings.length}`;
  return [...lines, `${environment} ${verdict}${unknown}`];
}

export const isComplete = (findings: readonly Finding[]): boolean =>
  findings.every(({ state }) => state !== "missing");
