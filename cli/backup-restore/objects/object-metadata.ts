import { type CopyObjectCommandInput, GetObjectTaggingCommand, type S3Client } from "@aws-sdk/client-s3";
import type { Head, ObjectVersion } from "./object-equality";

export interface CopyOptions {
  /** Metadata to set, or to remove if undefined; other metadata is kept. */
  readonly metadata?: Readonly<Record<string, string | undefined>>;
  readonly storageClass?: CopyObjectCommandInput["StorageClass"];
}

/** Metadata that readers of an object see. */
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

/** The value of the header `x-amz-copy-source`. */
export function sourceOf({ bucket, key, versionId }: ObjectVersion): string {
  const path = `${bucket}/${key.split("/").map(encodeURIComponent).join("/")}`;
  return versionId === undefined ? path : `${path}?versionId=${encodeURIComponent(versionId)}`;
}

/** Metadata of a copy, with the changes of the options. */
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

/** Tags as a URL query. */
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
