import { mkdtempSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Signer } from "@aws-sdk/rds-signer";
import { Client, type ClientConfig } from "pg";
import { startDatabaseFront } from "../../../tools/local/database/front";
import { rdsLogins } from "../../../tools/local/database/logins";
import { prepareDatabase } from "../../../tools/local/database/prepare";
import { certificateAuthority, serverCertificate } from "../../../tools/local/servers/certificates";
import { type PostgresServer, startPostgres } from "../../../tools/local/servers/postgres";
import type { Front } from "../../../tools/local/servers/tls-front";

const folder = mkdtempSync(join(tmpdir(), "database-front-"));
const log = join(folder, "front.log");
const host = "streamflow-dev.abcdefghijkl.us-east-1.rds.amazonaws.com";
const region = "us-east-1";
const identity = { resourceId: "db-ONE", name: "streamflow", masterUser: "streamflow_admin" };
const key = { secretAccessKey: "a secret", sessionToken: "a session" };
const credentials = { accessKeyId: "ASIAMEDIA", ...key };
let masterPassword = "first";
let permissionFault: string | undefined;
let server: PostgresServer;
let front: Front;
let ca: string;
let logins: ReturnType<typeof rdsLogins>;

beforeAll(async () => {
  server = await startPostgres({ folder: join(folder, "postgres"), log: join(folder, "postgres.log") });
  await prepareDatabase(server, identity);
  const authority = await certificateAuthority(join(folder, "ca"));
  ca = authority.cert;
  logins = rdsLogins({
    server,
    endpoint: { host, port: 5432, region },
    master: { user: identity.masterUser, password: () => Promise.resolve(masterPassword) },
    keyOf: (id) => (id === credentials.accessKeyId ? key : undefined),
    permissionFault: () => Promise.resolve(permissionFault),
  });
  const certificate = await serverCertificate(authority, host);
  front = await startDatabaseFront({ certificate, server, log, authenticate: logins.authenticate });
  await query(
    { user: identity.masterUser, password: masterPassword },
    "CREATE ROLE media LOGIN; GRANT rds_iam TO media",
  );
}, 60_000);

afterAll(async () => {
  await front.stop();
  await logins.close();
  await server.stop();
});

function token(user = "media", more: Partial<ConstructorParameters<typeof Signer>[0]> = {}): Promise<string> {
  return new Signer({
    hostname: host,
    port: 5432,
    region,
    username: user,
    credentials,
    ...more,
  }).getAuthToken();
}

async function query(config: ClientConfig, sql = "SELECT current_user, version()"): Promise<unknown> {
  const client = new Client({
    host: "127.0.0.1",
    port: front.port,
    database: identity.name,
    ssl: { ca, servername: host },
    ...config,
  });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

const refusedMedia = 'PAM authentication failed for user "media"';

describe("the front of the database", () => {
  it("joins a user that holds rds_iam with a valid token to the server", async () => {
    const rows = await query({ user: "media", password: await token() });
    expect(rows).toEqual([
      { current_user: "media", version: expect.stringMatching(/^PostgreSQL 1\d/) as string },
    ]);
  });

  it("takes a password that is only made when the server asks for it", async () => {
    await expect(query({ user: "media", password: () => token() })).resolves.toHaveLength(1);
  });

  it("refuses a connection without TLS, and says that it has no encryption", async () => {
    const plain = query({ user: "media", password: await token(), ssl: false });
    await expect(plain).rejects.toThrow(/no pg_hba.conf entry for host .*, user "media".*, no encryption/);
  });

  it("shows a certificate that is not for another host", async () => {
    const other = query({
      user: "media",
      password: await token(),
      ssl: { ca, servername: "other.example.org" },
    });
    await expect(other).rejects.toThrow(/does not match certificate's altnames/);
  });

  it.each<[string, () => Promise<string>, RegExp]>([
    ["no token at all", () => Promise.resolve("secret"), /it is not an IAM token/],
    ["a token for another user", () => token("processor"), /it is for the user processor/],
    ["a token for another database", () => token("media", { hostname: "other" }), /it is for other:5432/],
    ["a token for another region", () => token("media", { region: "eu-west-1" }), /rds-db in eu-west-1/],
    [
      "a token of an unknown key",
      () => token("media", { credentials: { ...credentials, accessKeyId: "AKIAX" } }),
      /AKIAX is not known/,
    ],
    [
      "a token of another session",
      () => token("media", { credentials: { ...credentials, sessionToken: "old" } }),
      /session token/,
    ],
    [
      "a token signed with another secret",
      () => token("media", { credentials: { ...credentials, secretAccessKey: "x" } }),
      /signature is wrong/,
    ],
    [
      "a changed token",
      async () => (await token()).replace(/.$/, (c) => (c === "0" ? "1" : "0")),
      /signature is wrong/,
    ],
  ])("refuses %s", async (_, makePassword, reason) => {
    await expect(query({ user: "media", password: await makePassword() })).rejects.toThrow(refusedMedia);
    expect(readFileSync(log, "utf8").trim().split("\n").at(-1)).toMatch(reason);
  });

  it("refuses a token after 15 minutes", async () => {
    const made = await token();
    jest.useFakeTimers({
      doNotFake: [
        "nextTick",
        "setImmediate",
        "setTimeout",
        "clearTimeout",
        "setInterval",
        "clearInterval",
        "queueMicrotask",
      ],
      now: Date.now() + 899_000,
    });
    await expect(query({ user: "media", password: made })).resolves.toHaveLength(1);
    jest.setSystemTime(Date.now() + 2_000);
    await expect(query({ user: "media", password: made })).rejects.toThrow(refusedMedia);
    jest.useRealTimers();
    expect(readFileSync(log, "utf8")).toMatch(/it has expired\n$/);
  });

  it("refuses a valid token whose owner has no permission to connect", async () => {
    permissionFault = "its role may not rds-db:connect";
    await expect(query({ user: "media", password: await token() })).rejects.toThrow(refusedMedia);
    permissionFault = undefined;
  });

  it("takes the master's current password, and no token or older password", async () => {
    masterPassword = "second";
    const master = identity.masterUser;
    await expect(query({ user: master, password: "second" })).resolves.toHaveLength(1);
    const refused = `password authentication failed for user "${master}"`;
    await expect(query({ user: master, password: "first" })).rejects.toThrow(refused);
    await expect(query({ user: master, password: await token(master) })).rejects.toThrow(refused);
  });

  it("refuses users that do not exist, and the server's own superuser", async () => {
    for (const user of ["nobody", "postgres"]) {
      const refused = `password authentication failed for user "${user}"`;
      await expect(query({ user, password: server.password })).rejects.toThrow(refused);
    }
  });

  it("hands on a request to cancel a query", async () => {
    const client = new Client({
      host: "127.0.0.1",
      port: front.port,
      user: "media",
      password: await token(),
      database: identity.name,
      ssl: { ca, servername: host },
    });
    await client.connect();
    const slow = client.query("SELECT pg_sleep(30)");
    const { processID, secretKey } = client as unknown as { processID: number; secretKey: number };
    const message = Buffer.alloc(16);
    [16, 80877102, processID, secretKey].forEach((word, i) => message.writeInt32BE(word, i * 4));
    setTimeout(() => connect({ port: front.port, host: "127.0.0.1" }).end(message), 200);
    await expect(slow).rejects.toThrow("canceling statement due to user request");
    await client.end();
  });
});

describe("the prepared server", () => {
  it("makes a master that is no superuser and owns the database", async () => {
    const rows = await query(
      { user: identity.masterUser, password: masterPassword },
      `SELECT rolsuper, pg_get_userbyid(datdba) AS owner, pg_has_role(rolname, 'rds_superuser', 'USAGE') AS member
       FROM pg_roles, pg_database WHERE rolname = current_user AND datname = current_database()`,
    );
    expect(rows).toEqual([{ rolsuper: false, owner: identity.masterUser, member: true }]);
  });

  it("keeps the data of the same database, and empties it for another", async () => {
    const master = { user: identity.masterUser, password: masterPassword };
    await query(master, "CREATE TABLE kept (id int)");
    await prepareDatabase(server, identity);
    await expect(query(master, "SELECT FROM kept")).resolves.toEqual([]);
    await prepareDatabase(server, { ...identity, resourceId: "db-TWO" });
    await expect(query(master, "SELECT FROM kept")).rejects.toThrow('relation "kept" does not exist');
  });
});
