import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  type S3Client,
  UploadPartCopyCommand,
} from "@aws-sdk/client-s3";
import { eachOf } from "@packages/cli-kit/concurrency";
import { type Kept, sourceOf } from "./object-metadata";
import type { Head, ObjectVersion } from "./object-equality";

export interface CopyInParts {
  readonly from: ObjectVersion;
  readonly to: { readonly bucket: string; readonly key: string };
  readonly head: Head;
  /** Number of parts of the source. */
  readonly parts: number;
  readonly kept: Kept;
  /** Tags as a URL query. */
  readonly tagging: string;
}

/** Maximum concurrent parts of one object. */
const CONCURRENCY = 8;

/**
 * Copies an object with the same parts as its upload, because S3 copies at most 5 GiB at once. Returns the copy's
 * version id.
 */
export async function copyInParts(client: S3Client, copy: CopyInParts): Promise<string | undefined> {
  const { from, to, kept, tagging } = copy;
  const target = { Bucket: to.bucket, Key: to.key };
  const ranges = rangesOf(await sizesOf(client, copy));
  const begin = new CreateMultipartUploadCommand({
    ...target,
    ...kept,
    Tagging: tagging === "" ? undefined : tagging,
  });
  const { UploadId } = await client.send(begin);
  const upload = { ...target, UploadId };
  try {
    const etags: string[] = [];
    await eachOf(ranges.entries(), { concurrency: CONCURRENCY }, async ([index, range]) => {
      const { CopyPartResult } = await client.send(
        new UploadPartCopyCommand({
          ...upload,
          PartNumber: index + 1,
          CopySource: sourceOf(from),
          // S3 copies no ranges of a source below 5 MB.
          CopySourceRange: ranges.length > 1 ? `bytes=${range.first}-${range.last}` : undefined,
        }),
      );
      etags[index] = CopyPartResult?.ETag ?? "";
    });
    const Parts = etags.map((ETag, index) => ({ ETag, PartNumber: index + 1 }));
    const { VersionId } = await client.send(
      new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } }),
    );
    return VersionId;
  } catch (error) {
    await client.send(new AbortMultipartUploadCommand(upload)).catch(() => undefined);
    throw error;
  }
}

/** Sizes of the parts. Usually all but the last are equal; otherwise each part is queried. */
async function sizesOf(client: S3Client, { from, head, parts }: CopyInParts): Promise<number[]> {
  const size = head.ContentLength ?? 0;
  if (parts === 1) return [size];
  const [first, last] = [await sizeOf(client, from, 1), await sizeOf(client, from, parts)];
  if (first * (parts - 1) + last === size) return [...Array<number>(parts - 1).fill(first), last];
  const sizes: number[] = [];
  await eachOf(Array(parts).keys(), { concurrency: CONCURRENCY }, async (index) => {
    sizes[index] = await sizeOf(client, from, index + 1);
  });
  return sizes;
}

async function sizeOf(
  client: S3Client,
  { bucket, key, versionId }: ObjectVersion,
  part: number,
): Promise<number> {
  const { ContentLength = 0 } = await client.send(
    new HeadObjectCommand({
      Bucket: bucket,
      Key: key,
      PartNumber: part,
      VersionId: versionId,
    }),
  );
  return ContentLength;
}

function rangesOf(sizes: readonly number[]): { first: number; last: number }[] {
  let end = 0;
  return sizes.map((size) => {
    const first = end;
    end += size;
    return { first, last: end - 1 };
  });
}
