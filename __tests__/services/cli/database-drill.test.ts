import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { databaseDrill } from "../../../cli/drill/database";
import { databaseResult } from "../../../cli/drill/database-result";
import { report } from "../../../cli/drill/report";

test("a database is restored to a second, and after the loss of its machine, without a wrong row", async () => {
  const drill = await databaseDrill({
    folder: join(mkdtempSync(join(tmpdir(), "streamflow-drill-")), "drill"),
    rows: 5_000,
    loadFor: 1_000,
    archiveSeconds: 2,
    tell: () => undefined,
  });
  expect(drill.toSecond).toMatchObject({ differences: [], rpoSeconds: 0 });
  expect(drill.toSecond.rows).toBeGreaterThan(5_000);
  expect(drill.toLatest.differences).toEqual([]);
  expect(drill.toLatest.rows).toBeGreaterThan(10);
  expect(report([databaseResult(drill, 17)], new Date()).kept).toBe(true);
});
