import type { HlsVideoElement } from "hls-video-element";
import type { Ticket } from "../../handlers/media/playback";

type Playback = Ticket["playback"];

/**
 * Playback without cookies, which browsers keep from frames of other sites: each address has the signature in its query.
 */
export class FramedPlayback {
  /** Signature of the last answer. */
  private query = "";

  /** Settings of hls.js, which add the signature to playlists and segments. */
  readonly hls: NonNullable<HlsVideoElement["config"]> = {
    xhrSetup: (request: { open(method: string, url: string): void }, url: string) =>
      request.open("GET", this.signed(url)),
  };

  /** Uses the signature of an answer from now on. */
  renew({ query }: Playback): void {
    this.query = query;
  }

  /** The answer with signed pictures and chapters. */
  async open(playback: Playback): Promise<Playback> {
    const { poster, chapters, sprite } = playback;
    return {
      ...playback,
      poster: this.signed(poster),
      chapters: this.signed(chapters),
      // Without the small pictures, it plays all the same.
      sprite: await this.signedSprite(sprite).catch(() => sprite),
    };
  }

  private signed(url: string): string {
    return `${url}?${this.query}`;
  }

  /** URL of the sprite's track in this page's memory, with absolute and signed addresses of its picture. */
  private async signedSprite(sprite: string): Promise<string> {
    const response = await fetch(this.signed(sprite));
    if (!response.ok) throw new Error(`${sprite} answered ${response.status}`);
    const text = (await response.text()).replace(/^(\S+)(?=#xywh=)/gm, (file) =>
      this.signed(new URL(file, response.url).href),
    );
    return URL.createObjectURL(new Blob([text], { type: "text/vtt" }));
  }
}
