import { execFileSync } from "node:child_process";
import { heapFlags } from "../../../../packages/embedded-aws/lambda/heap-flags";

describe("the heap that Lambda gives a function", () => {
  it("is 5 % of its memory for each young semi-space, and 90 % for the old generation", () => {
    expect(heapFlags(512)).toEqual(["--max-semi-space-size=25", "--max-old-space-size=460"]);
    expect(heapFlags(128)).toEqual(["--max-semi-space-size=6", "--max-old-space-size=115"]);
  });

  it("is what Node.js takes", () => {
    const script = "console.log(v8.getHeapStatistics().heap_size_limit / 2 ** 20)";
    const limit = Number(
      execFileSync(process.execPath, [...heapFlags(512), "-e", script], { encoding: "utf8" }),
    );
    expect(limit).toBeGreaterThanOrEqual(460);
    expect(limit).toBeLessThan(560);
  });
});
