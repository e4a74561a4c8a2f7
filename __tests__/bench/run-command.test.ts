import { runCommand } from "../../bench/run-command";

const here = { cwd: __dirname };

// These tests start processes, which takes seconds on a busy machine.

describe("a measured command", () => {
  it("has wall and CPU seconds, and memory, of itself and its children", async () => {
    const busy = "const end = Date.now() + 200; while (Date.now() < end); Buffer.alloc(100 << 20, 1)";
    const nested = `require("child_process").spawnSync(process.execPath, ["-e", ${JSON.stringify(busy)}])`;
    const { wall, cpu, rss } = await runCommand(process.execPath, ["-e", nested], here);
    expect(wall).toBeGreaterThan(0.2);
    expect(cpu).toBeGreaterThan(0.02);
    expect(rss).toBeGreaterThan(100);
  });

  it("has the environment that it is given", async () => {
    const exits = "process.exit(Number(process.env.CODE))";
    await expect(
      runCommand(process.execPath, ["-e", exits], { ...here, env: { CODE: "3" }, accept: [3] }),
    ).resolves.toHaveProperty("wall");
  });

  it("fails with what it said last", async () => {
    const fails = 'console.error("out of luck"); process.exit(4)';
    await expect(runCommand(process.execPath, ["-e", fails], here)).rejects.toThrow(
      /ended with exit code 4 in [^]*out of luck/,
    );
  });
});
