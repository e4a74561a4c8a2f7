import { type EventSource, eventsPath, mayFollow } from "../../../handlers/media/event-tickets";

const HOUR_MS = 3_600_000;
const media: EventSource = { id: "id", visibility: "private", eventsKey: "key" };

function ticketOf(of: EventSource, now: number): string {
  const ticket = new URL(eventsPath(of, now), "http://x").searchParams.get("ticket");
  if (ticket === null) throw new Error("the path has no ticket");
  return ticket;
}

it("is valid for an hour", () => {
  const ticket = ticketOf(media, 0);
  expect(mayFollow(media, ticket, HOUR_MS - 1)).toBe(true);
  expect(mayFollow(media, ticket, HOUR_MS)).toBe(false);
});

it.each([
  ["of another media", { ...media, id: "other" }],
  ["of an earlier key", { ...media, eventsKey: "earlier" }],
])("%s opens nothing", (_, other) => {
  expect(mayFollow(media, ticketOf(other, 0), 1)).toBe(false);
});

it("whose expiry was changed opens nothing", () => {
  const [until = "", signature = ""] = ticketOf(media, 0).split(".");
  expect(mayFollow(media, `${Number(until) + 1}.${signature}`, 1)).toBe(false);
});

it("is not needed for a public media", () => {
  const shown: EventSource = { ...media, visibility: "public" };
  expect(eventsPath(shown)).toBe("/events/id");
  expect(mayFollow(shown, undefined)).toBe(true);
});

it("can't be made for a media without key, which nobody may follow then", () => {
  const bare: EventSource = { ...media, eventsKey: null };
  expect(eventsPath(bare)).toBe("/events/id");
  expect(mayFollow(bare, ticketOf(media, 0), 1)).toBe(false);
});
