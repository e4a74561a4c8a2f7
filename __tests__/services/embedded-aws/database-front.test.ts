import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { until } from "../../../packages/cli-kit/wait-until";
import { credentials, identity, TestDatabase, token } from "./rds-database";

let database: TestDatabase;

beforeAll(async () => {
  database = await TestDatabase.start();
});

afterAll(() => database.stop());

const refusedMedia = 'PAM authentication failed for user "media"';

describe("the front of the database", () => {
  it("connects a user with rds_iam and a valid token to the server", async () => {
    const rows = await database.query({ user: "media", password: await token() });
    expect(rows).toEqual([
      { current_user: "media", version: expect.stringMatching(/^PostgreSQL 1\d/) as string },
    ]);
  });

  it("accepts a password that is created when the server requests it", async () => {
    await expect(database.query({ user: "media", password: () => token() })).resolves.toHaveLength(1);
  });

  it("rejects a connection without TLS, and reports no encryption", async () => {
    const plain = database.query({ user: "media", password: await token(), ssl: false });
    await expect(plain).rejects.toThrow(/no pg_hba.conf entry for host .*, user "media".*, no encryption/);
  });

  it("shows a certificate that is not for another host", async () => {
    const other = database.query({
      user: "media",
      password: await token(),
      ssl: { ca: database.ca, servername: "other.example.org" },
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
    await expect(database.query({ user: "media", password: await makePassword() })).rejects.toThrow(
      refusedMedia,
    );
    expect(readFileSync(database.log, "utf8").trim().split("\n").at(-1)).toMatch(reason);
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
    await expect(database.query({ user: "media", password: made })).resolves.toHaveLength(1);
    jest.setSystemTime(Date.now() + 2_000);
    await expect(database.query({ user: "media", password: made })).rejects.toThrow(refusedMedia);
    jest.useRealTimers();
    expect(readFileSync(database.log, "utf8")).toMatch(/it has expired\n$/);
  });

  it("refuses a valid token whose owner has no permission to connect", async () => {
    database.permissionFault = "its role may not rds-db:connect";
    await expect(database.query({ user: "media", password: await token() })).rejects.toThrow(refusedMedia);
    database.permissionFault = undefined;
  });

  it("accepts the master's current password, and no token or older password", async () => {
    database.masterPassword = "second";
    const master = identity.masterUser;
    await expect(database.query({ user: master, password: "second" })).resolves.toHaveLength(1);
    const refused = `password authentication failed for user "${master}"`;
    await expect(database.query({ user: master, password: "first" })).rejects.toThrow(refused);
    await expect(database.query({ user: master, password: await token(master) })).rejects.toThrow(refused);
  });

  it("refuses users that do not exist, and the server's own superuser", async () => {
    for (const user of ["nobody", "postgres"]) {
      const refused = `password authentication failed for user "${user}"`;
      await expect(database.query({ user, password: database.server.password })).rejects.toThrow(refused);
    }
  });

  it("hands on a request to cancel a query", async () => {
    const client = database.client({ user: "media", password: await token() });
    await client.connect();
    const slow = client.query("SELECT pg_sleep(86400)");
    const { processID, secretKey } = client as unknown as { processID: number; secretKey: number };
    const message = Buffer.alloc(16);
    [16, 80877102, processID, secretKey].forEach((word, i) => message.writeInt32BE(word, i * 4));
    // A cancel request that arrives before the query starts cancels nothing.
    const running =
      "SELECT pid FROM pg_stat_activity WHERE state = 'active' AND query = 'SELECT pg_sleep(86400)'";
    await until("the query runs", async () => {
      const rows = await database.query({ user: "media", password: await token() }, running);
      return (rows as unknown[]).length === 1;
    });
    connect({ port: database.front.port, host: "127.0.0.1" }).end(message);
    await expect(slow).rejects.toThrow("canceling statement due to user request");
    await client.end();
  });
});
