import type { Api } from "./api";
import { ApiError } from "./errors";
import { putPart } from "./part";
import { retried } from "./retry";

export interface UploadOptions {
  readonly title: string;
  /** Called with the number of uploaded bytes. */
  readonly onProgress: (bytes: number) => void;
  /** Aborts the upload. */
  readonly signal: AbortSignal;
}

/** Concurrent parts. */
const PARALLEL_PARTS = 3;
const MAX_ATTEMPTS = 6;

/**
 * Registers a file as a media and uploads it in parts with retries; returns the media's id. If it rejects or is
 * aborted, the upload and its media are removed if the API can be reached.
 */
export async function upload(api: Api, file: File, options: UploadOptions): Promise<string> {
  const { title, onProgress } = options;
  const failed = new AbortController();
  // The first permanent failure stops the other parts.
  const signal = AbortSignal.any([options.signal, failed.signal]);
  const { media, upload: begun } = await api.begin({
    title,
    contentType: typeOf(file),
    sizeBytes: file.size,
  });
  try {
    const arrived = new Map<number, number>();
    const tell = (partNumber: number) => (bytes: number) => {
      arrived.set(partNumber, bytes);
      onProgress([...arrived.values()].reduce((sum, one) => sum + one, 0));
    };
    const send = async ({ partNumber, url }: { partNumber: number; url: string }) => {
      const from = (partNumber - 1) * begun.partSizeBytes;
      const bytes = file.slice(from, from + begun.partSizeBytes);
      let address = url;
      const attempt = async () =>
        putPart(address, bytes, { onProgress: tell(partNumber), signal }).catch(async (error: unknown) => {
          // The URL may have expired: uploads may take longer than an hour.
          if (!(error instanceof ApiError) || error.status !== 403) throw error;
          const [fresh] = (await api.urls(media.id, [partNumber])).parts;
          address = fresh?.url ?? address;
          throw new ApiError(0, "the presigned URL has expired");
        });
      return { partNumber, etag: await retried(attempt, { attempts: MAX_ATTEMPTS, signal, again }) };
    };
    const parts = await each(begun.parts, PARALLEL_PARTS, send);
    await retried(() => api.complete(media.id, parts), { attempts: MAX_ATTEMPTS, signal, again });
    return media.id;
  } catch (error) {
    failed.abort();
    await api.abort(media.id).catch(() => undefined);
    await api.remove(media.id).catch(() => undefined);
    throw error;
  }
}

/** Processes items concurrently; returns results in order. Rejects with the first failure. */
async function each<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < items.length; index = next++) {
      results[index] = await work(items[index] as Item);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}

const again = (error: unknown): boolean => error instanceof ApiError && error.passing;

/** MIME type of a file; browsers don't know some, such as Matroska. */
function typeOf({ type, name }: File): string {
  if (type.startsWith("video/")) return type;
  return /\.mkv$/i.test(name) ? "video/x-matroska" : "video/mp4";
}
