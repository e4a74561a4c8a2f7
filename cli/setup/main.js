const { spawn, spawnSync } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");
const { failureCause } = require("../../packages/cli-kit/failure-cause");
const { lock } = require("../../packages/cli-kit/lock");

/**
 * Runs before `npm start` and `npm test`: installs the npm packages if they are missing or differ from
 * package-lock.json. Plain JavaScript, because TypeScript is one of these packages.
 */

function read(file) {
  try {
    return JSON.parse(fs.readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

/**
 * Why the packages must be installed; undefined if they match the lock file. npm writes node_modules/.package-lock.json
 * last, so an interrupted installation has none.
 */
function staleReason(project) {
  const wanted = read(path.join(project, "package-lock.json"))?.packages;
  if (!wanted) return "package-lock.json can't be read";
  const installed = read(path.join(project, "node_modules/.package-lock.json"))?.packages;
  if (!installed) return "they are missing";
  for (const [folder, entry] of Object.entries(wanted)) {
    if (folder === "") continue;
    const found = installed[folder];
    if (!found && !entry.optional) return `${folder} is missing`;
    if (found && (found.version !== entry.version || found.integrity !== entry.integrity)) {
      return `${folder} is not version ${entry.version}`;
    }
    if (found && !fs.existsSync(path.join(project, folder))) return `${folder} is missing`;
  }
  const extra = Object.keys(installed).find((folder) => !wanted[folder]);
  return extra && `${extra} is not in package-lock.json`;
}

/** Runs npm ci as leader of its own process group, so that a signal ends it with its install scripts. */
function install(project, log) {
  const npm = process.env.npm_execpath;
  const [command, first] = npm?.endsWith(".js") ? [process.execPath, [npm]] : ["npm", []];
  const args = [...first, "ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"];
  return new Promise((resolve, reject) => {
    const output = fs.openSync(log, "w");
    const child = spawn(command, args, { cwd: project, detached: true, stdio: ["ignore", output, output] });
    let received;
    const signalGroup = (signal) => {
      try {
        process.kill(-child.pid, signal);
      } catch {
        // the whole group has ended
      }
    };
    const end = (signal) => {
      received = signal;
      signalGroup("SIGTERM");
      setTimeout(signalGroup, 3000, "SIGKILL").unref();
    };
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, end);
    child.once("error", (error) => reject(new Error(`npm can't be started: ${error.message}`)));
    child.once("close", (code) => resolve({ code, received }));
  });
}

/** The oldest versions of Node.js and Python that can run this. */
const NODE = [20, 19];
const PYTHON = [3, 9];

/** GiB on the disk that an installation writes, and that a run of installed packages writes. */
const FREE_TO_INSTALL = 3;
const FREE_TO_RUN = 0.5;

const isOlder = (version, [major, minor]) => {
  const [a = 0, b = 0] = version.split(".").map(Number);
  return a < major || (a === major && b < minor);
};

/** What Python says about itself: its version, and whether it has moto, and venv with pip. */
const ASK_PYTHON = [
  "import sys; from importlib.util import find_spec as has",
  "print('%d.%d' % sys.version_info[:2], bool(has('moto')), bool(has('venv') and has('ensurepip')))",
].join("\n");

/** Why Python can't run the embedded AWS, in one line; undefined if it can. */
function pythonFault(project) {
  const needed = `Python ${PYTHON.join(".")} or later is needed`;
  const { error, stdout } = spawnSync("python3", ["-c", ASK_PYTHON], { encoding: "utf8" });
  if (error) return `${needed}: PATH has no python3 (${error.code ?? error.message})`;
  const [version = "", moto, venv] = stdout.trim().split(" ");
  if (isOlder(version, PYTHON)) return `${needed}: python3 on PATH is ${version || "no Python that runs"}`;
  const installed = moto === "True" || fs.existsSync(path.join(project, ".local/python/bin/python"));
  if (installed || venv === "True" || canInstallVenv()) return undefined;
  return `python3 on PATH, ${version}, lacks venv or pip: install python3-venv, or a Python from python.org`;
}

/** As root on Debian, npm start installs python3-venv itself. */
const canInstallVenv = () =>
  process.getuid?.() === 0 && spawnSync("apt-get", ["--version"], { stdio: "ignore" }).status === 0;

/** Why the disk is too full, in one line; undefined if it is not. `statfs` is for tests. */
function diskFault(project, { installs, statfs = fs.statfsSync }) {
  const { bavail, bsize } = statfs(project);
  const free = (bavail * bsize) / 2 ** 30;
  const needed = installs ? FREE_TO_INSTALL : FREE_TO_RUN;
  if (free >= needed) return undefined;
  return `the disk of ${project} has ${free.toFixed(1)} GiB left, and ${needed} GiB are needed: free some space`;
}

/** Installs what is missing. Throws one line if the machine lacks what nothing here can install. */
async function setUp(project) {
  if (isOlder(process.versions.node, NODE)) {
    throw new Error(`Node.js 22 or 24 is needed, or ${NODE.join(".")} or later; this is ${process.version}`);
  }
  const installs = staleReason(project) !== undefined;
  const fault = diskFault(project, { installs }) ?? pythonFault(project);
  if (fault !== undefined) throw new Error(fault);
  if (!staleReason(project)) return console.log("npm packages: up to date");
  const waits = (owner) => console.log(`npm packages: process ${owner} is installing them, waiting`);
  const held = await lock(path.join(project, ".local/setup.lock"), waits);
  try {
    const reason = staleReason(project);
    if (!reason) return;
    const log = path.join(project, ".local/logs/npm-ci.log");
    fs.mkdirSync(path.dirname(log), { recursive: true });
    console.log(`npm packages: installing, because ${reason} (about half a minute)`);
    const began = Date.now();
    const { code, received } = await install(project, log);
    if (received) process.exitCode = 128 + { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 }[received];
    else if (code !== 0) {
      const output = fs.readFileSync(log, "utf8");
      const cause = failureCause(output);
      throw new Error(
        cause ? `npm ci failed: ${cause} (${log})` : `npm ci failed (${log}):\n${output.slice(-1000)}`,
      );
    } else console.log(`npm packages: installed in ${Math.round((Date.now() - began) / 1000)} s`);
  } finally {
    held.release();
  }
}

module.exports = { diskFault, pythonFault, staleReason, setUp };

if (require.main === module) {
  setUp(path.resolve(__dirname, "../..")).then(
    () => process.exit(),
    (error) => {
      console.error(error.message);
      process.exit(1);
    },
  );
}
