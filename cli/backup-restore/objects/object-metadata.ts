import { type CopyObjectCommandInput, GetObjectTaggingCommand, type S3Client } from "@aws-sdk/client-s3";
import type { Head, ObjectVersion } from "./object-equality";

export interface CopyOptions {
  /** Metadata to add, or with undefined to leave out; the rest is kept. */
  readonly metadata?: Readonly<Record<string, string | undefined>>;
  readonly storageClass?: CopyObjectCommandInput["StorageClass"];
}

/** Everything that readers see of an object besides its bytes. */
export type Kept = Pick<
  CopyObjectCommandInput,
  | "ContentType"
  | "CacheControl"
  | "ContentEncoding"
  | "ContentDisposition"
  | "ContentLanguage"
  | "WebsiteRedirectLocation"
  | "Metadata"
  | "StorageClass"
>;

/** As the header `x-amz-copy-source` wants it. */
export function sourceOf({ bucket, key, versionId }: ObjectVersion): string {
  const path = `${bucket}/${key.split("/").map(encodeURIComponent).join("/")}`;
  return versionId === undefined ? path : `${path}?versionId=${encodeURIComponent(versionId)}`;
}

/** What readers see of an object, with what the options change. */
export function keptOf(head: Head, { metadata = {}, storageClass }: CopyOptions = {}): Kept {
  const changed = Object.entries({ ...head.Metadata, ...metadata })
    .filter((entry): entry is [string, string] => entry[1] !== undefined)
    .sort(([one], [other]) => (one < other ? -1 : 1));
  const names = [
    "ContentType",
    "CacheControl",
    "ContentEncoding",
    "ContentDisposition",
    "ContentLanguage",
    "WebsiteRedirectLocation",
  ] as const;
  const there = names.flatMap((name) => (head[name] === undefined ? [] : [[name, head[name]] as const]));
  return {
    ...Object.fromEntries(there),
    Metadata: Object.fromEntries(changed),
    StorageClass: storageClass,
  };
}

/** Tags, as in the query of a URL. */
export async function tagsOf(client: S3Client, { bucket, key, versionId }: ObjectVersion): Promise<string> {
  const { TagSet = [] } = await client.send(
    new GetObjectTaggingCommand({
      Bucket: bucket,
      Key: key,
      VersionId: versionId,
    }),
  );
  return new URLSearchParams(
    TagSet.map(({ Key = "", Value = "" }): [string, string] => [Key, Value]),
  ).toString();
}
