import { execFileSync } from "node:child_process";
import { majorOfRuntime, nodeOfMajor } from "../../../packages/embedded-aws/programs/node";
import { NODE_MAJOR } from "../../../stacks/constructs/compute/function-code";

test("a program runs with the Node.js that it is deployed to, whatever runs the test", async () => {
  const node = await nodeOfMajor(NODE_MAJOR);
  expect(execFileSync(node, ["--version"], { encoding: "utf8" })).toMatch(`v${NODE_MAJOR}.`);
});

test("a version that can't be installed is refused in one sentence", async () => {
  await expect(nodeOfMajor(4)).rejects.toThrow(
    /^Node.js 4 can't be installed on .*: run this with Node.js 4$/,
  );
});

test("the runtime of a function names the version", () => {
  expect(majorOfRuntime("nodejs22.x")).toBe(22);
  expect(() => majorOfRuntime("python3.13")).toThrow("a function of python3.13 can't run here");
});
