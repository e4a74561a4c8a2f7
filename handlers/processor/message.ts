import { createHash } from "node:crypto";

/** One version of the source of a media, as S3 told of its arrival. */
export interface SourceVersion {
  /** Id of the media. */
  readonly id: string;
  readonly bucket: string;
  readonly key: string;
  /** S3's version id; the ETag in a bucket without versions. */
  readonly version: string;
  /** Whether `version` can be asked for. */
  readonly versioned: boolean;
  /** The same for the same bytes in the same parts; empty when S3 did not tell. */
  readonly etag: string;
  /** Upper-case hexadecimal; the greater one, filled up with zeros on the right, came later. */
  readonly sequencer: string;
  /** When it arrived, in milliseconds since 1970; not there when S3 did not say. */
  readonly arrived?: number;
}

export interface Reading {
  readonly sources: readonly SourceVersion[];
  /** What is none of ours, and why. */
  readonly dropped: readonly string[];
}

const SOURCE_KEY = /^uploads\/([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\/source$/;
/** Longer than any that S3 sends. */
const SEQUENCER_LENGTH = 64;

interface Event {
  readonly Event?: unknown;
  readonly Records?: unknown;
}

interface Entry {
  readonly eventName?: unknown;
  /** ISO 8601. */
  readonly eventTime?: unknown;
  readonly s3?: {
    readonly bucket?: { readonly name?: unknown };
    readonly object?: Readonly<Record<"key" | "versionId" | "eTag" | "sequencer", unknown>>;
  };
}

/**
 * Reads a message that S3 put into the queue. What S3 says of other things than a source's arrival is dropped;
 * throws on what S3 can't have said.
 */
export function readMessage(body: string, { uploadsBucket }: { readonly uploadsBucket: string }): Reading {
  const event = parse(body);
  if (event.Event === "s3:TestEvent") return { sources: [], dropped: ["a test of the notification"] };
  if (!Array.isArray(event.Records)) throw new Error("the message has no Records: it is no event of S3");
  const dropped: string[] = [];
  const sources = (event.Records as Entry[]).flatMap((entry) => {
    const source = toSource(entry, uploadsBucket);
    if (typeof source !== "string") return [source];
    dropped.push(source);
    return [];
  });
  return { sources, dropped };
}

/** Name of the folder that a version's stream is written to: the same however often it is processed. */
export function runOf({ version }: Pick<SourceVersion, "version">): string {
  return createHash("sha256").update(version).digest("hex").slice(0, 16);
}

function parse(body: string): Event {
  try {
    return (JSON.parse(body) ?? {}) as Event;
  } catch (error) {
    throw new Error("the message is not JSON: it is no event of S3", { cause: error });
  }
}

function toSource(entry: Entry | null, uploadsBucket: string): SourceVersion | string {
  const { bucket, object } = entry?.s3 ?? {};
  const [name, bucketName] = [textOf(entry?.eventName), textOf(bucket?.name)];
  if (!name.startsWith("ObjectCreated:")) return `the event ${name || "without a name"}`;
  if (bucketName !== uploadsBucket) return `an object of the bucket ${bucketName || "without a name"}`;
  const key = decode(textOf(object?.key));
  const id = SOURCE_KEY.exec(key)?.[1];
  if (id === undefined) return `the object ${key.slice(0, 200)}`;
  const versionId = textOf(object?.versionId);
  const etag = textOf(object?.eTag);
  const version = versionId || etag;
  if (version === "") throw new Error("the message has neither versionId nor eTag: it is no event of S3");
  const sequencer = textOf(object?.sequencer).toUpperCase().padEnd(SEQUENCER_LENGTH, "0");
  const source = { id, bucket: bucketName, key, version, versioned: versionId !== "", etag, sequencer };
  const arrived = Date.parse(textOf(entry?.eventTime));
  return Number.isNaN(arrived) ? source : { ...source, arrived };
}

/** S3 writes keys as in the query of a URL. */
function decode(key: string): string {
  try {
    return decodeURIComponent(key.replaceAll("+", " "));
  } catch {
    return key;
  }
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
