import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import {
  CreateDBInstanceCommand,
  DeleteDBInstanceCommand,
  DescribeDBInstancesCommand,
  ModifyDBInstanceCommand,
  RDSClient,
} from "@aws-sdk/client-rds";
import { createServiceLinkedRoles } from "../../../cli/delivery/service-linked-roles";
import { Steps } from "../../../packages/cli-kit/progress";
import { clientConfig } from "../../../packages/embedded-aws/client";
import { DataPlane, type DataPlaneOptions } from "../../../packages/embedded-aws/data-plane/data-plane";
import { superuserPool } from "../../../packages/embedded-aws/database/logins";
import { RoleCredentials } from "../../../packages/embedded-aws/lambda/credentials";
import { certificateAuthority } from "../../../packages/embedded-aws/servers/certificates";
import { type Emulator, startEmulator } from "../../../packages/embedded-aws/servers/emulator";
import type { PostgresServer } from "../../../packages/embedded-aws/servers/postgres";
import { PostgresServers } from "../../../packages/embedded-aws/servers/postgres-servers";

const accountId = "111111111111";
let folder: string;
let emulator: Emulator;
let postgres: PostgresServers;
let options: DataPlaneOptions;
let data: DataPlane;
let rds: RDSClient;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "data-plane-"));
  const log = (name: string) => join(folder, `${name}.log`);
  emulator = await startEmulator({ accountId, log: log("emulator") });
  postgres = await PostgresServers.start({ folder: join(folder, "postgres"), log: log("postgres") });
  const aws = clientConfig(emulator.endpoint, "us-east-1");
  rds = new RDSClient(aws);
  const steps = new Steps(new PassThrough());
  await createServiceLinkedRoles(aws, steps);
  steps.end();
  options = {
    aws,
    accountId,
    authority: await certificateAuthority(join(folder, "ca")),
    credentials: new RoleCredentials(aws),
    postgres: (resourceId) => postgres.of(resourceId),
    redis: undefined,
    connectFault: () => Promise.resolve(undefined),
    log,
  };
  data = new DataPlane(options);
});

afterAll(async () => {
  await data.stop();
  await postgres.stop();
  await emulator.stop();
  rmSync(folder, { recursive: true });
});

const create = (DBInstanceIdentifier: string) =>
  rds.send(
    new CreateDBInstanceCommand({
      DBInstanceIdentifier,
      DBName: "streamflow",
      DBInstanceClass: "db.t4g.micro",
      Engine: "postgres",
      AllocatedStorage: 20,
      MasterUsername: "streamflow_admin",
      ManageMasterUserPassword: true,
    }),
  );

const remove = (DBInstanceIdentifier: string) =>
  rds.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier, SkipFinalSnapshot: true }));

async function serverOf(DBInstanceIdentifier: string): Promise<PostgresServer> {
  const { DBInstances = [] } = await rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier }));
  return postgres.of(DBInstances[0]?.DbiResourceId ?? "");
}

/** Tables in the database of an instance, after `sql`. */
async function tables(identifier: string, sql = ""): Promise<unknown[]> {
  const pool = superuserPool(await serverOf(identifier), "streamflow");
  try {
    await pool.query(sql);
    return (await pool.query("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
      .rows as unknown[];
  } finally {
    await pool.end();
  }
}

/** Local ports by the first part of their host. */
async function ports(): Promise<Record<string, number | undefined>> {
  const hosts = Object.entries(await data.hosts());
  return Object.fromEntries(hosts.map(([host, all]) => [host.split(".")[0] ?? "", all[5432]]));
}

test("databases are served as soon as they exist, each by a server of its own", async () => {
  expect(await data.hosts()).toEqual({});
  await create("one");
  const { one } = await ports();
  expect(one).toBeGreaterThan(0);
  expect(await tables("one", "CREATE TABLE kept ()")).toEqual([{ tablename: "kept" }]);

  await create("two");
  const both = await ports();
  expect(both.one).toBe(one);
  expect(both.two).not.toBe(one);
  expect(await tables("two")).toEqual([]);
  expect((await serverOf("one")).port).toBe(postgres.first.port);
  expect((await serverOf("two")).port).not.toBe(postgres.first.port);
});

test("a renamed database keeps its data", async () => {
  const rename = (DBInstanceIdentifier: string, NewDBInstanceIdentifier: string) =>
    rds.send(
      new ModifyDBInstanceCommand({ DBInstanceIdentifier, NewDBInstanceIdentifier, ApplyImmediately: true }),
    );
  await rename("one", "old");
  expect(Object.keys(await ports()).sort()).toEqual(["old", "two"]);
  expect(await tables("old")).toEqual([{ tablename: "kept" }]);
  await rename("old", "one");
});

test("a replaced database is empty, at the same local port", async () => {
  const before = await ports();
  await remove("two");
  expect(Object.keys(await ports())).toEqual(["one"]);
  await remove("one");
  await create("one");
  expect((await ports()).one).toBe(before.one);
  expect(await tables("one")).toEqual([]);
});

test("a database without a server can't be served, and is named", async () => {
  const without = new DataPlane({ ...options, postgres: undefined });
  await expect(without.hosts()).rejects.toThrow("the database one can't be served without PostgreSQL");
  await without.stop();
});
