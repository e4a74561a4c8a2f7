/**
 * Called when no object of a media is left in S3, not earlier: CloudFront could cache an object again that is still there. The
 * media's row is deleted only after it succeeded, so that a removal that was interrupted, and is repeated, calls it again.
 */
export type OnRemoved = (id: string) => Promise<void>;

const MEDIA_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The message about a removed media, in the queue of invalidations. */
export function removedMessage(id: string): string {
  return JSON.stringify({ mediaId: id });
}

/** Id of the media in a message; undefined if it is none about a removed media. */
export function removedMediaIn(message: string): string | undefined {
  try {
    const { mediaId } = JSON.parse(message) as { readonly mediaId?: unknown };
    return typeof mediaId === "string" && MEDIA_ID.test(mediaId) ? mediaId : undefined;
  } catch {
    return undefined;
  }
}
