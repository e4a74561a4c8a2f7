const MEBIBYTE = 1024 * 1024;

/** Limits of the API. */
export const LIMITS = {
  /** Maximum characters of a title. */
  title: 200,
  /** Maximum characters of a description. */
  description: 5_000,
  /** Maximum characters of a content type with its parameters. */
  contentType: 255,
  /** Maximum bytes of a source: 50 GiB. */
  sizeBytes: 50 * 1024 * MEBIBYTE,
  /** Maximum parts of an upload: one page of S3's list. */
  parts: 1_000,
  /** Maximum bytes of a body. */
  bodyBytes: 256 * 1024,
} as const;

/** Size of each part except the last, in bytes: 8 MiB, or more whole MiB if the source would have too many parts. */
export function partSizeOf(sizeBytes: number): number {
  return Math.max(8, Math.ceil(sizeBytes / LIMITS.parts / MEBIBYTE)) * MEBIBYTE;
}

/** All parts of a source with their sizes, from number 1. */
export function partsOf(sizeBytes: number): { partNumber: number; sizeBytes: number }[] {
  const size = partSizeOf(sizeBytes);
  return Array.from({ length: Math.ceil(sizeBytes / size) }, (_, index) => ({
    partNumber: index + 1,
    sizeBytes: Math.min(size, sizeBytes - index * size),
  }));
}
