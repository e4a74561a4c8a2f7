const MEBIBYTE = 1024 * 1024;

/** What the API takes. */
export const LIMITS = {
  /** Characters of a title. */
  title: 200,
  /** Bytes of a source: 50 GiB. */
  sizeBytes: 50 * 1024 * MEBIBYTE,
  /** Parts of an upload: as many as S3 lists at once. */
  parts: 1_000,
  /** Bytes of a body. */
  bodyBytes: 256 * 1024,
} as const;

/** Bytes of each part but the last: 8 MiB, or so many whole MiB that a source has no more parts than it may have. */
export function partSizeOf(sizeBytes: number): number {
  return Math.max(8, Math.ceil(sizeBytes / LIMITS.parts / MEBIBYTE)) * MEBIBYTE;
}

/** Every part of a source with its size, from number 1. */
export function partsOf(sizeBytes: number): { partNumber: number; sizeBytes: number }[] {
  const size = partSizeOf(sizeBytes);
  return Array.from({ length: Math.ceil(sizeBytes / size) }, (_, index) => ({
    partNumber: index + 1,
    sizeBytes: Math.min(size, sizeBytes - index * size),
  }));
}
