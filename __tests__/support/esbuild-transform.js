const { transformSync } = require("esbuild");

/** Jest's TypeScript transform: types are stripped by esbuild and checked by `npm run types`. */
module.exports = {
  process: (source, file) =>
    transformSync(source, {
      loader: "ts",
      format: "cjs",
      target: "node20",
      sourcemap: "inline",
      sourcefile: file,
    }),
};
