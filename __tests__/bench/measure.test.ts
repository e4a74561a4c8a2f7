import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { machine } from "../../bench/machine";
import { save } from "../../bench/measure";
import { readMeasurements } from "../../cli/docs/performance/measurements";

const folder = mkdtempSync(join(tmpdir(), "streamflow-bench-"));
afterAll(() => rmSync(folder, { recursive: true }));

const result = (name: string, about: string) => ({ name, about, machine: machine(new Date(0)), rows: [] });

describe("the file of the measurements", () => {
  it("keeps the cases that are not measured now, in the order of their names", () => {
    const file = join(folder, "new/performance.json");
    save(file, result("synth", "old"));
    save(file, result("lambda", "other"));
    save(file, result("synth", "new"));
    expect(readMeasurements(file).cases.map(({ name, about }) => [name, about])).toEqual([
      ["lambda", "other"],
      ["synth", "new"],
    ]);
    expect(readFileSync(file, "utf8")).toMatch(/}\n$/);
  });

  it("has where, when and of which commit they were made", () => {
    expect(machine(new Date(0))).toMatchObject({
      date: "1970-01-01T00:00:00.000Z",
      node: process.version,
      commit: expect.stringMatching(/^[0-9a-f]{7,}\+?$/),
    });
  });
});
