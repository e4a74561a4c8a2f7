import type { ListedMedia, Media } from "./media";
import { pictureAt } from "./playback";
import type { Tickets } from "./ports";

/** Lists are shown for hours, and players need cookies for each video. */
const LIFETIME_MS = 6 * 3_600_000;
/** Signatures end at whole hours: their paths stay equal meanwhile, so that browsers keep the pictures. */
const ROUNDING_MS = 3_600_000;
/** Signatures that are kept: about a hundred pages. */
const MAX_KEPT = 2_000;

/** Signed paths of posters, which lists show without cookies. */
export class Thumbnails {
  private readonly kept = new Map<string, string>();

  constructor(
    private readonly tickets: Pick<Tickets, "signedPath">,
    private readonly now: () => number = Date.now,
  ) {}

  /** Adds the path of its poster to a media that is ready. A list is shown without pictures if they can't be signed. */
  async add(item: ListedMedia): Promise<Media> {
    const { playbackPath, ...media } = item;
    if (playbackPath === null) return media;
    const thumbnail = await this.of(playbackPath);
    return thumbnail === undefined ? media : { ...media, thumbnail };
  }

  /** The signed path of a stream's poster; undefined if it can't be signed. */
  of(playbackPath: string): Promise<string | undefined> {
    return this.signed(pictureAt(playbackPath)).catch(() => undefined);
  }

  private async signed(path: string): Promise<string> {
    const until = Math.ceil((this.now() + LIFETIME_MS) / ROUNDING_MS) * ROUNDING_MS;
    const key = `${until} ${path}`;
    const kept = this.kept.get(key);
    if (kept !== undefined) return kept;
    const signed = await this.tickets.signedPath(path, until);
    if (this.kept.size >= MAX_KEPT) this.kept.clear();
    this.kept.set(key, signed);
    return signed;
  }
}
