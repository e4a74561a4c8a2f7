import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type CaseResult, type Machine, type Measurements, verdictOf } from "./measurements";
import { table } from "./table";

/** Markdown, its links relative to docs/, with a placeholder `<!-- bench: CASE -->` for each case's table. */
export const TEMPLATE = readFileSync(join(__dirname, "template.txt"), "utf8");
const PLACEHOLDER = /^<!-- bench: (\S+) -->$/gm;

/** Names of the cases that a template has a place for. */
export const casesIn = (template: string): string[] =>
  [...template.matchAll(PLACEHOLDER)].map(([, name = ""]) => name);

/** docs/performance.md. Throws when a measured case has no place in the template. */
export function performancePage({ cases }: Measurements, template: string = TEMPLATE): string {
  const places = casesIn(template);
  const unplaced = cases.find(({ name }) => !places.includes(name));
  if (unplaced !== undefined)
    throw new Error(`template.txt has no placeholder for the case ${unplaced.name}`);
  return template
    .replace("<!-- summary -->", () => summary(cases))
    .replace(PLACEHOLDER, (_, name: string) =>
      section(
        name,
        cases.find((one) => one.name === name),
      ),
    );
}

function section(name: string, result: CaseResult | undefined): string {
  if (result === undefined) return `Not measured yet: \`npm run bench -- ${name}\`.`;
  return `Compared: ${result.about}.\n\n${table(result.rows)}\n\nMeasured ${machineText(result.machine)}.`;
}

function summary(cases: readonly CaseResult[]): string {
  const verdicts = cases.flatMap(({ rows }) => rows.map(verdictOf));
  const count = (verdict: string): number => verdicts.filter((one) => one === verdict).length;
  const missed = cases.filter(({ rows }) => rows.some((row) => verdictOf(row) === "no"));
  const names = missed.length === 0 ? "" : ` (${missed.map(({ name }) => name).join(", ")})`;
  return `Goals: ${count("yes")} met, ${count("no")} not met${names}, ${count("undecided")} undecided.`;
}

export function machineText({ date, commit, processor, cores, memoryGiB, system, node }: Machine): string {
  const when = date.slice(0, 16).replace("T", " ");
  return `${when} UTC at commit ${commit}, on ${cores} × ${processor}, ${memoryGiB} GiB, ${system}, Node.js ${node}`;
}
