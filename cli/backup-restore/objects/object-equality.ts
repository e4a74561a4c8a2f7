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
  /** The current one when not given. */
  readonly versionId?: string | undefined;
}

/** An object without its content. */
export type Head = HeadObjectCommandOutput;

/** How two objects were found to hold the same, or not. */
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
 * Whether two objects hold the same bytes, by what S3 says of them; undefined when that does not tell. An ETag is the
 * MD5 of the bytes, and of an object in parts that of its parts' MD5s: equal ones are proof; different ones only where
 * neither has parts. A checksum of a whole object is compared with one of its own kind.
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
  /** Of `one`, where it is known. */
  readonly head?: Head;
  /** Read the bytes even where S3's word tells that they are the same. */
  readonly read?: boolean;
}

/** Whether two objects hold the same bytes; reads both where S3's word does not tell. */
export async function sameBytes(
  client: S3Client,
  { one, other, head, read = false }: ComparedObjects,
): Promise<{ same: boolean; proof: Proof }> {
  const [first, second] = await Promise.all([head ?? headOf(client, one), headOf(client, other)]);
  const told = sameByHead(first, second);
  if (told !== undefined && !(read && told.same)) return told;
  const [left, right] = await Promise.all([sha256(client, one), sha256(client, other)]);
  return { same: left === right, proof: "SHA-256 of all bytes" };
}

/** In hexadecimal, of the bytes as they come. */
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

/** How many parts an object came in; undefined for one that came whole. */
export function inParts({ ETag = "" }: Pick<Head, "ETag">): number | undefined {
  const [, parts] = /-(\d+)"?$/.exec(ETag) ?? [];
  return parts === undefined ? undefined : Number(parts);
}

/** With a key of KMS, an ETag is a random number. */
function isMd5({ ServerSideEncryption, SSECustomerAlgorithm }: Head): boolean {
  return (
    (ServerSideEncryption === undefined || ServerSideEncryption === "AES256") &&
    SSECustomerAlgorithm === undefined
  );
}
