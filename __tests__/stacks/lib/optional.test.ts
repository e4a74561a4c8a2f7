import { optional } from "../../../stacks/lib/optional";

it("drops what is undefined and keeps everything else, nothing and false included", () => {
  const fields = { missing: undefined, zero: 0, no: false, empty: "", nothing: null };
  expect(Object.entries(optional(fields))).toEqual([
    ["zero", 0],
    ["no", false],
    ["empty", ""],
    ["nothing", null],
  ]);
});
