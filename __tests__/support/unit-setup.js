const { mkdtempSync, rmSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join } = require("node:path");
const { pack } = require("./packed");

/** Before the first test of a run: a folder in which tests share what is the same for all of them in this run. */
module.exports = () => {
  pack();
  const folder = mkdtempSync(join(tmpdir(), "streamflow-unit-"));
  process.env.SHARED_BY_TESTS = folder;
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
};
