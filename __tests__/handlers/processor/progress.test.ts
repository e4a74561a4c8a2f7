import { ProgressReport } from "../../../handlers/processor/progress";
import { Sweep } from "../../../handlers/processor/sweep";
import { FakeBoard, FakeLog, FakeStatuses, id } from "./fakes";

it("publishes about once a second, never decreasing, and always the result", async () => {
  const board = new FakeBoard();
  let now = 0;
  const report = new ProgressReport(board, "x", () => now);
  for (let percent = 0; percent <= 50; percent++) {
    report.at(percent + 0.9);
    now += 100;
  }
  report.at(3);
  await report.end("ready");
  now += 10_000;
  report.at(99);
  expect(board.notes.map(({ percent }) => percent)).toEqual([0, 10, 20, 30, 40, 50, 100]);
  expect(board.notes.at(-1)).toEqual({ status: "ready", percent: 100, at: new Date(5_100).toISOString() });
});

it("keeps the percentage of a failed media, and gives the reason", async () => {
  const board = new FakeBoard();
  const report = new ProgressReport(board, "x", () => 0);
  report.at(42);
  await report.end("failed", "It is none.");
  expect(board.notes.at(-1)).toMatchObject({ status: "failed", percent: 42, reason: "It is none." });
});

it("fails abandoned media, and publishes the failure", async () => {
  const [board, log, changed] = [new FakeBoard(), new FakeLog(), jest.fn(() => Promise.resolve())];
  await new Sweep({ statuses: new FakeStatuses(), board, changes: { changed }, log }).stop();
  expect(board.notes).toMatchObject([{ status: "failed", reason: expect.stringMatching(/interrupted/) }]);
  expect(changed).toHaveBeenCalledWith(id);
  expect(log.lines).toEqual(["abandoned"]);
});
