import { type DatabaseDrill, OBJECTIVES, type Restored } from "./database";

/** What a drill found against what is promised; `kept` is false when anything is lost that should not be. */
export interface Verdict {
  readonly kept: boolean;
  readonly markdown: string;
}

/** The report of a drill, for whoever must believe that a restore works. */
export function report(drill: DatabaseDrill, at: Date, version: number): Verdict {
  const rows = [
    ["somebody deletes everything; back to a chosen second", drill.toSecond],
    ["the machine dies with its disk; back to the end of the archive", drill.toLatest],
  ] as const;
  const kept = rows.every(([, restored]) => keeps(restored));
  const markdown = [
    "# Restore drill",
    "",
    `${at.toISOString()}, PostgreSQL ${version}: base backup under load and write-ahead log, ${drill.segments} segments.`,
    "",
    `| | rows compared | wrong | RPO, s (at most ${OBJECTIVES.rpoSeconds}) | RTO, s (at most ${OBJECTIVES.rtoSeconds}) |`,
    "|---|---:|---:|---:|---:|",
    ...rows.map(
      ([what, { rows: compared, differences, rpoSeconds, rtoSeconds }]) =>
        `| ${what} | ${compared} | ${differences.length} | ${rpoSeconds.toFixed(2)} | ${rtoSeconds.toFixed(2)} |`,
    ),
    "",
    ...rows.flatMap(([, { differences }]) => differences.slice(0, 20).map((line) => `- ${line}`)),
    kept ? "The objectives are kept." : "**The objectives are not kept.**",
    "",
    "RPO is the age of the newest change that is lost; RTO is the time from the decision until every row can be read. The",
    "same is done here that RDS does for a restore to a point in time; how long AWS takes for a large instance, it does not",
    "tell.",
    "",
  ].join("\n");
  return { kept, markdown };
}

function keeps({ rows, differences, rpoSeconds, rtoSeconds }: Restored): boolean {
  const { rpoSeconds: rpo, rtoSeconds: rto } = OBJECTIVES;
  return rows > 0 && differences.length === 0 && rpoSeconds <= rpo && rtoSeconds <= rto;
}
