import {
  FAILURE_REASONS,
  type FailureCode,
  failureReason,
  readFailureReason,
} from "../../handlers/media/failure-reasons";
import { ApiError, UserPoolError } from "../../web/src/errors";
import { explain, explainFailure } from "../../web/src/explain";
import { WORDS } from "../../web/src/words";

const VALUES = { width: 9_000, height: 5_000, hours: 12, mebibytes: 1_024, seconds: 3, promised: 60 };
const CODES = Object.keys(FAILURE_REASONS) as FailureCode[];
const placeholders = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map(([word]) => word).sort();

test.each(CODES)("the reason %s is found by its sentence, with its numbers", (code) => {
  const text = failureReason(code, VALUES);
  expect(text).not.toMatch(/[{}]/);
  const found = readFailureReason(text);
  expect(found?.code).toBe(code);
  expect(failureReason(code, found?.values)).toBe(text);
});

test.each(CODES)("the reason %s is translated with the same numbers", (code) => {
  expect(placeholders(WORDS.pt.failures[code])).toEqual(placeholders(WORDS.en.failures[code]));
  const shown = explainFailure(failureReason(code, VALUES), WORDS.pt);
  expect(shown).not.toMatch(/[{}]/);
  expect(shown).not.toBe(failureReason(code, VALUES));
  expect(explainFailure(failureReason(code, VALUES), WORDS.en)).toBe(failureReason(code, VALUES));
});

test("a reason that an earlier version wrote is shown as it is", () => {
  expect(explainFailure("The file is cursed.", WORDS.pt)).toBe("The file is cursed.");
});

describe.each(["en", "pt"] as const)("in %s", (language) => {
  const words = WORDS[language];

  test.each([
    ["no connection", new ApiError(0, "Failed to fetch"), words.errors.offline],
    ["a rejected fetch", new TypeError("Failed to fetch"), words.errors.offline],
    ["a server error", new ApiError(502, "GET /media: 502"), words.errors.unavailable],
    ["too many requests", new ApiError(429, "POST /media: 429"), words.errors.tooMany],
    ["a missing video", new ApiError(404, "no media has the id"), words.errors.gone],
    ["a conflict", new ApiError(409, "has been completed"), words.errors.conflict],
    ["an expired token", new ApiError(401, "Unauthorized"), words.sessionEnded],
    ["an ended session", new UserPoolError("NotAuthorizedException", "revoked"), words.sessionEnded],
    ["a wrong size", new ApiError(400, "invalid", ["sizeBytes"]), words.errors.fileSize],
    ["a wrong type", new ApiError(400, "invalid", ["body.contentType"]), words.errors.fileType],
    ["a wrong title", new ApiError(422, "invalid", ["title"]), words.errors.title],
    ["anything else", new Error("x is undefined"), words.errors.unexpected],
  ])("%s is explained without the technical message", (_what, error, sentence) => {
    expect(explain(error, words)).toBe(sentence);
    expect(explain(error, words)).not.toContain(error.message);
  });
});
