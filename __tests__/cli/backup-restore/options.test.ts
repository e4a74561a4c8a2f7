import { spawnSync } from "node:child_process";
import { kinds } from "../../../cli/backup-restore/kinds";
import { parseOptions, usage } from "../../../cli/backup-restore/options";

const now = new Date("2026-11-25T12:00:00Z");
const refusal = (command: "backup" | "restore", ...args: string[]): string => {
  try {
    parseOptions(command, args, now);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error(`${args.join(" ")} was taken`);
};

test("a backup that names no kind is of all of them, a restore names one", () => {
  expect(parseOptions("backup", ["prod"], now).kinds).toEqual(Object.keys(kinds));
  const restore = parseOptions("restore", ["prod", "database", "--to", "2026-11-25T08:00:00+01:00"], now);
  expect(restore).toMatchObject({ environment: "prod", kinds: ["database"], dryRun: false, yes: false });
  expect(restore.to).toEqual(new Date("2026-11-25T07:00:00Z"));
  expect(parseOptions("restore", ["prod", "state", "--to", "latest"], now).to).toBe("latest");
});

test.each([
  [["backup"], "wants an environment, got none"],
  [["restore", "prod"], "say what to restore: one of database"],
  [["restore", "prod", "databse"], "must be one of database|"],
  [["backup", "prod", "database", "state"], "one of database|"],
  [["restore", "prod", "database", "--to", "2026-11-25 08:00"], "2026-11-24T08:00:00Z"],
  [["restore", "prod", "database", "--to", "2026-11-25T08:00:00"], "with its zone"],
  [["restore", "prod", "database", "--to", "2026-11-25T12:00:01Z"], "a time that is over"],
  [["restore", "prod", "state", "--snapshot", "one"], "--snapshot is for database"],
  [["backup", "prod", "--keep", "3"], "--keep is for database"],
  [["restore", "prod", "database", "--accept", "x"], "--accept must be the first 8"],
  [["backup", "prod", "--to", "latest"], "Unknown option '--to'"],
  [["restore", "prod", "database", "--dry-rum"], "Unknown option '--dry-rum'"],
] as [["backup" | "restore", ...string[]], string][])(
  "%j is refused, and says what is allowed",
  (args, words) => {
    expect(refusal(...args)).toContain(words);
  },
);

test("the help has every option of every kind", () => {
  for (const command of ["backup", "restore"] as const) {
    for (const [name, kind] of Object.entries(kinds)) {
      expect(usage(command)).toContain(`${name}: ${kind[command].help}`);
      for (const { shown } of Object.values(kind[command].options))
        expect(usage(command)).toContain(`${shown} `);
    }
  }
});

test("the entry refuses with 2 and helps with 0", () => {
  const run = (...args: string[]) =>
    spawnSync(process.execPath, ["--import", "tsx", "cli/backup-restore/restore.ts", ...args], {
      encoding: "utf8",
    });
  const refused = run("nowhere", "database", "--to", "latest");
  expect([refused.status, refused.stderr]).toEqual([
    2,
    expect.stringContaining('no environment is called "nowhere"'),
  ]);
  expect(run("--help")).toMatchObject({ status: 0, stdout: usage("restore") });
});
