import { optional } from "../../../stacks/lib/optional";

it("drops undefined values and keeps all others, also empty ones and false", () => {
  const fields = { missing: undefined, zero: 0, no: false, empty: "", nothing: null };
  expect(Object.entries(optional(fields))).toEqual([
    ["zero", 0],
    ["no", false],
    ["empty", ""],
    ["nothing", null],
  ]);
});
