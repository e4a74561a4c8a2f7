import { spawn } from "node:child_process";
import { ProcessTree } from "../../harness/process-tree";
import { until } from "../../packages/cli-kit/wait-until";

const onLinux = process.platform === "linux" ? describe : describe.skip;

onLinux("a watched process tree", () => {
  it("has memory and CPU seconds of descendants that run and of those that have ended", async () => {
    // A child that computes and exits, then one that allocates memory until its standard input closes.
    const computes = "const end = process.cpuUsage().user + 4e5; while (process.cpuUsage().user < end);";
    const holds = "globalThis.held = Buffer.alloc(150 << 20, 1); process.stdin.resume();";
    const script = `const { spawn, spawnSync } = require("child_process");
      spawnSync(process.execPath, ["-e", ${JSON.stringify(computes)}]);
      spawn(process.execPath, ["-e", ${JSON.stringify(holds)}], { stdio: ["inherit", "ignore", "ignore"] });`;
    const child = spawn(process.execPath, ["-e", script], { stdio: ["pipe", "ignore", "ignore"] });
    const ended = new Promise((resolve) => child.once("close", resolve));
    const tree = ProcessTree.watch(child.pid ?? 0);
    try {
      await until("the memory is seen", () => tree.peak() > 150);
      expect(tree.peak()).toBeLessThan(600);
      expect(tree.cpu()).toBeGreaterThan(0.4);
      expect(tree.cpu()).toBeLessThan(60);
    } finally {
      tree.stop();
      child.stdin.end();
      await ended;
    }
    expect(tree.cpu()).toBe(0);
  });

  it("fails where there is no such process", () => {
    expect(() => ProcessTree.watch(2 ** 30)).toThrow("/proc has no process 1073741824");
  });
});
