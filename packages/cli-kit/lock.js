const fs = require("node:fs");
const path = require("node:path");

/** Plain JavaScript without packages: cli/setup/main.js needs it before there are any. */

function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

function ownerOf(file) {
  try {
    return Number(fs.readFileSync(file, "utf8")) || undefined;
  } catch {
    return undefined;
  }
}

/** Removes the lock of a dead process, unless another process has taken it meanwhile. */
function clear(file, dead) {
  const aside = `${file}.${process.pid}`;
  try {
    fs.renameSync(file, aside);
    if (ownerOf(aside) !== dead) fs.linkSync(aside, file);
    fs.rmSync(aside, { force: true });
  } catch {
    // another process was faster
  }
}

/**
 * Writes this process's id to the file, unless a running process has the lock.
 * @returns {{ release(): void } | { owner: number }}
 */
function tryLock(file) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  fs.writeFileSync(draft, String(process.pid));
  try {
    for (let turn = 0; turn < 20; turn++) {
      try {
        // a link appears with its content: nobody can read an empty lock
        fs.linkSync(draft, file);
        return { release: () => ownerOf(file) === process.pid && fs.rmSync(file, { force: true }) };
      } catch (error) {
        if (error.code !== "EEXIST") throw error;
      }
      const owner = ownerOf(file);
      if (owner !== undefined && alive(owner)) return { owner };
      if (owner !== undefined) clear(file, owner);
    }
    throw new Error(`can't take the lock ${file}: delete it if no npm start is running in this folder`);
  } finally {
    fs.rmSync(draft, { force: true });
  }
}

/**
 * Waits for the lock and takes it; calls `onWait` once with the holder's process id.
 * @returns {Promise<{ release(): void }>}
 */
async function lock(file, onWait = () => undefined) {
  for (let told = false; ; told = true) {
    const taken = tryLock(file);
    if ("release" in taken) return taken;
    if (!told) onWait(taken.owner);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

module.exports = { tryLock, lock };
