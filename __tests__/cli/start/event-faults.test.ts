import { faultPrinter } from "../../../cli/start/event-faults";

test("each kind of fault is printed once, with the log", () => {
  const lines: string[] = [];
  const print = faultPrinter((line) => lines.push(line), "events.log");
  print("a delivery of b to q was dropped: nothing allows it");
  print("a delivery of b to q was dropped: nothing allows it");
  print("a delivery of b to r was dropped: nothing allows it");
  expect(lines).toEqual([
    "not delivered: a delivery of b to q was dropped: nothing allows it (events.log)",
    "not delivered: a delivery of b to r was dropped: nothing allows it (events.log)",
  ]);
});

test("faults that differ only in ids and numbers are of one kind", () => {
  const lines: string[] = [];
  const print = faultPrinter((line) => lines.push(line), "events.log");
  print("all attempts of an event for f failed: no media 6a1f0c52-4c11-4d0e-9d5f-0123456789ab after 3 s");
  print("all attempts of an event for f failed: no media 07e1a3c4-93a4-4b59-8f0e-ba9876543210 after 12 s");
  expect(lines).toHaveLength(1);
});
