import { createHash } from "node:crypto";
import type { Readable } from "node:stream";
import {
  GetObjectCommand,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  type S3Client,
} from "@aws-sdk/client-s3";

/** One version of an object. */
export interface ObjectVersion {
  readonly bucket: string;
  readonly key: string;
  /**
   * Version id.
   * @default the current version
   */
  readonly versionId?: string | undefined;
}

/** Metadata of an object. */
export type Head = HeadObjectCommandOutput;

/** How two objects were compared. */
export type Proof = "checksum" | "ETag" | "SHA-256 of all bytes";

const CHECKSUMS = [
  "ChecksumCRC64NVME",
  "ChecksumSHA256",
  "ChecksumSHA1",
  "ChecksumCRC32C",
  "ChecksumCRC32",
] as const;

export function headOf(client: S3Client, { bucket, key, versionId }: ObjectVersion): Promise<Head> {
  return client.send(
    new HeadObjectCommand({
      Bucket: bucket,
      Key: key,
      ChecksumMode: "ENABLED",
      VersionId: versionId,
    }),
  );
}

/**
 * Whether two objects have equal content, from S3's metadata; undefined if it does not decide. An ETag is the MD5 of
 * the content, or of the parts' MD5s for multipart objects: equal ETags prove equality; different ones only prove a
 * difference if neither is multipart. Whole-object checksums are compared if both have the same kind.
 */
export function sameByHead(one: Head, other: Head): { same: boolean; proof: Proof } | undefined {
  if (one.ContentLength !== other.ContentLength) return { same: false, proof: "checksum" };
  if (one.ETag === other.ETag && isMd5(one) && isMd5(other)) return { same: true, proof: "ETag" };
  const whole = [one, other].every(
    (head) => head.ChecksumType !== "COMPOSITE" && !/-\d+$/.test(head.ChecksumSHA256 ?? ""),
  );
  const checksum = CHECKSUMS.find((name) => one[name] !== undefined && other[name] !== undefined);
  if (whole && checksum !== undefined) return { same: one[checksum] === other[checksum], proof: "checksum" };
  const inOne = [one, other].every((head) => !inParts(head) && isMd5(head));
  return inOne ? { same: false, proof: "ETag" } : undefined;
}

export interface ComparedObjects {
  readonly one: ObjectVersion;
  readonly other: ObjectVersion;
  /** Metadata of `one`, if known. */
  readonly head?: Head;
  /** Compare contents even if the metadata says that they are equal. */
  readonly read?: boolean;
}

/** Whether two objects have equal content; reads both if the metadata does not decide. */
export async function sameBytes(
  client: S3Client,
  { one, other, head, read = false }: ComparedObjects,
): Promise<{ same: boolean; proof: Proof }> {
  const [first, second] = await Promise.all([head ?? headOf(client, one), headOf(client, other)]);
  const byHeaders = sameByHead(first, second);
  if (byHeaders !== undefined && !(read && byHeaders.same)) return byHeaders;
  const [left, right] = await Promise.all([sha256(client, one), sha256(client, other)]);
  return { same: left === right, proof: "SHA-256 of all bytes" };
}

/** SHA-256 of an object's content in hexadecimal, computed while streaming. */
export async function sha256(client: S3Client, { bucket, key, versionId }: ObjectVersion): Promise<string> {
  const { Body } = await client.send(
    new GetObjectCommand({
      Bucket: bucket,
      Key: key,
      VersionId: versionId,
    }),
  );
  const hash = createHash("sha256");
  for await (const chunk of Body as Readable) hash.update(chunk as Uint8Array);
  return hash.digest("hex");
}

/** Number of parts of a multipart object; undefined for others. */
export function inParts({ ETag = "" }: Pick<Head, "ETag">): number | undefined {
  const [, parts] = /-(\d+)"?$/.exec(ETag) ?? [];
  return parts === undefined ? undefined : Number(parts);
}

/** Whether the ETag is an MD5; with KMS encryption it is random. */
function isMd5({ ServerSideEncryption, SSECustomerAlgorithm }: Head): boolean {
  return (
    (ServerSideEncryption === undefined || ServerSideEncryption === "AES256") &&
    SSECustomerAlgorithm === undefined
  );
}
