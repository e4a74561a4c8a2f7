const { spawn } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");
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

async function setUp(project) {
  if (Number(process.versions.node.split(".")[0]) < 20) {
    throw new Error(`Node.js 20 or later is required, this is ${process.version}`);
  }
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
    else if (code !== 0)
      throw new Error(`npm ci failed (${log}):\n${fs.readFileSync(log, "utf8").slice(-1000)}`);
    else console.log(`npm packages: installed in ${Math.round((Date.now() - began) / 1000)} s`);
  } finally {
    held.release();
  }
}

module.exports = { staleReason, setUp };

if (require.main === module) {
  setUp(path.resolve(__dirname, "../..")).then(
    () => process.exit(),
    (error) => {
      console.error(error.message);
      process.exit(1);
    },
  );
}
