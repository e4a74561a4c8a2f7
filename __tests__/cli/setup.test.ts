import { execFile } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import type * as Setup from "../../cli/setup/main";

const { diskFault, staleReason } = jest.requireActual<typeof Setup>("../../cli/setup/main.js");

type Packages = Record<string, { version: string; integrity?: string; optional?: boolean }>;

function project(wanted: Packages, installed: Packages | undefined, folders = Object.keys(installed ?? {})) {
  const folder = mkdtempSync(join(tmpdir(), "setup-"));
  const write = (file: string, packages: Packages) => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), JSON.stringify({ packages }));
  };
  write("package-lock.json", { "": { version: "1.0.0" }, ...wanted });
  if (installed) write("node_modules/.package-lock.json", installed);
  folders.forEach((name) => mkdirSync(join(folder, name), { recursive: true }));
  return folder;
}

const zod = { "node_modules/zod": { version: "4.6.7", integrity: "sha512-a" } };

describe("npm packages", () => {
  it("are current when the installed lock file is equal", () => {
    expect(staleReason(project(zod, zod))).toBeUndefined();
  });

  it("are current without the optional packages of other platforms", () => {
    const other = { "node_modules/@esbuild/win32-x64": { version: "0.28.2", optional: true } };
    expect(staleReason(project({ ...zod, ...other }, zod))).toBeUndefined();
  });

  it("are missing before the first installation, and after an interrupted one", () => {
    expect(staleReason(project(zod, undefined, ["node_modules/zod"]))).toBe("they are missing");
  });

  it("are stale when a version or a checksum differs", () => {
    const older = { "node_modules/zod": { version: "4.6.6", integrity: "sha512-a" } };
    const other = { "node_modules/zod": { version: "4.6.7", integrity: "sha512-b" } };
    expect(staleReason(project(zod, older))).toBe("node_modules/zod is not version 4.6.7");
    expect(staleReason(project(zod, other))).toBe("node_modules/zod is not version 4.6.7");
  });

  it("are stale when one is missing, was deleted, or is no longer wanted", () => {
    expect(staleReason(project(zod, {}))).toBe("node_modules/zod is missing");
    expect(staleReason(project(zod, zod, []))).toBe("node_modules/zod is missing");
    expect(staleReason(project({}, zod))).toBe("node_modules/zod is not in package-lock.json");
  });

  it("fails when there is no lock file", () => {
    expect(staleReason(mkdtempSync(join(tmpdir(), "setup-")))).toBe("package-lock.json can't be read");
  });
});

const MAIN = resolve(__dirname, "../../cli/setup/main.js");

interface SetUpRun {
  readonly code: number;
  readonly output: string;
}

/** Sets up a project in a process of its own, with these variables only. */
function setUpIn(folder: string, env: Readonly<Record<string, string>>): Promise<SetUpRun> {
  const code =
    "require(process.argv[1]).setUp(process.argv[2]).catch((e) => { console.error(e.message); process.exit(1); })";
  return new Promise((end) => {
    execFile(process.execPath, ["-e", code, MAIN, folder], { env }, (error, stdout, stderr) =>
      end({ code: error === null ? 0 : Number(error.code), output: stdout + stderr }),
    );
  });
}

/** A folder for PATH with these programs, as shell scripts. */
function programs(scripts: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "setup-path-"));
  for (const [name, script] of Object.entries(scripts)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  symlinkSync(process.execPath, join(folder, "node"));
  return folder;
}

const GOOD_PYTHON = "echo 3.11 True True";

describe("what nothing here can install is one line, before anything is installed", () => {
  it.each([
    ["no Python", {}, "Python 3.9 or later is needed: PATH has no python3 (ENOENT)"],
    [
      "an old Python",
      { python3: "echo 3.8 True True" },
      "Python 3.9 or later is needed: python3 on PATH is 3.8",
    ],
    [
      "a Python without venv and pip",
      { python3: "echo 3.11 False False" },
      "python3 on PATH, 3.11, lacks venv or pip: install python3-venv",
    ],
    ["a Python that does not run", { python3: "exit 1" }, "python3 on PATH is no Python that runs"],
  ])("with %s", async (_, scripts, line) => {
    const { code, output } = await setUpIn(project(zod, zod), { PATH: programs(scripts) });
    expect(code).toBe(1);
    expect(output.trim().split("\n")).toEqual([expect.stringContaining(line)]);
  });

  it("with a full disk", () => {
    const statfs = (gib: number) => () => ({ bsize: 4_096, bavail: (gib * 2 ** 30) / 4_096 });
    expect(diskFault("/here", { installs: true, statfs: statfs(2.9) })).toBe(
      "the disk of /here has 2.9 GiB left, and 3 GiB are needed: free some space",
    );
    expect(diskFault("/here", { installs: false, statfs: statfs(0.4) })).toContain("0.5 GiB are needed");
    expect(diskFault("/here", { installs: true, statfs: statfs(3) })).toBeUndefined();
    expect(diskFault("/here", { installs: false, statfs: statfs(0.5) })).toBeUndefined();
  });

  /** Variables with which npm asks an address that nothing listens on, once. */
  const unreachable = { npm_config_fetch_retries: "0", npm_config_cache: join(tmpdir(), "setup-npm-cache") };

  it.each([
    [
      "registry",
      { npm_config_registry: "http://127.0.0.1:9/" },
      /^npm ci failed: no connection to the network \(ECONNREFUSED\); behind a proxy, set HTTPS_PROXY \(/,
    ],
    [
      "proxy",
      { npm_config_registry: "http://registry.invalid/", HTTP_PROXY: "http://127.0.0.1:9" },
      /^npm ci failed: no connection through the proxy in HTTP_PROXY \(ECONNREFUSED\)/,
    ],
  ])("with a %s that does not answer", async (_, env, line) => {
    const folder = project({ "node_modules/zod": { version: "4.6.7" } }, undefined);
    writeFileSync(
      join(folder, "package.json"),
      JSON.stringify({ name: "planted", version: "1.0.0", dependencies: { zod: "4.6.7" } }),
    );
    const lock = { name: "planted", version: "1.0.0", lockfileVersion: 3, requires: true };
    const packages = {
      "": { name: "planted", version: "1.0.0", dependencies: { zod: "4.6.7" } },
      "node_modules/zod": { version: "4.6.7", resolved: `${env.npm_config_registry}zod/-/zod-4.6.7.tgz` },
    };
    writeFileSync(join(folder, "package-lock.json"), JSON.stringify({ ...lock, packages }));
    const path = `${programs({ python3: GOOD_PYTHON })}:${process.env.PATH ?? ""}`;
    const { code, output } = await setUpIn(folder, { ...unreachable, ...env, PATH: path, HOME: folder });
    const lines = output
      .trim()
      .split("\n")
      .filter((text) => !text.startsWith("npm packages: installing"));
    expect(lines).toEqual([expect.stringMatching(line)]);
    expect(code).toBe(1);
  });

  it("with a disk that is full while npm writes", async () => {
    const path = programs({ python3: GOOD_PYTHON, npm: "echo 'npm error code ENOSPC'; exit 228" });
    const { code, output } = await setUpIn(project(zod, undefined), { PATH: path });
    expect(code).toBe(1);
    expect(output).toMatch(/^npm ci failed: the disk is full \(ENOSPC\) \(.*npm-ci\.log\)$/m);
  });
});
