import { CopyObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { type CopyInParts, copyInParts } from "./copy-parts";
import { type CopyOptions, keptOf, sourceOf, tagsOf } from "./object-metadata";
import { headOf, inParts, type ObjectVersion, type Proof, sameBytes } from "./object-equality";

/** A copy of a version: source, target and changed metadata. */
export interface VersionCopy extends CopyOptions {
  readonly from: ObjectVersion;
  readonly to: { readonly bucket: string; readonly key: string };
}

export interface Copied {
  readonly versionId: string | undefined;
  /** Size in bytes. */
  readonly size: number;
  readonly proof: Proof;
}

/** The copy differs from its source. */
export class CopyDiffersError extends Error {
  override readonly name = "CopyDiffersError";
}

/**
 * Copies one version of an object inside S3, as the newest version of a key. Multipart objects keep their parts, so
 * that the copy has the same ETag. Rejects with `CopyDiffersError` if the copy differs from its source.
 */
export async function copyVersion(client: S3Client, { from, to, ...options }: VersionCopy): Promise<Copied> {
  const head = await headOf(client, from);
  const kept = keptOf(head, options);
  const parts = head.ContentLength === 0 ? undefined : inParts(head);
  const versionId =
    parts === undefined
      ? await copyWhole(client, { from, to, kept })
      : await copyInParts(client, { from, to, head, parts, kept, tagging: await tagsOf(client, from) });
  const { same, proof } = await sameBytes(client, { one: from, other: { ...to, versionId }, head });
  if (!same)
    throw new CopyDiffersError(
      `the copy of ${from.bucket}/${from.key} differs from its source (compared by ${proof})`,
    );
  return { versionId, size: head.ContentLength ?? 0, proof };
}

/** S3 copies the tags; metadata is set again, because parts of it may change. */
async function copyWhole(
  client: S3Client,
  { from, to, kept }: Pick<CopyInParts, "from" | "to" | "kept">,
): Promise<string | undefined> {
  const { VersionId } = await client.send(
    new CopyObjectCommand({
      Bucket: to.bucket,
      Key: to.key,
      CopySource: sourceOf(from),
      MetadataDirective: "REPLACE",
      TaggingDirective: "COPY",
      ...kept,
    }),
  );
  return VersionId;
}
