const { appendFileSync } = require("node:fs");
const { relative } = require("node:path");

/**
 * A Jest reporter for `npm test`: appends a JSON line per test file to the file in TEST_RESULTS, with the numbers of
 * passed and failed tests and the titles of failed ones. Does nothing without TEST_RESULTS.
 */
module.exports = class {
  constructor({ rootDir }) {
    this.rootDir = rootDir;
  }

  onTestResult(_test, { testFilePath, numPassingTests, testResults, testExecError }) {
    if (!process.env.TEST_RESULTS) return;
    const failed = testResults.filter(({ status }) => status === "failed").map(({ fullName }) => fullName);
    const result = {
      file: relative(this.rootDir, testFilePath),
      passed: numPassingTests,
      // A file that can't be loaded has no tests.
      failed: testExecError && failed.length === 0 ? ["the file can't be run"] : failed,
    };
    appendFileSync(process.env.TEST_RESULTS, `${JSON.stringify(result)}\n`);
  }
};
