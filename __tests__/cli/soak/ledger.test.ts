import { Ledger } from "../../../cli/soak/ledger";

const answer = (status: number, operation = "GET /media") => ({
  operation,
  status,
  began: performance.now(),
  milliseconds: 3,
});

it("finds a media that is shown after its deletion, but not one that was asked for before", () => {
  const ledger = new Ledger();
  ledger.accepted("kept");
  ledger.accepted("gone");
  const before = performance.now() - 1;
  ledger.deleted("gone");
  ledger.shown(["kept", "gone", "of another"], { operation: "GET /media", began: before });
  expect(ledger.faults).toEqual([]);
  ledger.shown(["kept", "gone"], { operation: "GET /media", began: performance.now() + 1 });
  expect(ledger.faults).toEqual(["GET /media shows gone, which is deleted"]);
  expect(ledger.kept()).toEqual(["kept"]);
  expect(ledger.gone()).toEqual(["gone"]);
});

it.each([
  [200, []],
  [503, []],
  [429, []],
  [500, ["GET /media answered 500, not 200"]],
  [404, ["GET /media answered 404, not 200"]],
  [0, ["GET /media answered nothing, not 200"]],
])("takes the status %i as right or wrong", (status, faults) => {
  const ledger = new Ledger();
  ledger.answered(answer(status), [200]);
  expect(ledger.faults).toEqual(faults);
});

it("knows which uploads are complete", () => {
  const ledger = new Ledger();
  for (const id of ["begun", "complete", "deleted"]) ledger.accepted(id);
  ledger.completed("complete");
  ledger.completed("deleted");
  ledger.deleted("deleted");
  expect(ledger.kept({ completed: true })).toEqual(["complete"]);
  expect(ledger.kept()).toEqual(["begun", "complete"]);
});

it("counts answers by operation and status", () => {
  const ledger = new Ledger();
  for (const status of [503, 200, 200]) ledger.answered(answer(status), [200]);
  ledger.answered(answer(204, "DELETE /media/{id}"), [204]);
  expect(ledger.summary()).toEqual([
    expect.stringMatching(/^GET \/media +200: 2, 503: 1; 3 ms half, 3 ms 99 %, 3 ms longest$/),
    expect.stringMatching(/^DELETE \/media\/\{id\} +204: 1; /),
  ]);
});
