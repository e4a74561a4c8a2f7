import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync, chownSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { logFile } from "@packages/cli-kit/paths";
import { untilReady } from "./health";
import { freePort, loopback } from "./ports";
import { type PostgresBinaries, postgresBinaries } from "./postgres-binaries";
import { lastLines, startProcess } from "@packages/cli-kit/process";
import { enterableFolder, privateFolder, type ServiceUser, serviceUser } from "./service-user";

export interface PostgresOptions {
  /** Data folder, created if missing; a temporary one if the server's user can't access it. */
  readonly folder: string;
  /**
   * Log file.
   * @default .local/logs/postgres.log
   */
  readonly log?: string;
  /** Additional settings for postgresql.conf. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface PostgresServer {
  readonly host: string;
  readonly port: number;
  /** Name of a superuser. */
  readonly user: string;
  /** Random password, created with the data folder. */
  readonly password: string;
  readonly database: string;
  /** Folder of the UNIX socket; only this user can enter it, and all roles log in there without password. */
  readonly socketFolder: string;
  readonly binaries: PostgresBinaries;
  /** Folder of the cluster's files. */
  readonly data: string;
  /** Kills it like a crash; unwritten data is lost. */
  kill(): Promise<void>;
  /** Fast shutdown: open transactions are rolled back, the data folder stays. */
  stop(): Promise<void>;
}

/** Default settings. fsync is off: only a crash of the machine can lose data. */
const settings = {
  listen_addresses: loopback,
  fsync: "off",
  full_page_writes: "off",
  shared_buffers: "32MB",
  max_connections: "100",
  timezone: "UTC",
  log_timezone: "UTC",
};

const environment = { PATH: process.env.PATH, LANG: "C", LC_ALL: "C", TZ: "UTC" };

interface Cluster {
  readonly binaries: PostgresBinaries;
  /** Folder for the cluster's files. */
  readonly data: string;
  /** The log file. */
  readonly log: string;
  readonly user: ServiceUser | undefined;
}

/** Creates a cluster with a random password. Throws with the end of the log if initdb fails. */
async function initialize({ binaries, data, log, user }: Cluster): Promise<void> {
  const password = randomBytes(18).toString("base64url");
  const file = `${data}.password`;
  writeFileSync(file, password, { mode: 0o600 });
  if (user) chownSync(file, user.uid, user.gid);
  const initdb = await startProcess({
    name: "initdb",
    command: join(binaries.folder, "initdb"),
    args: [
      ...[
        "--pgdata",
        data,
        "--username",
        "postgres",
        "--pwfile",
        file,
        "--encoding",
        "UTF8",
        "--locale",
        "C",
      ],
      ...["--auth-local", "trust", "--auth-host", "scram-sha-256", "--no-sync", "--no-instructions"],
    ],
    env: environment,
    cwd: "/",
    log,
    user,
  });
  const { code } = await initdb.ended;
  if (code !== 0) {
    rmSync(data, { recursive: true, force: true });
    throw new Error(`initdb ended with exit code ${code} (${log}):\n${lastLines(log)}`);
  }
}

/** Whether the server's lock file says that it is ready; a port can accept connections earlier. */
function saysReady(data: string, pid: number): boolean {
  const file = join(data, "postmaster.pid");
  const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n") : [];
  return lines[0] === String(pid) && lines[7]?.trim() === "ready";
}

/** Folder of the cluster's files, which are specific to a major version. */
export function dataFolder(folder: string): string {
  const user = serviceUser();
  return join(enterableFolder(folder, user), `data-${postgresBinaries(user).version}`);
}

/**
 * Starts a PostgreSQL server on a free loopback port; as root it runs as the user `postgres` or `nobody`. Throws if
 * none is installed, the folder can't be used, or it is not ready after 30 s.
 */
export async function startPostgres({
  folder,
  log = logFile("postgres"),
  settings: more = {},
}: PostgresOptions): Promise<PostgresServer> {
  const user = serviceUser();
  const binaries = postgresBinaries(user);
  const data = dataFolder(folder);
  if (!existsSync(join(data, "PG_VERSION"))) await initialize({ binaries, data, log, user });

  const socketFolder = mkdtempSync(join(tmpdir(), "embedded-aws-"));
  privateFolder(socketFolder, user);
  const port = await freePort();
  const server = await startProcess({
    name: "PostgreSQL",
    command: join(binaries.folder, "postgres"),
    args: [
      ...["-D", data, "-p", String(port), "-k", socketFolder],
      ...Object.entries({ ...settings, ...more }).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
    ],
    env: environment,
    cwd: "/",
    log,
    stopSignal: "SIGINT",
    user,
  });
  await untilReady(server, () => Promise.resolve(saysReady(data, server.pid)), { log });
  return {
    host: loopback,
    port,
    user: "postgres",
    password: readFileSync(`${data}.password`, "utf8"),
    database: "postgres",
    socketFolder,
    binaries,
    data,
    async kill() {
      process.kill(server.pid, "SIGKILL");
      await server.ended;
      rmSync(socketFolder, { recursive: true, force: true });
    },
    async stop() {
      await server.stop();
      rmSync(socketFolder, { recursive: true, force: true });
    },
  };
}
