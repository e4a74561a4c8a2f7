import { spawn } from "node:child_process";
import { existsSync, mkdtempSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect as connectTls } from "node:tls";
import Redis from "ioredis";
import { Client } from "pg";
import { until } from "../../../packages/cli-kit/wait-until";
import { certificateAuthority, serverCertificate } from "../../../packages/embedded-aws/servers/certificates";
import { accepts } from "../../../packages/embedded-aws/servers/ports";
import { type PostgresServer, startPostgres } from "../../../packages/embedded-aws/servers/postgres";
import { startRedis } from "../../../packages/embedded-aws/servers/redis";
import { startTlsFront } from "../../../packages/embedded-aws/servers/tls-front";

const folder = mkdtempSync(join(tmpdir(), "servers-"));
const options = { folder: join(folder, "postgres"), log: join(folder, "postgres.log") };

async function query(server: PostgresServer, sql: string): Promise<unknown> {
  const { host, port, user, password, database } = server;
  const client = new Client({ host, port, user, password, database });
  // A lost connection is reported by the query.
  client.on("error", () => undefined);
  await client.connect();
  const { rows } = await client.query<Record<string, unknown>>(sql);
  await client.end();
  return rows;
}

describe("a PostgreSQL server", () => {
  it("keeps its data and password from one start to the next", async () => {
    const first = await startPostgres(options);
    await query(first, "CREATE TABLE kept (id int); INSERT INTO kept VALUES (7)");
    await first.stop();
    expect(await accepts(first.port)).toBe(false);
    expect(existsSync(first.socketFolder)).toBe(false);
    const second = await startPostgres(options);
    expect(second.password).toBe(first.password);
    expect(await query(second, "SELECT id FROM kept")).toEqual([{ id: 7 }]);
    await second.stop();
  });

  it("keeps what was committed when one of its processes is killed, and serves again", async () => {
    const server = await startPostgres(options);
    await query(server, "CREATE TABLE killed (id int)");
    const checkpointer = async () => {
      const sql = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'";
      const [found] = (await query(server, sql)) as { readonly pid: number }[];
      return found?.pid ?? 0;
    };
    try {
      const first = await checkpointer();
      await query(server, "INSERT INTO killed VALUES (9)");
      process.kill(first, "SIGKILL");
      await until("PostgreSQL has started all processes again", () =>
        checkpointer()
          .then((pid) => pid > 0 && pid !== first)
          .catch(() => false),
      );
      expect(await query(server, "SELECT id FROM killed")).toEqual([{ id: 9 }]);
    } finally {
      await server.stop();
    }
  });

  it("asks for a password on its port", async () => {
    const server = await startPostgres(options);
    await expect(query({ ...server, password: "guess" }, "SELECT 1")).rejects.toThrow(
      "password authentication failed",
    );
    await server.stop();
  });

  it("reports why it did not start, and the path of its log", async () => {
    const server = await startPostgres(options);
    // Its data folder is in use.
    await expect(startPostgres(options)).rejects.toThrow(
      /PostgreSQL ended with exit code 1 before it was ready \(.*postgres\.log\):[^]*lock file "postmaster\.pid"/,
    );
    await server.stop();
  });
});

describe("a server whose parent dies", () => {
  it.each(["SIGKILL", "SIGTERM"] as const)("ends after %s", async (signal) => {
    const program = `
      const { startPostgres } = require("./packages/embedded-aws/servers/postgres");
      const { startRedis } = require("./packages/embedded-aws/servers/redis");
      void Promise.all([startPostgres(${JSON.stringify(options)}), startRedis({ log: "/dev/null" })])
        .then((servers) => console.log(JSON.stringify(servers.map((server) => server?.port))));
      setInterval(() => undefined, 1000);`;
    const parent = spawn(process.execPath, ["--import", "tsx", "-e", program], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const ports = await new Promise<number[]>((resolve) =>
      parent.stdout.once("data", (line: Buffer) => resolve(JSON.parse(line.toString()) as number[])),
    );
    expect(await Promise.all(ports.map((port) => accepts(port)))).toEqual([true, true]);
    parent.kill(signal);
    await until(
      "its ports are closed",
      async () => !(await Promise.all(ports.map((port) => accepts(port)))).includes(true),
    );
  });
});

describe("a Redis server behind TLS", () => {
  it("accepts clients that trust its certificate authority by its host name, and no plain connections", async () => {
    const authority = await certificateAuthority(join(folder, "ca"));
    const host = "master.streamflow-dev.abcdef.use1.cache.amazonaws.com";
    const redis = await startRedis({ log: join(folder, "redis.log") });
    if (!redis) throw new Error("no Redis is installed");
    const certificate = await serverCertificate(authority, host);
    const front = await startTlsFront({ certificate, port: redis.port });

    const client = new Redis({
      host: "127.0.0.1",
      port: front.port,
      tls: { ca: authority.cert, servername: host },
    });
    await client.set("key", "value");
    expect(await client.get("key")).toBe("value");
    client.disconnect();

    const untrusting = connectTls({ host: "127.0.0.1", port: front.port, servername: host });
    await expect(new Promise((_, reject) => untrusting.once("error", reject))).rejects.toThrow(
      /unable to .* certificate/,
    );
    const plain = connect({ host: "127.0.0.1", port: front.port }, () => plain.write("PING\r\n"));
    const answer = await new Promise<string>((resolve) => {
      let text = "";
      plain.on("data", (bytes) => (text += bytes.toString("latin1")));
      plain.on("error", () => undefined);
      plain.on("close", () => resolve(text));
    });
    expect(answer).not.toContain("PONG");
    await front.stop();
    await redis.stop();
  });
});
