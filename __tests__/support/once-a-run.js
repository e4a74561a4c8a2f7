const { existsSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const { createHash } = require("node:crypto");
const { join } = require("node:path");
const { deserialize, serialize } = require("node:v8");

/**
 * The result of `make`, computed by the first test file of this run; computed again if there is no run to share it. For
 * results that only depend on the key and the sources, which don't change while tests run.
 */
module.exports.onceARun = (key, make) => {
  const folder = process.env.SHARED_BY_TESTS;
  if (folder === undefined) return make();
  const file = join(folder, createHash("sha256").update(key).digest("hex"));
  if (existsSync(file)) return deserialize(readFileSync(file));
  const made = make();
  const partial = `${file}.${process.pid}`;
  writeFileSync(partial, serialize(made));
  renameSync(partial, file);
  return made;
};
