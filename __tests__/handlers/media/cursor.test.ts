import { decodeCursor, encodeCursor } from "../../../handlers/media/cursor";

const id = "0190b0a0-1234-4abc-8def-0123456789ab";

it.each(["1970-01-01T00:00:00.000000Z", "2026-11-23T21:20:29.123456Z", "9999-12-30T23:59:59.999999Z"])(
  "gives back %s to the microsecond, with the id",
  (createdAt) => {
    expect(decodeCursor(encodeCursor({ createdAt, id }))).toEqual({ createdAt, id });
  },
);

it("distinguishes times that differ by one microsecond", () => {
  const cursors = ["123456", "123457"].map((fraction) =>
    encodeCursor({ createdAt: `2026-11-23T21:20:29.${fraction}Z`, id }),
  );
  expect(new Set(cursors).size).toBe(2);
});

it("needs no escaping in a URL, whatever the bytes", () => {
  for (let byte = 0; byte < 256; byte++) {
    const hex = byte.toString(16).padStart(2, "0");
    const cursor = encodeCursor({
      createdAt: "2026-11-23T21:20:29.123456Z",
      id: id.replaceAll(/[0-9a-f]{2}/g, hex),
    });
    expect(encodeURIComponent(cursor)).toBe(cursor);
  }
});

const valid = encodeCursor({ createdAt: "2026-11-23T21:20:29.123456Z", id });
it.each([
  ["empty", ""],
  ["too short", valid.slice(1)],
  ["too long", `${valid}A`],
  ["padded", `${valid.slice(0, -1)}=`],
  ["with a letter of plain base64", `${valid.slice(0, -1)}+`],
  ["with a line end", `${valid}\n`],
  ["before 1970", "_".repeat(32)],
  ["after the year 9999", `f${"_".repeat(31)}`],
])("fails for a cursor that is %s", (_, cursor) => {
  expect(decodeCursor(cursor)).toBeUndefined();
});
