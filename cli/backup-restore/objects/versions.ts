import { ListObjectVersionsCommand, type S3Client } from "@aws-sdk/client-s3";
import { textIn } from "../../../handlers/services/xml";

/** A version of an object, or the marker of its deletion. */
export interface Entry {
  readonly versionId: string;
  /** To the second: S3 lists no more. Of an object that came in parts, when its upload began. */
  readonly modified: Date;
  readonly marker: boolean;
  /** Without quotes; empty for a marker. */
  readonly etag: string;
  /** Bytes; 0 for a marker. */
  readonly size: number;
}

/** What a bucket knows of a key, the one stored last first. */
export interface History {
  readonly key: string;
  readonly entries: readonly Entry[];
}

/** Keys of a bucket: all that begin with the prefix. */
export interface KeyRange {
  readonly bucket: string;
  readonly prefix: string;
}

/**
 * Histories of all keys below a prefix, in the order of their keys. S3 gives versions and markers in the order in which
 * they were stored, and only that order tells which of one second came last. The SDK sorts the two apart, so the answer
 * itself is read.
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
      // Nearest to the wire, before the SDK reads the answer.
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
