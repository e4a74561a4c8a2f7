import { createHash } from "node:crypto";

/** One version of a media's source, from an S3 event. */
export interface SourceVersion {
  /** Id of the media. */
  readonly id: string;
  readonly bucket: string;
  readonly key: string;
  /** S3's version id, or the ETag in an unversioned bucket. */
  readonly version: string;
  /** `version` is an S3 version id. */
  readonly versioned: boolean;
  /** ETag: equal for the same content in the same parts; empty if unknown. */
  readonly etag: string;
  /** S3's sequencer in upper-case hexadecimal; padded with zeros on the right, greater is later. */
  readonly sequencer: string;
  /** Arrival time in milliseconds since 1970; undefined if unknown. */
  readonly arrived?: number;
}

export interface Reading {
  readonly sources: readonly SourceVersion[];
  /** Events that are not source uploads, with reasons. */
  readonly dropped: readonly string[];
}

const SOURCE_KEY = /^uploads\/([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\/source$/;
/** Longer than all of S3's sequencers. */
const SEQUENCER_LENGTH = 64;

interface Event {
  readonly Event?: unknown;
  readonly Records?: unknown;
}

interface Entry {
  readonly eventName?: unknown;
  /** Time in ISO 8601. */
  readonly eventTime?: unknown;
  readonly s3?: {
    readonly bucket?: { readonly name?: unknown };
    readonly object?: Readonly<Record<"key" | "versionId" | "eTag" | "sequencer", unknown>>;
  };
}

/**
 * Parses a message from S3. Events that are not source uploads are dropped; throws for messages that S3 can't have
 * sent.
 */
export function readMessage(body: string, { uploadsBucket }: { readonly uploadsBucket: string }): Reading {
  const event = parse(body);
  if (event.Event === "s3:TestEvent") return { sources: [], dropped: ["a test of the notification"] };
  if (!Array.isArray(event.Records)) throw new Error("the message has no Records: not an S3 event");
  const dropped: string[] = [];
  const sources = (event.Records as Entry[]).flatMap((entry) => {
    const source = toSource(entry, uploadsBucket);
    if (typeof source !== "string") return [source];
    dropped.push(source);
    return [];
  });
  return { sources, dropped };
}

/** Folder name of a version's stream, the same for every attempt. */
export function runOf({ version }: Pick<SourceVersion, "version">): string {
  return createHash("sha256").update(version).digest("hex").slice(0, 16);
}

function parse(body: string): Event {
  try {
    return (JSON.parse(body) ?? {}) as Event;
  } catch (error) {
    throw new Error("the message is not JSON: not an S3 event", { cause: error });
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
  if (version === "") throw new Error("the message has neither versionId nor eTag: not an S3 event");
  const sequencer = textOf(object?.sequencer).toUpperCase().padEnd(SEQUENCER_LENGTH, "0");
  const source = { id, bucket: bucketName, key, version, versioned: versionId !== "", etag, sequencer };
  const arrived = Date.parse(textOf(entry?.eventTime));
  return Number.isNaN(arrived) ? source : { ...source, arrived };
}

/** Decodes a key, which S3 encodes like a URL query. */
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
