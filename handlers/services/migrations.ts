import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** One numbered change of the database's tables. */
export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the file, hexadecimal: an applied migration must never change. */
  readonly checksum: string;
}

/** Reads `0001-name.sql`, `0002-…` from a folder; throws on other names, gaps and duplicates. */
export function readMigrations(folder: string): Migration[] {
  const migrations = readdirSync(folder)
    .sort()
    .map((file) => {
      const [, digits, name] = /^(\d{4})-([a-z0-9-]+)\.sql$/.exec(file) ?? [];
      if (digits === undefined || name === undefined) {
        throw new Error(`a migration must be called 0001-name.sql, got "${file}"`);
      }
      const sql = readFileSync(join(folder, file), "utf8");
      return { version: Number(digits), name, sql, checksum: createHash("sha256").update(sql).digest("hex") };
    });
  migrations.forEach(({ version, name }, index) => {
    if (version !== index + 1) {
      throw new Error(
        `migrations must be numbered without gaps or duplicates: expected ${index + 1}, got ${version} (${name})`,
      );
    }
  });
  return migrations;
}
