import { type DrillResult, keeps, type Scene } from "./result";

/** What drills found against what is promised; `kept` is false when anything is lost that should not be. */
export interface Verdict {
  readonly kept: boolean;
  readonly markdown: string;
}

/** How many differences of a scene are written down. */
const MAX_LISTED = 20;

/** The report of drills, for whoever must believe that a restore works; `failed` are those that did not end. */
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
    ...failed.flatMap(({ name, why }) => [`**The drill ${name} did not end**: ${why}`, ""]),
    ...results.flatMap(section),
    kept ? "The objectives are kept." : "**The objectives are not kept.**",
    "",
    "RPO is the age of the oldest change that is lost; RTO is the time from the decision until everything can be used.",
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
  const verdict = keeps({ ...result, scenes: [scene] }) ? "kept" : "**not kept**";
  return `| ${what} | ${compared} | ${differences.length} | ${rpoSeconds.toFixed(2)} | ${rtoSeconds.toFixed(2)} | ${verdict} |`;
}
