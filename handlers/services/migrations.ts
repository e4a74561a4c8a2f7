import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A numbered change of the database schema. */
export interface Migration {
  /** Number from 1, without gaps. */
  readonly version: number;
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the file, hexadecimal: an applied migration must never change. */
  readonly checksum: string;
}

/** Reads `0001-name.sql`, `0002-…` from a folder, in order. Throws for other files, gaps and duplicate numbers. */
export function readMigrations(folder: string): Migration[] {
  const migrations = readdirSync(folder)
    .sort()
    .map((file) => {
      const [, digits = "", name = ""] = /^(\d{4})-([a-z0-9-]+)\.sql$/.exec(file) ?? [];
      if (name === "") throw new Error(`a migration must be called 0001-name.sql, got "${file}"`);
      const sql = readFileSync(join(folder, file), "utf8");
      return { version: Number(digits), name, sql, checksum: createHash("sha256").update(sql).digest("hex") };
    });
  migrations.forEach((migration, index) => {
    const previous = migrations[index - 1];
    if (migration.version === previous?.version) {
      throw new Error(`migrations ${labelOf(previous)} and ${labelOf(migration)} have the same number`);
    }
    if (migration.version !== index + 1) {
      const expected = String(index + 1).padStart(4, "0");
      throw new Error(`migrations must have no gap: expected number ${expected}, got ${labelOf(migration)}`);
    }
  });
  return migrations;
}

/** `0001-media` */
export function labelOf({ version, name }: Pick<Migration, "version" | "name">): string {
  return `${String(version).padStart(4, "0")}-${name}`;
}
