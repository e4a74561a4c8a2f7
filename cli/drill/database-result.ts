import { postgresBinaries, serviceUser } from "../../harness/local-servers";
import { type DatabaseDrill, databaseDrill, OBJECTIVES, type Restored } from "./database";
import type { Drill, DrillResult, Scene } from "./result";

/** Drill of the database: restores to a chosen second and to the end of the archive. */
export const database: Drill = {
  async run(folder, tell) {
    const drill = await databaseDrill({ folder, rows: 200_000, loadFor: 5_000, archiveSeconds: 5, tell });
    return databaseResult(drill, postgresBinaries(serviceUser()).version);
  },
};

export function databaseResult(drill: DatabaseDrill, version: number): DrillResult {
  const scene = (what: string, { rows, ...rest }: Restored): Scene => ({ what, compared: rows, ...rest });
  return {
    title: "The database",
    unit: "rows",
    objectives: OBJECTIVES,
    setup: `PostgreSQL ${version}: base backup under load and write-ahead log, ${drill.segments} segments.`,
    scenes: [
      scene("all rows deleted; restored to a chosen second", drill.toSecond),
      scene("machine and disk lost; restored to the end of the archive", drill.toLatest),
    ],
    meaning:
      "This is the procedure of RDS's point-in-time restore; it does not show how long AWS takes for a large " +
      "instance.",
  };
}
