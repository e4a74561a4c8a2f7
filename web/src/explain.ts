import { fillIn, readFailureReason } from "../../handlers/media/failure-reasons";
import { ApiError } from "./errors";
import { UserPoolError } from "./errors";
import type { Words } from "./words";

/** What went wrong and what to do, in the language of the page. */
export function explain(error: unknown, words: Words): string {
  if (error instanceof ApiError) return explainAnswer(error, words);
  if (error instanceof UserPoolError && error.code === "NotAuthorizedException") return words.sessionEnded;
  // `fetch` rejects with a TypeError without a connection.
  if (error instanceof TypeError) return words.errors.offline;
  return words.errors.unexpected;
}

function explainAnswer({ status, parameters }: ApiError, { errors, sessionEnded }: Words): string {
  if (status === 0) return errors.offline;
  if (status === 401 || status === 403) return sessionEnded;
  if (status === 404 || status === 410) return errors.gone;
  if (status === 409) return errors.conflict;
  if (status === 429) return errors.tooMany;
  if (status >= 500) return errors.unavailable;
  const [parameter = ""] = parameters.map((name) => name.split(".").at(-1) ?? "");
  if (parameter === "sizeBytes") return errors.fileSize;
  if (parameter === "contentType") return errors.fileType;
  if (parameter === "title") return errors.title;
  return errors.unexpected;
}

/** Why a video failed, translated. A reason that the list lacks is shown as the API sends it. */
export function explainFailure(reason: string, words: Words): string {
  const found = readFailureReason(reason);
  return found === undefined ? reason : fillIn(words.failures[found.code], found.values);
}
