import { ListObjectVersionsCommand, type S3Client } from "@aws-sdk/client-s3";
import { textIn } from "../../../handlers/services/xml";

/** A version of an object or a delete marker. */
export interface Entry {
  readonly versionId: string;
  /** Storage time in seconds, S3's precision; for multipart objects the start of the upload. */
  readonly modified: Date;
  readonly marker: boolean;
  /** ETag without quotes; empty for a marker. */
  readonly etag: string;
  /** Size in bytes; 0 for a marker. */
  readonly size: number;
}

/** All versions and markers of a key, latest first. */
export interface History {
  readonly key: string;
  readonly entries: readonly Entry[];
}

/** The keys of a bucket with a prefix. */
export interface KeyRange {
  readonly bucket: string;
  readonly prefix: string;
}

/**
 * Histories of all keys with a prefix, sorted by key. S3 lists versions and markers in storage order, the only order
 * within one second. The SDK separates the two, so the response itself is parsed.
 */
export async function* histories(client: S3Client, keys: KeyRange): AsyncGenerator<History> {
  let key: string | undefined;
  let entries: Entry[] = [];
  for await (const page of pages(client, keys)) {
    for (const [name, entry] of entriesOf(page)) {
      if (key !== undefined && name !== key) {
        yield { key, entries };
        entries = [];
      }
      key = name;
      entries.push(entry);
    }
  }
  if (key !== undefined) yield { key, entries };
}

async function* pages(client: S3Client, { bucket, prefix }: KeyRange): AsyncGenerator<string> {
  let from: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } = {};
  for (;;) {
    const command = new ListObjectVersionsCommand({
      Bucket: bucket,
      Prefix: prefix,
      EncodingType: "url",
      ...from,
    });
    let text = "";
    command.middlewareStack.add(
      (next) => async (args) => {
        const result = await next(args);
        const response = result.response as { body: AsyncIterable<Uint8Array> };
        const chunks: Uint8Array[] = [];
        for await (const chunk of response.body) chunks.push(chunk);
        const body = Buffer.concat(chunks);
        text = body.toString("utf8");
        return { ...result, response: Object.assign(response, { body: new Uint8Array(body) }) };
      },
      // Closest to the network, before the SDK parses the response.
      { step: "deserialize", priority: "low" },
    );
    const page = await client.send(command);
    yield text;
    if (page.IsTruncated !== true) return;
    from = {
      KeyMarker: page.NextKeyMarker === undefined ? undefined : decodeKey(page.NextKeyMarker),
      VersionIdMarker: page.NextVersionIdMarker,
    };
  }
}

function entriesOf(page: string): [key: string, entry: Entry][] {
  return [...page.matchAll(/<(Version|DeleteMarker)>([^]*?)<\/\1>/g)].map(([, kind, element = ""]) => {
    const of = (name: string): string => textIn(element, name) ?? "";
    return [
      decodeKey(of("Key")),
      {
        versionId: of("VersionId"),
        modified: new Date(of("LastModified")),
        marker: kind === "DeleteMarker",
        etag: of("ETag").replaceAll('"', ""),
        size: Number(of("Size")),
      },
    ];
  });
}

const decodeKey = (key: string): string => decodeURIComponent(key.replaceAll("+", " "));
