import { outcomeOf } from "../../../cli/start/first-check";

test("a check that succeeded is a line with who made it and how long the video took", () => {
  const result = { ok: true, mediaId: "a", readySeconds: 4.26, leftovers: 0 } as const;
  expect(outcomeOf(result, "the-function")).toBe(
    "succeeded (the-function), ready 4.3 s after the upload, played and deleted",
  );
});

test("a check that failed ends the start with its step and reason", () => {
  const result = { ok: false, step: "upload", reason: "S3 hides the ETag", mediaId: "a" } as const;
  expect(() => outcomeOf(result, "the-function")).toThrow(
    "the synthetic check (the-function) failed at the step upload: S3 hides the ETag",
  );
});
