import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { RunFolder } from "../../../cli/start/run-folder";
import { localFolder, logFolder } from "../../../packages/cli-kit/paths";

const name = `run-folder-test-${process.pid}`;

afterEach(() => {
  for (const folder of [join(localFolder, name), join(logFolder, name)]) {
    rmSync(folder, { recursive: true, force: true });
  }
});

function leaveFile(): string {
  const run = RunFolder.open({ name, once: false, fresh: false });
  const file = run.path("left-by-an-earlier-run");
  writeFileSync(file, "");
  run.release();
  return file;
}

test("resumes from what an earlier run left", () => {
  const file = leaveFile();
  const run = RunFolder.open({ name, once: false, fresh: false });
  expect(run.resumed).toBe(true);
  expect(existsSync(file)).toBe(true);
  run.release();
});

test.each([
  ["--once", { once: true, fresh: false }],
  ["--fresh", { once: false, fresh: true }],
])("with %s, nothing of an earlier run is left", (_, options) => {
  const file = leaveFile();
  const run = RunFolder.open({ name, ...options });
  expect(run.resumed).toBe(false);
  expect(existsSync(file)).toBe(false);
  run.release();
});

test("one run of a name at a time has the folder", () => {
  const run = RunFolder.open({ name, once: true, fresh: false });
  expect(() => RunFolder.open({ name, once: true, fresh: false })).toThrow(
    `process ${process.pid} is a run with the name ${name}: stop it first`,
  );
  run.release();
});
