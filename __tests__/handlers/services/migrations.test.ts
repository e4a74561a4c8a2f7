import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { TABLE_GRANTS } from "../../../handlers/services/grants";
import { type Migration, readMigrations } from "../../../handlers/services/migrations";
import { expectNoFaults } from "../../support/faults";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "migrations-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(...names: string[]): void {
  for (const name of names) writeFileSync(join(folder, name), `-- ${name}`);
}

it("reads files by number, with the SHA-256 of each", () => {
  write("0002-more.sql", "0001-media.sql");
  expect(readMigrations(folder)).toEqual([
    {
      version: 1,
      name: "media",
      sql: "-- 0001-media.sql",
      checksum: "38ba8a4ffaeb3858b80ca7f9a63ec3c96a86f9e69b68b26343b2883bcd2bfe28",
    },
    expect.objectContaining({ version: 2, name: "more" }),
  ]);
});

it("fails for a gap, and names what was expected", () => {
  write("0001-media.sql", "0003-more.sql");
  expect(() => readMigrations(folder)).toThrow(
    "migrations must have no gap: expected number 0002, got 0003-more (keep the file of a reverted release's migration)",
  );
});

it("fails for a beginning that is missing", () => {
  write("0002-more.sql");
  expect(() => readMigrations(folder)).toThrow("expected number 0001, got 0002-more");
});

it("fails for a number taken twice, and names both", () => {
  write("0001-media.sql", "0002-one.sql", "0002-two.sql");
  expect(() => readMigrations(folder)).toThrow("migrations 0002-one and 0002-two have the same number");
});

it.each(["1-media.sql", "0001_media.sql", "0001-Media.sql", "0001-media.sql.bak", "README.md"])(
  "fails for the file %s",
  (name) => {
    write(name);
    expect(() => readMigrations(folder)).toThrow(`a migration must be called 0001-name.sql, got "${name}"`);
  },
);

it("reads after which migration a contracting one may run", () => {
  write("0001-media.sql");
  writeFileSync(join(folder, "0002-less.sql"), "-- contracting after 0001-media: nothing reads it\nSELECT 1");
  expect(readMigrations(folder).map(({ contractsAfter }) => contractsAfter)).toEqual([
    undefined,
    "0001-media",
  ]);
});

it.each([
  "-- contracting: nothing reads it",
  "-- contracting after 0001-media",
  "-- contracting after 0001-media: ",
  "-- contracting after 0001-other: nothing reads it",
  "-- contracting after 0002-less: nothing reads it",
])("fails for a contracting migration that names no earlier one: %s", (line) => {
  write("0001-media.sql");
  writeFileSync(join(folder, "0002-less.sql"), `${line}\nSELECT 1`);
  expect(() => readMigrations(folder)).toThrow(
    `the first line of the contracting migration 0002-less must be "-- contracting after NNNN-name: why", with an earlier migration, got "${line}"`,
  );
});

const own = readMigrations(resolve(__dirname, "../../../handlers/migrations"));

it("reads the project's own migrations", () => {
  expect(own[0]).toMatchObject({ version: 1, name: "media" });
});

/** Tables that no user of the application may read, and grants on tables that do not exist after the migrations. */
function grantFaults(migrations: readonly Pick<Migration, "sql">[], granted: readonly string[]): string[] {
  const tables = new Set<string>();
  for (const { sql } of migrations) {
    const statements = sql.replace(/--.*$/gm, "");
    for (const [, drops, table = ""] of statements.matchAll(
      /\b(?:CREATE|(DROP)) TABLE (?:IF (?:NOT )?EXISTS )?(\w+)/gi,
    )) {
      if (drops === undefined) tables.add(table);
      else tables.delete(table);
    }
  }
  const file = "handlers/services/grants.ts";
  return [
    ...[...tables]
      .filter((table) => !granted.includes(table))
      .map((table) => `add the table ${table} to TABLE_GRANTS in ${file}: no function may read it`),
    ...granted
      .filter((table) => !tables.has(table))
      .map((table) => `remove the table ${table} from TABLE_GRANTS in ${file}: no migration creates it`),
  ];
}

it("leaves no table that the application's users may not use", () => {
  const granted = Object.keys(TABLE_GRANTS);
  expectNoFaults(grantFaults(own, granted));
  const more = [...own, { sql: "CREATE TABLE IF NOT EXISTS planted ();\n-- CREATE TABLE never" }];
  expect(grantFaults(more, granted)).toEqual([
    "add the table planted to TABLE_GRANTS in handlers/services/grants.ts: no function may read it",
  ]);
  expect(grantFaults([...own, { sql: "DROP TABLE media;" }], granted)).toEqual([
    "remove the table media from TABLE_GRANTS in handlers/services/grants.ts: no migration creates it",
  ]);
});

/** Changes that code of the release before, which still runs after a migration, may not survive. */
const CONTRACTIONS: readonly (readonly [RegExp, string])[] = [
  [/\bDROP\s+(?:TABLE|COLUMN|VIEW|FUNCTION|SCHEMA|TYPE)\b/i, "drops something"],
  [/\bRENAME\b/i, "renames something"],
  [/\bALTER\s+(?:COLUMN\s+)?\w+\s+(?:SET\s+DATA\s+)?TYPE\b/i, "changes a type"],
  [/\bSET\s+NOT\s+NULL\b/i, "requires a value in a column that old code leaves empty"],
  [
    /\bADD\s+COLUMN\s+(?:(?!\bDEFAULT\b)[^,;])*\bNOT\s+NULL\b(?!(?:(?!,|;)[\s\S])*\bDEFAULT\b)/i,
    "adds a column that requires a value without a default",
  ],
  [/\b(?:TRUNCATE|DELETE\s+FROM)\b/i, "deletes rows"],
  [/\bDROP\s+DEFAULT\b/i, "takes a default away"],
];

/** What a migration takes away, unless it names its predecessor; bodies of functions and comments are ignored. */
function contractionsOf({ sql, contractsAfter }: Pick<Migration, "sql" | "contractsAfter">): string[] {
  if (contractsAfter !== undefined) return [];
  const statements = sql.replace(/\$\$[\s\S]*?\$\$/g, "").replace(/--.*$/gm, "");
  return CONTRACTIONS.flatMap(([pattern, what]) => (pattern.test(statements) ? [what] : []));
}

describe("a migration is additive, so that the code of the release before runs on", () => {
  it.each(own)("$name", (migration) => {
    expectNoFaults(
      contractionsOf(migration).map(
        (what) =>
          `${migration.name} ${what}: do it after the release that stops using it, with a first line -- contracting after NNNN-name: why`,
      ),
    );
  });

  it.each([
    ["ALTER TABLE media DROP COLUMN title", "drops something"],
    ["DROP TABLE media", "drops something"],
    ["ALTER TABLE media RENAME COLUMN title TO name", "renames something"],
    ["ALTER TABLE media ALTER COLUMN title TYPE varchar(10)", "changes a type"],
    ["ALTER TABLE media ALTER title SET DATA TYPE text", "changes a type"],
    [
      "ALTER TABLE media ALTER COLUMN owner SET NOT NULL",
      "requires a value in a column that old code leaves empty",
    ],
    ["ALTER TABLE media ADD COLUMN a text NOT NULL", "adds a column that requires a value without a default"],
    ["DELETE FROM media", "deletes rows"],
    ["ALTER TABLE media ALTER COLUMN status DROP DEFAULT", "takes a default away"],
  ])("unlike %s", (sql, what) => {
    expect(contractionsOf({ sql })).toEqual([what]);
    expect(contractionsOf({ sql, contractsAfter: "0007-retry" })).toEqual([]);
  });

  it.each([
    "ALTER TABLE media ADD COLUMN a text NOT NULL DEFAULT ''",
    "ALTER TABLE media ADD COLUMN a text, ADD COLUMN b int DEFAULT 1",
    "-- DROP TABLE media\nCREATE INDEX a ON media (id)",
    "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN DELETE FROM media; END $$",
    // It only allows more.
    "ALTER TABLE media DROP CONSTRAINT a",
  ])("like %s", (sql) => expect(contractionsOf({ sql })).toEqual([]));
});
