import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const { staleReason } = jest.requireActual<{ staleReason: (project: string) => string | undefined }>(
  "../../cli/setup/main.js",
);

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
