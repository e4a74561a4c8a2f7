import { readFileSync } from "node:fs";
import { join } from "node:path";
import { localFolder } from "../../packages/cli-kit/paths";
import { superuserPool } from "../../packages/embedded-aws/database/logins";
import { dataFolder } from "../../packages/embedded-aws/servers/postgres";

/** Runs a statement in the product's database of a run, as a superuser; returns the number of rows. */
export async function inDatabase(run: string, sql: string, values: readonly unknown[]): Promise<number> {
  const lockFile = join(dataFolder(join(localFolder, run, "postgres")), "postmaster.pid");
  const [, , , port, socketFolder = ""] = readFileSync(lockFile, "utf8").split("\n");
  const pool = superuserPool({ socketFolder, port: Number(port), user: "postgres" }, "streamflow");
  try {
    return (await pool.query(sql, [...values])).rowCount ?? 0;
  } finally {
    await pool.end();
  }
}
