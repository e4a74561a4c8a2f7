import { Ledger, type Visibility } from "../../../cli/soak/ledger";

const answer = (status: number, operation = "GET /media") => ({
  operation,
  status,
  began: performance.now(),
  milliseconds: 3,
});

const of = (visibility: Visibility) => ({ title: "Load 1", visibility });

it("finds a media that is shown after its deletion, but not one that was asked for before", () => {
  const ledger = new Ledger();
  ledger.accepted("kept", of("public"));
  ledger.accepted("gone", of("public"));
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
  for (const id of ["begun", "complete", "deleted"]) ledger.accepted(id, of("private"));
  ledger.completed("complete");
  ledger.completed("deleted");
  ledger.deleted("deleted");
  expect(ledger.kept({ completed: true })).toEqual(["complete"]);
  expect(ledger.kept()).toEqual(["begun", "complete"]);
});

it.each(["unlisted", "private"] as const)(
  "finds a media that viewers see although it is %s",
  (visibility) => {
    const ledger = new Ledger();
    ledger.accepted("hidden", of(visibility));
    const asked = { operation: "GET /media", began: performance.now() };
    ledger.shown(["hidden"], { ...asked, to: "creator" });
    expect(ledger.faults).toEqual([]);
    ledger.shown(["hidden"], asked);
    expect(ledger.faults).toEqual([`GET /media shows hidden, which is ${visibility}`]);
  },
);

it("counts answers of a busy server after a deletion apart, because they prove nothing", () => {
  const ledger = new Ledger();
  for (const status of [404, 403, 503, 429, 0]) ledger.askedAfterDeletion(status);
  expect(ledger.summary()).toEqual([
    "after deletions: 2 answers prove something, 3 of a busy server prove nothing",
  ]);
});

it("counts answers by operation and status", () => {
  const ledger = new Ledger();
  for (const status of [503, 200, 200]) ledger.answered(answer(status), [200]);
  ledger.answered(answer(204, "DELETE /media/{id}"), [204]);
  expect(ledger.summary()).toEqual([
    expect.stringMatching(/^GET \/media +200: 2, 503: 1; 3 ms half, 3 ms 99 %, 3 ms longest$/),
    expect.stringMatching(/^DELETE \/media\/\{id\} +204: 1; /),
    "after deletions: 0 answers prove something, 0 of a busy server prove nothing",
  ]);
});
