import "../../support/with-test-environments";
import { backup, restore } from "../../../cli/backup-restore/command";
import { environmentNames } from "../../../cli/lib/environment";

test("a backup without a kind covers all kinds, a restore needs one", () => {
  expect(backup.parse(["prod"])).toMatchObject({ environment: "prod", kind: undefined });
  const input = restore.parse(["prod", "database", "--to", "2026-11-25T08:00:00+01:00"]);
  expect(input).toMatchObject({ environment: "prod", kind: "database", dryRun: false, yes: false });
  expect(input.to).toEqual(new Date("2026-11-25T07:00:00Z"));
  expect(restore.parse(["prod", "state", "--to", "latest"]).to).toBe("latest");
});

test.each<["backup" | "restore", string[], string]>([
  ["backup", [], "missing ENVIRONMENT: must be one of dev"],
  ["restore", ["prod"], "missing KIND: must be one of database, objects, state"],
  [
    "restore",
    ["prod", "databse"],
    'KIND must be one of database, objects, state, got "databse" (did you mean database?)',
  ],
  [
    "restore",
    ["prdo", "state"],
    `ENVIRONMENT must be one of ${environmentNames.join(", ")}, got "prdo" (did you mean prod?)`,
  ],
  ["backup", ["prod", "database", "state"], 'unexpected argument "state"'],
  ["restore", ["prod", "database"], "KIND database needs either --to TIME or --snapshot NAME"],
  ["restore", ["prod", "database", "--to", "latest", "--snapshot", "x"], "either --to TIME or --snapshot"],
  ["restore", ["prod", "state"], "KIND state needs either --to TIME or --version ID"],
  ["restore", ["prod", "objects", "--to", "latest"], "needs --bucket, one of uploads, streams, static"],
  ["restore", ["prod", "objects", "--bucket", "uploads"], "KIND objects needs --to TIME"],
  [
    "restore",
    ["prod", "objects", "--bucket", "logs"],
    '--bucket must be one of uploads, streams, static, got "logs"',
  ],
  ["restore", ["prod", "database", "--to", "2026-11-25 08:00"], "2026-11-24T08:00:00Z"],
  ["restore", ["prod", "database", "--to", "2026-11-25T08:00:00"], "with its zone"],
  ["restore", ["prod", "database", "--to", "2100-11-25T12:00:01Z"], "must be in the past"],
  [
    "restore",
    ["prod", "database", "--to", "latest", "--unverified", ""],
    "--unverified must be a non-empty text",
  ],
  ["restore", ["prod", "state", "--snapshot", "one"], "--snapshot only works with KIND database, got state"],
  ["backup", ["prod", "--keep", "3"], "--keep only works with KIND database, got none"],
  ["backup", ["prod", "database", "--keep", "0"], '--keep must be from 1 to 1000, got "0"'],
  ["backup", ["prod", "database", "--keep", "3.5"], '--keep must be from 1 to 1000, got "3.5"'],
  ["backup", ["prod", "objects", "--prefix", "uploads/"], "--prefix needs --bucket"],
  ["restore", ["prod", "database", "--accept", "x"], "--accept must be the first 8"],
  ["backup", ["prod", "--to", "latest"], "unknown option --to"],
  ["restore", ["prod", "database", "--dry-rum"], "unknown option --dry-rum (did you mean --dry-run?)"],
])("npm run %s rejects %j, and names what is allowed", (name, args, message) => {
  expect(() => (name === "backup" ? backup : restore).parse(args)).toThrow(message);
});
