const { createHash } = require("node:crypto");
const { readFileSync } = require("node:fs");
const { transformSync, version } = require("esbuild");

const self = readFileSync(__filename, "utf8");

/** Jest's TypeScript transform: types are stripped by esbuild and checked by `npm run types`. */
module.exports = {
  /** What a transformed file depends on besides its text: this file too, or jest would keep what an older one made. */
  getCacheKey: (source, file) =>
    createHash("sha256").update([self, version, process.version, file, source].join("\0")).digest("hex"),
  process: (source, file) =>
    transformSync(source, {
      loader: "ts",
      format: "cjs",
      target: "node20",
      // Jest's modules have no loader of their own for import().
      supported: { "dynamic-import": false },
      sourcemap: "inline",
      sourcefile: file,
    }),
};
