import type { Urls } from "../../handlers/media/uploading";
import type { Api } from "./api";
import { ApiError } from "./errors";
import { type PartOptions, putPart } from "./part";
import { retried } from "./retry";

/** A part of an upload with S3's ETag. */
export interface SentPart {
  readonly partNumber: number;
  readonly etag: string;
}

export interface PartsToSend {
  readonly id: string;
  readonly file: Blob;
  readonly partSizeBytes: number;
  /** Parts that S3 has. */
  readonly stored: readonly SentPart[];
  /** URLs that the API already gave. */
  readonly urls?: Urls;
  /** Called with the number of bytes that have arrived. */
  readonly onProgress: (bytes: number) => void;
  /** Called when a failure passes and another attempt follows, and when one succeeded. */
  readonly onWaiting: (waiting: boolean) => void;
  /** Pauses the upload; what has arrived stays. */
  readonly signal: AbortSignal;
}

/** Concurrent parts. */
const PARALLEL_PARTS = 3;
/** Milliseconds before the expiry of a URL from which on it is not used any more. */
const EXPIRY_MARGIN_MS = 60_000;

/**
 * Sends the missing parts of a file, and returns all. Waits for a lost network as long as it takes. Rejects with the
 * first lasting failure, or with an `AbortError`.
 */
export async function sendParts(api: Api, parts: PartsToSend): Promise<readonly SentPart[]> {
  const { id, file, partSizeBytes, stored, urls, onProgress, onWaiting } = parts;
  const failed = new AbortController();
  // The first lasting failure stops the other parts.
  const signal = AbortSignal.any([parts.signal, failed.signal]);
  const known = new Map(urls?.parts.map(({ partNumber, url }) => [partNumber, url]));
  const expiry = Date.parse(urls?.expiresAt ?? "") - EXPIRY_MARGIN_MS;
  const count = Math.ceil(file.size / partSizeBytes);
  const done = new Map(stored.map(({ partNumber, etag }) => [partNumber, etag]));
  const bytesOf = (partNumber: number): Blob =>
    file.slice((partNumber - 1) * partSizeBytes, partNumber * partSizeBytes);
  const arrived = new Map([...done.keys()].map((number) => [number, bytesOf(number).size]));
  const tell = (partNumber: number, bytes: number) => {
    arrived.set(partNumber, bytes);
    onProgress([...arrived.values()].reduce((sum, one) => sum + one, 0));
  };
  const send = async (partNumber: number): Promise<void> => {
    const etag = await patiently(
      async () => {
        const options = { onProgress: (bytes: number) => tell(partNumber, bytes), signal };
        const given = Date.now() < expiry ? known.get(partNumber) : undefined;
        // A URL is used once: it may have expired when the network is back.
        known.delete(partNumber);
        const etag =
          given === undefined ? undefined : await putUnlessExpired(given, bytesOf(partNumber), options);
        if (etag !== undefined) return etag;
        const [fresh] = (await api.urls(id, [partNumber])).parts;
        return putPart(fresh?.url ?? "", bytesOf(partNumber), options);
      },
      { signal, onWaiting },
    );
    done.set(partNumber, etag);
  };
  const missing = Array.from({ length: count }, (_, index) => index + 1).filter(
    (number) => !done.has(number),
  );
  try {
    await each(missing, PARALLEL_PARTS, send);
  } catch (error) {
    failed.abort();
    throw error;
  }
  return [...done]
    .map(([partNumber, etag]) => ({ partNumber, etag }))
    .sort((one, other) => one.partNumber - other.partNumber);
}

/** The part's ETag, or undefined if S3 no longer takes the URL. */
async function putUnlessExpired(url: string, bytes: Blob, options: PartOptions): Promise<string | undefined> {
  return putPart(url, bytes, options).catch((error: unknown) => {
    // S3 answers 400 when the credentials of the URL have expired, and when a part took too long.
    if (error instanceof ApiError && [400, 403].includes(error.status)) return undefined;
    throw error;
  });
}

/** Repeats what fails because of the network or the service, as long as it takes. */
export function patiently<Value>(
  work: () => Promise<Value>,
  { signal, onWaiting }: Pick<PartsToSend, "signal" | "onWaiting">,
): Promise<Value> {
  const attempt = async (): Promise<Value> => {
    const value = await work();
    onWaiting(false);
    return value;
  };
  const again = (error: unknown): boolean => {
    const isPassing = error instanceof ApiError && error.passing;
    if (isPassing) onWaiting(true);
    return isPassing;
  };
  return retried(attempt, { attempts: Infinity, signal, again });
}

/** Processes items concurrently. Rejects with the first failure. */
async function each<Item>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < items.length; index = next++) await work(items[index] as Item);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
