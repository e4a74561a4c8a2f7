import { postgresBinaries, serviceUser } from "../../harness/local-servers";
import { type DatabaseDrill, databaseDrill, OBJECTIVES, type Restored } from "./database";
import type { Drill, DrillResult, Scene } from "./result";

/** The database, restored to a second and to the end of its archive. */
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
      scene("somebody deletes everything; back to a chosen second", drill.toSecond),
      scene("the machine dies with its disk; back to the end of the archive", drill.toLatest),
    ],
    meaning:
      "The same is done here that RDS does for a restore to a point in time; how long AWS takes for a large instance, it " +
      "does not tell.",
  };
}
