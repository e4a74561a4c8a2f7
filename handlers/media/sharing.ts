import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { type Claim, owned, unknown } from "./creators";
import type { Library } from "./library";
import type { MediaDetail } from "./media";
import type { MediaChanges, MediaRegistry } from "./ports";
import { Problem } from "./problem";

export interface SharingDependencies {
  readonly registry: MediaRegistry;
  readonly library: Library;
}

/** Bytes of a token: 192 bits, which nobody guesses. */
const TOKEN_BYTES = 24;

export function newShareToken(): string {
  return randomBytes(TOKEN_BYTES).toString("base64url");
}

/** Whether somebody who is not known to be its creator may see a media: it is public, or the caller has its link. */
export function isVisible(
  { visibility, shareToken }: Pick<MediaDetail, "visibility" | "shareToken">,
  share: string | undefined,
): boolean {
  if (visibility === "public") return true;
  if (visibility !== "unlisted" || shareToken === null || share === undefined) return false;
  // Hashed, because only texts of one length can be compared in constant time.
  const [given, expected] = [share, shareToken].map((text) => createHash("sha256").update(text).digest());
  return given !== undefined && expected !== undefined && timingSafeEqual(given, expected);
}

/** Changes by creators: title, description, and who may see a media. */
export class Sharing {
  constructor(private readonly dependencies: SharingDependencies) {}

  /** Changes fields. When it resolves, no answer shows the media to whoever may not see it; cookies given before stay valid. */
  async change({ id, caller }: Claim, changes: MediaChanges): Promise<void> {
    const { registry, library } = this.dependencies;
    await this.find({ id, caller });
    if (!(await registry.change(id, changes, newShareToken()))) throw unknown(id);
    await (changes.visibility === undefined ? library.changed(id) : library.removed(id));
  }

  /** Replaces the link of an unlisted media. When it resolves, the old link shows nothing. */
  async renew({ id, caller }: Claim): Promise<void> {
    const { registry, library } = this.dependencies;
    await this.find({ id, caller });
    if (!(await registry.share(id, newShareToken()))) {
      throw new Problem(409, `the media ${id} has no link, because it is not unlisted`, {
        code: "not-unlisted",
      });
    }
    await library.removed(id);
  }

  private async find({ id, caller }: Claim): Promise<void> {
    const media = await this.dependencies.registry.find(id);
    owned(media, { id, caller });
    if (media.removing) throw unknown(id);
  }
}
