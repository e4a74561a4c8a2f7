import {
  FAILURE_CODES,
  FAILURE_REASONS,
  failureOf,
  failureReason,
} from "../../handlers/media/failure-reasons";
import { PROBLEM_CODES, type ProblemCode } from "../../handlers/media/problem";
import { ApiError, PlaybackError, UserPoolError } from "../../web/src/errors";
import { explain, explainFailure } from "../../web/src/explain";
import { WORDS } from "../../web/src/words";

const VALUES = { width: 9_000, height: 5_000, hours: 12, mebibytes: 1_024, seconds: 3, promised: 60 };
const placeholders = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map(([word]) => word).sort();

test.each(FAILURE_CODES)("the reason %s is found by its sentence, with its numbers", (code) => {
  const text = failureReason(code, VALUES);
  expect(text).not.toMatch(/[{}]/);
  const found = failureOf(text);
  expect(found?.code).toBe(code);
  expect(failureReason(code, found?.values)).toBe(text);
});

test.each(FAILURE_CODES)("the reason %s is translated with the same numbers", (code) => {
  expect(placeholders(WORDS.pt.failures[code])).toEqual(placeholders(FAILURE_REASONS[code]));
  const shown = explainFailure({ code, values: VALUES }, WORDS.pt);
  expect(shown).not.toMatch(/[{}]/);
  expect(shown).not.toBe(failureReason(code, VALUES));
  expect(explainFailure({ code, values: VALUES }, WORDS.en)).toBe(failureReason(code, VALUES));
});

test.each(["en", "pt"] as const)("in %s, a reason without a known code has a general text", (language) => {
  const words = WORDS[language];
  const stored = failureOf("The file is cursed.");
  expect(stored).toEqual({ code: "unknown", values: {} });
  if (stored !== null) expect(explainFailure(stored, words)).toBe(words.failures.unknown);
  const newer = { code: "constructor", values: {} } as unknown as Parameters<typeof explainFailure>[0];
  expect(explainFailure(newer, words)).toBe(words.failures.unknown);
});

describe.each(["en", "pt"] as const)("in %s", (language) => {
  const words = WORDS[language];

  test.each([
    ["no connection", new ApiError(0, "Failed to fetch"), words.errors.offline],
    ["a rejected fetch", new TypeError("Failed to fetch"), words.errors.offline],
    ["a server error", new ApiError(502, "GET /media: 502"), words.errors.unavailable],
    ["too many requests", new ApiError(429, "POST /media: 429"), words.errors.tooMany],
    ["an expired token", new ApiError(401, "Unauthorized"), words.sessionEnded],
    ["a request that a web ACL blocks", new ApiError(403, "Request blocked"), words.errors.blocked],
    ["an ended session", new UserPoolError("NotAuthorizedException", "revoked"), words.sessionEnded],
    ["a wrong size", invalid(400, "sizeBytes"), words.errors.fileSize],
    ["a wrong type", invalid(400, "body.contentType"), words.errors.fileType],
    ["a wrong title", invalid(422, "title"), words.errors.title],
    ["expired cookies", new PlaybackError("expired"), words.playback.expired],
    ["a code that this page does not know", withCode(409, "constructor"), words.problems.changed],
    ["anything else", new Error("x is undefined"), words.errors.unexpected],
  ])("%s is explained without the technical message", (_what, error, sentence) => {
    expect(explain(error, words)).toBe(sentence);
    expect(explain(error, words)).not.toContain(error.message);
  });

  test.each(PROBLEM_CODES.filter((code): code is Exclude<ProblemCode, "invalid"> => code !== "invalid"))(
    "the code %s has its own text, whatever the status",
    (code) => {
      for (const status of [401, 403, 404, 409]) {
        expect(explain(withCode(status, code), words)).toBe(words.problems[code]);
      }
    },
  );
});

function withCode(status: number, code: string): ApiError {
  return new ApiError(status, "technical", { code });
}

function invalid(status: number, parameter: string): ApiError {
  return new ApiError(status, "technical", { code: "invalid", parameters: [parameter] });
}
