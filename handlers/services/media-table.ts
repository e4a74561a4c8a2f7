import type { QueryResultRow } from "pg";
import { Unavailable } from "../media/media";
import type { Database } from "./database";
import { isMissingColumn } from "./database-errors";

/** The media before migration 0006, when everybody saw all of them. To be removed one release later. */
const MEDIA_BEFORE_0006 = `(SELECT media.*, 'public' AS visibility, '' AS description, NULL::text AS share_token,
  NULL::text AS events_key FROM media) AS media`;

/**
 * Reads from the table `media`. Migrations run after a deployment, so until then the table lacks new columns; the text
 * gets what to read from.
 */
export async function readMedia<Row extends QueryResultRow>(
  database: Pick<Database, "read">,
  text: (media: string) => string,
  values: readonly unknown[],
): Promise<Row[]> {
  try {
    return await database.read<Row>(text("media"), values);
  } catch (error) {
    if (!isMissingColumn(error)) throw error;
    return database.read<Row>(text(MEDIA_BEFORE_0006), values);
  }
}

/** Writes to the table `media`; rejects with `Unavailable` until the migration has added the columns that it needs. */
export async function writeMedia<Row extends QueryResultRow>(
  database: Pick<Database, "write">,
  text: string,
  values: readonly unknown[],
): Promise<Row[]> {
  try {
    return await database.write<Row>(text, values);
  } catch (error) {
    if (!isMissingColumn(error)) throw error;
    throw new Unavailable("the database is being migrated", { cause: error });
  }
}
