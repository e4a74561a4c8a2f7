import { CopyObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { type CopyInParts, copyInParts } from "./copy-parts";
import { type CopyOptions, keptOf, sourceOf, tagsOf } from "./object-metadata";
import { headOf, inParts, type ObjectVersion, type Proof, sameBytes } from "./object-equality";

/** What is copied where, and what is changed of what S3 keeps beside the bytes. */
export interface VersionCopy extends CopyOptions {
  readonly from: ObjectVersion;
  readonly to: { readonly bucket: string; readonly key: string };
}

export interface Copied {
  readonly versionId: string | undefined;
  /** Bytes. */
  readonly size: number;
  readonly proof: Proof;
}

/** The copy does not hold what its source holds. */
export class Differs extends Error {
  override readonly name = "Differs";
}

/**
 * Copies one version of an object to a key as its newest version, inside S3. An object in parts is copied in the same
 * parts, so that the copy has the same ETag: whoever knows the one knows the other. Rejects with `Differs` when the
 * copy holds other bytes than its source.
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
  if (!same) throw new Differs(`the copy of ${from.bucket}/${from.key} holds other bytes, by its ${proof}`);
  return { versionId, size: head.ContentLength ?? 0, proof };
}

/** Tags come along; what S3 keeps beside the bytes is given anew, because a part of it may change. */
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
