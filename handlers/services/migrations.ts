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
  /**
   * Label of the migration that an earlier run must have applied, if this one takes away what older code uses: that of the
   * release that stopped using it.
   */
  readonly contractsAfter?: string;
}

const CONTRACTING = /^-- contracting\b(?: after (\d{4}-[a-z0-9-]+): \S)?/;

/**
 * Reads `0001-name.sql`, `0002-…` from a folder, in order. Throws for other files, gaps, duplicate numbers, and for a
 * contracting migration that does not name an earlier one: `-- contracting after 0010-download: nothing reads it since`.
 */
export function readMigrations(folder: string): Migration[] {
  const migrations = readdirSync(folder)
    .sort()
    .map((file) => {
      const [, digits = "", name = ""] = /^(\d{4})-([a-z0-9-]+)\.sql$/.exec(file) ?? [];
      if (name === "") throw new Error(`a migration must be called 0001-name.sql, got "${file}"`);
      const sql = readFileSync(join(folder, file), "utf8");
      const checksum = createHash("sha256").update(sql).digest("hex");
      return { version: Number(digits), name, sql, checksum, ...contractionIn(sql) };
    });
  migrations.forEach((migration, index) => {
    const previous = migrations[index - 1];
    if (migration.version === previous?.version) {
      throw new Error(`migrations ${labelOf(previous)} and ${labelOf(migration)} have the same number`);
    }
    if (migration.version !== index + 1) {
      const expected = String(index + 1).padStart(4, "0");
      throw new Error(
        `migrations must have no gap: expected number ${expected}, got ${labelOf(migration)} (keep the file of a reverted release's migration)`,
      );
    }
    const earlier = migrations.slice(0, index).map(labelOf);
    if (migration.contractsAfter !== undefined && !earlier.includes(migration.contractsAfter)) {
      throw new Error(
        `the first line of the contracting migration ${labelOf(migration)} must be "-- contracting after NNNN-name: why", with an earlier migration, got "${firstLine(migration.sql)}"`,
      );
    }
  });
  return migrations;
}

/** `contractsAfter` of a migration, empty if its first line says contracting but names no migration. */
function contractionIn(sql: string): Pick<Migration, "contractsAfter"> {
  const found = CONTRACTING.exec(sql);
  return found === null ? {} : { contractsAfter: found[1] ?? "" };
}

const firstLine = (text: string): string => text.split("\n", 1)[0] ?? "";

/** `0001-media` */
export function labelOf({ version, name }: Pick<Migration, "version" | "name">): string {
  return `${String(version).padStart(4, "0")}-${name}`;
}
