import { createReadStream, createWriteStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type PutObjectCommandInput,
  type S3Client,
} from "@aws-sdk/client-s3";
import { Upload as UploadInParts } from "@aws-sdk/lib-storage";
import type { StoredSource } from "../media/ports";
import type { SourceVersion } from "../processor/message";
import type { Objects, SourceHead, SourceObjects, Upload } from "../processor/ports";
import { isPassing, statusOf } from "./aws-errors";
import type { OnRemoved } from "./removed-media";
import { retried } from "./retry";
import { sourceKey } from "./source-uploads";

export interface ObjectStoreOptions {
  readonly client: S3Client;
  readonly uploadsBucket: string;
  readonly streamsBucket: string;
  /** Milliseconds of retries after failures of S3, from the last progress on. */
  readonly patience?: number;
  readonly onRemoved?: OnRemoved | undefined;
}

/** Size of a part in bytes: S3 takes 10 000 of them, and two are in memory at a time. */
const PART_BYTES = 32 << 20;
const PARALLEL_PARTS = 2;

/** Metadata key of a source: the trace of its upload's request. */
const TRACE_METADATA = "trace";

/** Sources and streams in S3. */
export class ObjectStore implements Objects, SourceObjects {
  constructor(private readonly options: ObjectStoreOptions) {}

  async head(source: SourceVersion): Promise<SourceHead | undefined> {
    try {
      const { ContentLength = 0, Metadata = {} } = await this.retried(() =>
        this.options.client.send(new HeadObjectCommand(nameOf(source))),
      );
      return { sizeBytes: ContentLength, trace: Metadata[TRACE_METADATA] };
    } catch (error) {
      // S3 answers 405 for a delete marker's version, and 400 for an invalid version id.
      if ([404, 405, 400].includes(statusOf(error) ?? 0)) return undefined;
      throw error;
    }
  }

  async download(source: SourceVersion, file: string, signal: AbortSignal): Promise<void> {
    await this.retried(async (progress) => {
      const command = new GetObjectCommand(nameOf(source));
      const { Body, ContentLength } = await this.options.client.send(command, { abortSignal: signal });
      const target = createWriteStream(file);
      await pipeline(Body as Readable, counting(progress), target, { signal });
      if (ContentLength !== undefined && target.bytesWritten !== ContentLength) {
        throw new Error(`S3 sent ${target.bytesWritten} of ${ContentLength} bytes`);
      }
    }, signal);
  }

  /** Uploads a file of a stream: at once, or in parts if it is as large as a whole video. */
  async upload({ key, file, headers, signal }: Upload): Promise<void> {
    const { client, streamsBucket: Bucket } = this.options;
    const { contentType: ContentType, cacheControl: CacheControl } = headers;
    const ContentDisposition = headers.contentDisposition;
    const target = { Bucket, Key: key, ContentType, CacheControl, ContentDisposition };
    if ((await stat(file)).size > PART_BYTES) {
      await this.retried(
        (progress) =>
          uploadInParts(client, { ...target, Body: createReadStream(file) }, { signal, progress }),
        signal,
      );
      return;
    }
    const Body = await readFile(file);
    const command = (): PutObjectCommand => new PutObjectCommand({ ...target, Body });
    await this.retried(() => client.send(command(), { abortSignal: signal }), signal);
  }

  async source(id: string): Promise<StoredSource | undefined> {
    const command = new HeadObjectCommand({ Bucket: this.options.uploadsBucket, Key: sourceKey(id) });
    try {
      const { ContentLength = 0, VersionId, ETag = "" } = await this.options.client.send(command);
      return { sizeBytes: ContentLength, version: VersionId, etag: ETag.replaceAll('"', "") };
    } catch (error) {
      if (statusOf(error) === 404) return undefined;
      throw error;
    }
  }

  async removeMedia(id: string): Promise<void> {
    const { client, uploadsBucket, streamsBucket: Bucket } = this.options;
    await client.send(new DeleteObjectCommand({ Bucket: uploadsBucket, Key: sourceKey(id) }));
    const page = async () => {
      const { Contents = [] } = await client.send(
        new ListObjectsV2Command({ Bucket, Prefix: `stream/${id}/` }),
      );
      return Contents.map(({ Key = "" }) => ({ Key }));
    };
    // Removed objects are not listed, so the first page is always the next.
    for (let keys = await page(); keys.length > 0; keys = await page()) {
      const { Errors = [] } = await client.send(
        new DeleteObjectsCommand({ Bucket, Delete: { Objects: keys, Quiet: true } }),
      );
      const [error] = Errors;
      if (error !== undefined) throw new Error(`S3 did not remove ${error.Key}: ${error.Code}`);
    }
    await this.options.onRemoved?.(id);
  }

  private retried<Result>(
    work: (progress: Progress) => Promise<Result>,
    signal?: AbortSignal,
  ): Promise<Result> {
    const { patience = 120_000 } = this.options;
    return retried(work, { patience, mayPass: isPassing, signal });
  }
}

/** Takes the number of bytes that were transferred. */
type Progress = (bytes: number) => void;

/** Passes on what a stream has, and reports its bytes. */
function counting(progress: Progress) {
  return async function* (chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    let bytes = 0;
    for await (const chunk of chunks) {
      bytes += chunk.length;
      progress(bytes);
      yield chunk;
    }
  };
}

async function uploadInParts(
  client: S3Client,
  params: PutObjectCommandInput,
  { signal, progress }: { readonly signal: AbortSignal; readonly progress: Progress },
): Promise<void> {
  const upload = new UploadInParts({ client, params, partSize: PART_BYTES, queueSize: PARALLEL_PARTS });
  upload.on("httpUploadProgress", ({ loaded = 0 }) => progress(loaded));
  const abort = (): void => void upload.abort();
  signal.throwIfAborted();
  signal.addEventListener("abort", abort, { once: true });
  try {
    await upload.done();
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

function nameOf({ bucket, key, version, versioned }: SourceVersion) {
  return { Bucket: bucket, Key: key, VersionId: versioned ? version : undefined };
}
