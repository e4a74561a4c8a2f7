import { spawnSync } from "node:child_process";
import fs, { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { lock, tryLock } from "../../../packages/cli-kit/lock";
import { turnsUntil } from "../../support/turns";

const newFile = () => join(mkdtempSync(join(tmpdir(), "lock-")), "start.lock");

/** A process id that is not in use: that of a process that has exited. */
const deadPid = () => spawnSync(process.execPath, ["-e", ""]).pid;

describe("a lock file", () => {
  it("holds the owner's process id until it is released", () => {
    const file = newFile();
    const taken = tryLock(file);
    expect(readFileSync(file, "utf8")).toBe(String(process.pid));
    expect(tryLock(file)).toEqual({ owner: process.pid });
    if ("release" in taken) taken.release();
    expect(existsSync(file)).toBe(false);
  });

  it("is taken over from a process that died", () => {
    const file = newFile();
    writeFileSync(file, String(deadPid()));
    expect(tryLock(file)).toHaveProperty("release");
    expect(readdirSync(dirname(file))).toEqual(["start.lock"]);
  });

  it("is not released by a process that no longer owns it", () => {
    const file = newFile();
    const taken = tryLock(file);
    writeFileSync(file, "1");
    if ("release" in taken) taken.release();
    expect(readFileSync(file, "utf8")).toBe("1");
  });

  it("makes others wait, and names the holder to them once", async () => {
    const file = newFile();
    const first = await lock(file);
    const waits = jest.fn();
    const tries = jest.spyOn(fs, "linkSync");
    let isTaken = false;
    const waiting = lock(file, waits).then((taken) => {
      isTaken = true;
      return taken;
    });
    // Waiting processes try a held lock repeatedly.
    await turnsUntil(() => tries.mock.calls.length >= 3);
    tries.mockRestore();
    expect(isTaken).toBe(false);
    first.release();
    const second = await waiting;
    expect(waits.mock.calls).toEqual([[process.pid]]);
    second.release();
  });
});
