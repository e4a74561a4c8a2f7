const { serialize } = require("node:v8");
const { onceARun } = require("./once-a-run");

/** Most synths of a run need the same two bundles; each costs as much as the rest of a small stack. */
jest.mock("esbuild", () => {
  const esbuild = jest.requireActual("esbuild");
  return {
    ...esbuild,
    buildSync: (options) =>
      onceARun(JSON.stringify(["esbuild", options]), () => {
        const { outputFiles = [], errors, warnings } = esbuild.buildSync(options);
        return {
          outputFiles: outputFiles.map(({ path, contents }) => ({ path, contents })),
          errors,
          warnings,
        };
      }),
  };
});

/** Packing a zip in Jest's sandbox is many times slower. */
jest.mock("fflate", () => {
  const fflate = jest.requireActual("fflate");
  return {
    ...fflate,
    zipSync: (files, options) => onceARun(serialize([files, options]), () => fflate.zipSync(files, options)),
  };
});
