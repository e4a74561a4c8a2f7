const { createHash } = require("node:crypto");
const { readFileSync } = require("node:fs");
const { transformSync, version } = require("esbuild");

const self = readFileSync(__filename, "utf8");

/** Jest's TypeScript transform: esbuild strips types, and `npm run types` checks them. */
module.exports = {
  /** Cache key of a transformed file, which includes this file. */
  getCacheKey: (source, file) =>
    createHash("sha256").update([self, version, process.version, file, source].join("\0")).digest("hex"),
  process: (source, file) =>
    transformSync(source, {
      loader: file.endsWith("x") ? "tsx" : "ts",
      // Only the console has JSX.
      jsx: "automatic",
      jsxImportSource: "preact",
      format: "cjs",
      target: "node20",
      // Jest's modules don't support import().
      supported: { "dynamic-import": false },
      sourcemap: "inline",
      sourcefile: file,
    }),
};
