import type { QueryResultRow } from "pg";
import type { Database } from "./database";
import { isMissingColumn } from "./database-errors";

/** The media before migration 0010, when none had a download. To be removed one release later. */
const MEDIA_BEFORE_0010 = "(SELECT media.*, NULL::bigint AS download_bytes FROM media) AS media";

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
    return database.read<Row>(text(MEDIA_BEFORE_0010), values);
  }
}
