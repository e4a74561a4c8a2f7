import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

test("a run of Jest has a separate temporary folder", () => {
  expect(tmpdir()).toContain("streamflow-test-");
});

test("the folder is removed with its content", () => {
  const run = `
    require(${JSON.stringify(join(__dirname, "support/temporary-folder.ts"))}).default();
    const { join } = require("node:path");
    const left = require("node:fs").mkdtempSync(join(require("node:os").tmpdir(), "left-"));
    require("node:fs").writeFileSync(join(left, "file"), "left by a test");
    console.log(require("node:os").tmpdir());
  `;
  const own = execFileSync(process.execPath, ["--import", "tsx", "-e", run], { encoding: "utf8" }).trim();
  expect(own.startsWith(join(tmpdir(), "streamflow-test-"))).toBe(true);
  expect(existsSync(own)).toBe(false);
});
