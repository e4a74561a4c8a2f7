import { encodeCursor } from "../../../handlers/media/cursor";
import { aMedia } from "../fakes";
import { asked } from "../asked";
import { aWorld } from "./world";

const row = aMedia();
const { app } = aWorld([row]);

/** Characters that have broken parsers before. */
const PIECES = [
  ...[
    "",
    "0",
    "1",
    "-1",
    "1e2",
    "1.5",
    "0x10",
    " 5",
    "100",
    "101",
    "9007199254740993",
    "NaN",
    "null",
    "true",
  ],
  ...["%00", "%0a", "%", "%zz", "%c3%28", "%ud83d", "é", "😀", "\ufeff", "＋", "٣"],
  ...[
    "'",
    '"',
    "; DROP TABLE media",
    "' OR 1=1 --",
    "${7*7}",
    "{{7}}",
    "<script>",
    "../",
    "..%2f",
    "//",
    "\\",
  ],
  ...["__proto__", "constructor", "toString", "[]", "[object Object]", "a=b", "&", "#", "?"],
  ...["ready", "READY", "failed", encodeCursor(row), encodeCursor(row).toLowerCase(), row.id, `{${row.id}}`],
  "x".repeat(5_000),
];
test.each(PIECES.filter((piece) => !["1", "100", ""].includes(piece)))(
  "limit=%s is refused",
  async (piece) => {
    const query = new URLSearchParams({ limit: piece });
    const answer = await asked(app, `https://api/media?${query.toString()}`, {}, { requestId: row.id });
    expect(answer.status).toBe(400);
  },
);
