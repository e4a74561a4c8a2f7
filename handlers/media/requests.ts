import * as z from "zod/mini";
import { decodeCursor } from "./cursor";
import { type ListQuery, type Position, STATUSES } from "./media";
import { invalid } from "./problem";

/** A parameter that is given twice is a list. */
const once = z.string("must be given once");

const limit = z.pipe(
  once.check(z.regex(/^([1-9]\d?|100)$/, "must be a whole number from 1 to 100")),
  z.transform((text) => Number(text)),
);

const status = z.pipe(once, z.enum(STATUSES, `must be one of ${STATUSES.join(", ")}`));

const cursor = z.pipe(
  once,
  z.transform((text, context): Position => {
    const position = decodeCursor(text);
    if (position !== undefined) return position;
    context.issues.push({
      code: "custom",
      message: "must be the nextCursor of an earlier answer",
      input: text,
    });
    return z.NEVER;
  }),
);

const listQuery = z.object({
  limit: z._default(limit, 20),
  status: z.exactOptional(status),
  cursor: z.exactOptional(cursor),
});

const id = z.object({ id: z.guid("must be a UUID") });

/** Reads the query of `GET /media`; throws a `Problem` that names every mistake. Unknown parameters are ignored. */
export function readListQuery(query: Readonly<Record<string, readonly string[]>>): ListQuery {
  const once = Object.entries(query).map(([name, values]) => [
    name,
    values.length === 1 ? values[0] : values,
  ]);
  const { cursor: after, ...rest } = read(listQuery, Object.fromEntries(once));
  return { ...rest, ...(after === undefined ? {} : { after }) };
}

/** Reads the id of a media; throws a `Problem` when it can't be one. */
export function readId(text: string): string {
  return read(id, { id: text }).id.toLowerCase();
}

function read<Value>(schema: z.ZodMiniType<Value>, input: unknown): Value {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  throw invalid(
    result.error.issues.map(({ path, message }) => ({ parameter: path.join("."), detail: message })),
  );
}
