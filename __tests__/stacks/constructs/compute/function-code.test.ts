import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, rmSync, symlinkSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { unzipSync } from "fflate";
import { zipOf } from "../../../../stacks/constructs/compute/function-code";

const ROOT = resolve(__dirname, "../../../..");
const migrate = { handler: "migrate", include: ["migrations"] };

/** SHA-256 of the migrate zip, made by another process in another checkout. */
function zipElsewhere(prepare: (folder: string) => void, umask: string, timeZone: string): string {
  const folder = mkdtempSync(join(tmpdir(), "checkout-"));
  try {
    for (const part of ["handlers", "stacks", "tsconfig.json", "package.json"]) {
      cpSync(join(ROOT, part), join(folder, part), { recursive: true });
    }
    symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
    prepare(folder);
    const script = `
      const { zipOf } = require("./stacks/constructs/compute/function-code.ts");
      const { createHash } = require("node:crypto");
      console.log(createHash("sha256").update(zipOf(${JSON.stringify(migrate)})).digest("hex"));`;
    const command = `umask ${umask} && exec "${process.execPath}" --require tsx/cjs --eval "$SCRIPT"`;
    const env = { ...process.env, TZ: timeZone, SCRIPT: script };
    return execFileSync("sh", ["-c", command], { cwd: folder, env, encoding: "utf8" }).trim();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("contains the bundle and the included folders at its root", () => {
  const names = Object.keys(unzipSync(zipOf(migrate)));
  expect(names).toContain("index.js");
  expect(names).toContainEqual(expect.stringMatching(/^migrations\/0001-.+\.sql$/));
  expect(Object.keys(unzipSync(zipOf({ handler: "media" })))).toEqual(["index.js"]);
});

const here = createHash("sha256").update(zipOf(migrate)).digest("hex");

test("has the same bytes in another folder, with files touched, another umask and another time zone", () => {
  const touched = (folder: string): void => {
    utimesSync(join(folder, "handlers/migrate.ts"), 1_000_000, 1_000_000);
  };
  expect(zipElsewhere(touched, "077", "Pacific/Auckland")).toBe(here);
});

test("has other bytes when a migration changes", () => {
  const changed = zipElsewhere(
    (folder) => cpSync(join(folder, "package.json"), join(folder, "handlers/migrations/9999-more.sql")),
    "022",
    "UTC",
  );
  expect(changed).not.toBe(here);
});

test("is small, for each kilobyte is read at each cold start", () => {
  const zip = zipOf({ handler: "media" });
  expect(zip.length).toBeLessThanOrEqual(130_000);
  expect(unzipSync(zip)["index.js"]?.length).toBeLessThanOrEqual(400_000);
});
