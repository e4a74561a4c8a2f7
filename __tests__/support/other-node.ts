/** Makes the code under test believe that another major version of Node.js runs it. Each test file has a `process` of its own. */
export function pretendNode(major: number): void {
  Object.defineProperty(process, "versions", { value: { ...process.versions, node: `${major}.0.0` } });
}
