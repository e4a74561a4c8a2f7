import { type DrillResult, keeps, type Scene } from "./result";

/** Result of drills compared with their objectives; `kept` is false if one was missed. */
export interface Verdict {
  readonly kept: boolean;
  readonly markdown: string;
}

/** Maximum differences listed per scene. */
const MAX_LISTED = 20;

/** The report of drills; `failed` are those that threw. */
export function report(
  results: readonly DrillResult[],
  at: Date,
  failed: readonly { readonly name: string; readonly why: string }[] = [],
): Verdict {
  const kept = failed.length === 0 && results.length > 0 && results.every(keeps);
  const markdown = [
    "# Restore drill",
    "",
    at.toISOString(),
    "",
    ...failed.flatMap(({ name, why }) => [`**The drill ${name} failed**: ${why}`, ""]),
    ...results.flatMap(section),
    kept ? "All objectives are met." : "**Objectives are missed.**",
    "",
    "RPO is the age of the oldest lost change at the disaster. RTO is the time from the decision to restore until everything is usable.",
    "",
  ].join("\n");
  return { kept, markdown };
}

function section(result: DrillResult): string[] {
  const { title, setup, unit, objectives, scenes, meaning } = result;
  return [
    `## ${title}`,
    "",
    setup,
    "",
    `| | ${unit} compared | wrong | RPO, s (at most ${objectives.rpoSeconds}) | RTO, s (at most ${objectives.rtoSeconds}) | |`,
    "|---|---:|---:|---:|---:|---|",
    ...scenes.map((scene) => row(result, scene)),
    "",
    ...scenes.flatMap(({ differences }) => differences.slice(0, MAX_LISTED).map((line) => `- ${line}`)),
    ...(scenes.some(({ differences }) => differences.length > 0) ? [""] : []),
    meaning,
    "",
  ];
}

function row(result: DrillResult, scene: Scene): string {
  const { what, compared, differences, rpoSeconds, rtoSeconds } = scene;
  const verdict = keeps({ ...result, scenes: [scene] }) ? "met" : "**not met**";
  return `| ${what} | ${compared} | ${differences.length} | ${rpoSeconds.toFixed(2)} | ${rtoSeconds.toFixed(2)} | ${verdict} |`;
}
