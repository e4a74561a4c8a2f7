const { moduleNameMapper } = require("./__tests__/support/packed");

// The SDK warns about this machine's Node.js, which is not deployed. Jest's workers inherit the variable.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";

/**
 * One project per layer of `npm test`, fastest first. `npm run check` only runs `unit`. @type {import("jest").Config}
 */
const layer = (displayName, testMatch, more = {}) => ({
  displayName,
  rootDir: __dirname,
  testEnvironment: "node",
  transform: { "\\.tsx?$": "<rootDir>/__tests__/support/esbuild-transform.js" },
  testPathIgnorePatterns: ["/node_modules/", "/cdktf.out/", "/.local/"],
  modulePathIgnorePatterns: ["/cdktf.out/", "/.local/"],
  testMatch: testMatch.map((pattern) => `<rootDir>/__tests__/${pattern}`),
  ...more,
});

/** JUnit XML, if an environment variable names a file, as in `npm test`. */
const junit =
  process.env.JEST_JUNIT_OUTPUT_FILE === undefined
    ? []
    : [
        [
          "jest-junit",
          {
            suiteNameTemplate: "{filepath}",
            classNameTemplate: "{filepath}",
            addFileAttribute: "true",
            reportTestSuiteErrors: "true",
          },
        ],
      ];

module.exports = {
  // A generous timeout: tests wait for their subject, and a busy machine is many times slower than an idle one.
  testTimeout: 1_800_000,
  testSequencer: "<rootDir>/__tests__/support/shuffled-sequencer.js",
  reporters: ["default", "<rootDir>/cli/test/reporter.js", ...junit],
  projects: [
    layer("unit", ["**/*.test.ts"], {
      globalSetup: "<rootDir>/__tests__/support/unit-setup.ts",
      moduleNameMapper,
      setupFilesAfterEnv: ["<rootDir>/__tests__/support/no-hooks-left.js"],
      setupFiles: ["<rootDir>/__tests__/support/bundle-once.js"],
      testPathIgnorePatterns: ["/node_modules/", "/__tests__/(services|terraform|emulator|faults)/"],
    }),
    layer("services", ["services/**/*.test.ts"], {
      globalSetup: "<rootDir>/__tests__/support/services-setup.ts",
    }),
    layer("terraform", ["terraform/**/*.test.ts"], {
      globalSetup: "<rootDir>/__tests__/support/temporary-folder.ts",
    }),
    layer("emulator", ["emulator/**/*.test.ts"], {
      globalSetup: "<rootDir>/__tests__/support/emulator-setup.ts",
    }),
  ],
};
