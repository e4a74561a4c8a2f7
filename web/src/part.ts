import { ApiError } from "./errors";

export interface PartOptions {
  readonly onProgress: (bytes: number) => void;
  readonly signal: AbortSignal;
}

/** Milliseconds without progress after which a connection counts as lost. */
const STALLED_AFTER_MS = 60_000;

/**
 * Uploads a part to its presigned URL; returns its ETag. Rejects with an `ApiError` or `AbortError`. Uses
 * XMLHttpRequest, because fetch has no upload progress.
 */
export function putPart(url: string, bytes: Blob, { onProgress, signal }: PartOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    let timer = 0;
    const fail = (error: Error) => {
      onProgress(0);
      reject(error);
    };
    const heard = () => {
      window.clearTimeout(timer);
      timer = window.setTimeout(() => request.abort(), STALLED_AFTER_MS);
    };
    const give = () => request.abort();
    request.open("PUT", url);
    request.upload.onprogress = ({ loaded }) => {
      heard();
      onProgress(loaded);
    };
    request.onload = () => {
      const etag = request.getResponseHeader("etag");
      if (request.status === 200 && etag !== null) {
        onProgress(bytes.size);
        resolve(etag);
      } else fail(new ApiError(request.status, `S3 answered ${request.status} to a part`));
    };
    // A file that was changed or deleted can't be read, which looks like a lost network.
    request.onerror = () =>
      void bytes
        .slice(0, 1)
        .arrayBuffer()
        .then(() => fail(new ApiError(0, "S3 can't be reached")), fail);
    request.onabort = () =>
      fail(
        signal.aborted
          ? new DOMException("aborted", "AbortError")
          : new ApiError(0, "the upload to S3 timed out"),
      );
    request.onloadend = () => {
      window.clearTimeout(timer);
      signal.removeEventListener("abort", give);
    };
    signal.addEventListener("abort", give);
    if (signal.aborted) return fail(new DOMException("aborted", "AbortError"));
    heard();
    request.send(bytes);
  });
}
