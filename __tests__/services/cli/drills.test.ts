import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deadLettersDrill } from "../../../cli/drill/dead-letters";
import { objectsDrill } from "../../../cli/drill/objects";
import { report } from "../../../cli/drill/report";
import type { DrillResult } from "../../../cli/drill/result";
import { stateDrill } from "../../../cli/drill/state";

const options = (name: string) => ({
  folder: join(mkdtempSync(join(tmpdir(), "drill-")), name),
  tell: () => undefined,
});

/** Everything was compared, nothing is wrong, and nothing was lost that must not be lost. */
function expectKept(result: DrillResult, compared: readonly number[]): void {
  expect(result.scenes.map((scene) => [scene.differences, scene.compared])).toEqual(
    compared.map((count) => [[], count]),
  );
  const { kept, markdown } = report([result], new Date());
  expect(markdown).toContain("All objectives are met.");
  expect(kept).toBe(true);
}

test("objects are brought back to a second, and from the backup bucket when every version is destroyed", async () => {
  const result = await objectsDrill({ ...options("objects"), objects: 150 });
  expectKept(result, [150, 150]);
  const [second, destroyed] = result.scenes;
  expect(second?.rpoSeconds).toBe(0);
  // Objects written after the last copy are lost, and the report says so.
  expect(destroyed?.rpoSeconds).toBeGreaterThan(0);
});

test("a state that was overwritten or deleted is rolled back, and the plan is empty", async () => {
  const result = await stateDrill({ ...options("state"), resources: 3 });
  expectKept(result, [6, 6]);
  expect(result.scenes.map(({ rpoSeconds }) => rpoSeconds)).toEqual([0, 0]);
});

test("dead letters are redriven by their reason until ready, and an invalid video is not lost", async () => {
  const result = await deadLettersDrill({ ...options("letters"), videos: 2 });
  expectKept(result, [2, 2, 1]);
  expect(result.scenes.map(({ rpoSeconds }) => rpoSeconds)).toEqual([0, 0, 0]);
});
