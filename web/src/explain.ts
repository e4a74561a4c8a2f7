import { type Failure, fillIn } from "../../handlers/media/failure-reasons";
import { ApiError, PlaybackError, UserPoolError } from "./errors";
import type { Words } from "./words";

/** What went wrong and what to do, in the language of the page. */
export function explain(error: unknown, words: Words): string {
  if (error instanceof ApiError) return explainAnswer(error, words);
  if (error instanceof PlaybackError) return words.playback[error.failure];
  if (error instanceof UserPoolError && error.hasEnded) return words.sessionEnded;
  if (error instanceof DOMException && error.name === "NotReadableError") return words.errors.fileGone;
  // `fetch` rejects with a TypeError without a connection.
  if (error instanceof TypeError) return words.errors.offline;
  return words.errors.unexpected;
}

function explainAnswer({ status, code, parameters }: ApiError, words: Words): string {
  const { errors } = words;
  const problem = Object.entries(words.problems).find(([name]) => name === code);
  if (problem !== undefined) return problem[1];
  if (status === 0) return errors.offline;
  // API Gateway's authorizer answers without a code.
  if (status === 401) return words.sessionEnded;
  // So do the web ACLs.
  if (status === 403) return errors.blocked;
  if (status === 404 || status === 410) return words.problems["not-found"];
  if (status === 409) return words.problems.changed;
  if (status === 429) return errors.tooMany;
  if (status >= 500) return errors.unavailable;
  const [parameter = ""] = parameters.map((name) => name.split(".").at(-1) ?? "");
  if (parameter === "sizeBytes") return errors.fileSize;
  if (parameter === "contentType") return errors.fileType;
  if (parameter === "title") return errors.title;
  if (parameter === "description") return errors.description;
  return errors.unexpected;
}

/** Why a video failed, translated. */
export function explainFailure({ code, values }: Failure, words: Words): string {
  // A newer API may have codes that this page does not know.
  const template = Object.entries(words.failures).find(([name]) => name === code)?.[1];
  return fillIn(template ?? words.failures.unknown, values);
}
