const { appendFileSync } = require("node:fs");
const { relative } = require("node:path");

/**
 * A Jest reporter for `npm test`: appends one JSON line for each test file to the file that TEST_RESULTS names, with
 * how many tests passed and failed, and the titles of those that failed. Does nothing without TEST_RESULTS.
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
      // A file that can't be loaded has no tests of its own.
      failed: testExecError && failed.length === 0 ? ["the file can't be run"] : failed,
    };
    appendFileSync(process.env.TEST_RESULTS, `${JSON.stringify(result)}\n`);
  }
};
