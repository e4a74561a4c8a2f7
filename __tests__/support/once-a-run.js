const { existsSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const { createHash } = require("node:crypto");
const { join } = require("node:path");
const { deserialize, serialize } = require("node:v8");

/**
 * What `make` makes, from whichever test file of this run made it first; made anew where there is no run to share it.
 * For what depends on nothing but the key and the sources, which do not change while tests run.
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
