import * as z from "zod/mini";
import { decodeCursor } from "./cursor";
import { type ListQuery, STATUSES } from "./media";
import { invalid } from "./problem";

const LIMIT = "must be a whole number from 1 to 100";
const limit = z.optional(
  z.pipe(
    z.string().check(z.regex(/^([1-9]\d?|100)$/, LIMIT)),
    z.transform((text: string) => Number(text)),
  ),
);

const listQuery = z.object({
  limit,
  status: z.optional(z.enum(STATUSES, `must be one of ${STATUSES.join(", ")}`)),
  cursor: z.optional(z.string()),
});

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Reads the query of `GET /media`; throws a `Problem` that names every mistake. */
export function readListQuery(query: Readonly<Record<string, string | readonly string[]>>): ListQuery {
  const mistakes = Object.entries(query)
    .filter(([, values]) => Array.isArray(values) && values.length > 1)
    .map(([name]) => ({ at: `query.${name}`, detail: "must be given once" }));
  const once = Object.fromEntries(Object.entries(query).map(([name, values]) => [name, [values].flat()[0]]));
  const read = listQuery.safeParse(once);
  if (!read.success) {
    mistakes.push(
      ...read.error.issues.map(({ path, message }) => ({ at: `query.${path.join(".")}`, detail: message })),
    );
  }
  const after = once.cursor === undefined ? undefined : decodeCursor(once.cursor);
  if (once.cursor !== undefined && after === undefined) {
    mistakes.push({ at: "query.cursor", detail: "must be the nextCursor of an earlier answer" });
  }
  if (!read.success || mistakes.length > 0) throw invalid(mistakes);
  const { limit: most = 20, status } = read.data;
  return {
    limit: most,
    ...(status === undefined ? {} : { status }),
    ...(after === undefined ? {} : { after }),
  };
}

/** Reads the id of a media; throws a `Problem` when it can't be one. */
export function readId(id: string): string {
  if (!ID.test(id)) throw invalid([{ at: "path.id", detail: "must be a UUID" }]);
  return id.toLowerCase();
}
