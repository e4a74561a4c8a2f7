import { prepareDatabase } from "../../../packages/embedded-aws/database/prepare";
import { identity, TestDatabase } from "./rds-database";

let database: TestDatabase;

beforeAll(async () => {
  database = await TestDatabase.start();
});

afterAll(() => database.stop());

describe("the prepared server", () => {
  it("creates a master that owns the database and is no superuser", async () => {
    const rows = await database.query(
      database.master,
      `SELECT rolsuper, pg_get_userbyid(datdba) AS owner, pg_has_role(rolname, 'rds_superuser', 'USAGE') AS member
       FROM pg_roles, pg_database WHERE rolname = current_user AND datname = current_database()`,
    );
    expect(rows).toEqual([{ rolsuper: false, owner: identity.masterUser, member: true }]);
  });

  it("keeps the data of the same database, and empties it for another", async () => {
    const { master } = database;
    await database.query(master, "CREATE TABLE kept (id int)");
    await prepareDatabase(database.server, identity);
    await expect(database.query(master, "SELECT FROM kept")).resolves.toEqual([]);
    await prepareDatabase(database.server, { ...identity, resourceId: "db-TWO" });
    await expect(database.query(master, "SELECT FROM kept")).rejects.toThrow(
      'relation "kept" does not exist',
    );
  });
});
