import { type Claim, owned, unknown } from "./creators";
import type { Library } from "./library";
import type { MediaObjects, MediaRegistry, Uploads } from "./ports";
import { Problem } from "./problem";

export interface RemovalDependencies {
  readonly registry: MediaRegistry;
  readonly uploads: Uploads;
  readonly objects: MediaObjects;
  readonly library: Library;
}

/** Seconds after which a processor may have stopped. */
const RETRY_SECONDS = 5;

/**
 * Removes media. First the row is hidden, so that it can no longer be seen, played or processed, and a processor that works on it stops. Then the objects are
 * deleted, and the row last, because only it has the owner. An interrupted removal can be repeated by its creator, and
 * found by searching for rows hidden for long.
 */
export class Removal {
  constructor(private readonly dependencies: RemovalDependencies) {}

  async remove({ id, caller }: Claim): Promise<void> {
    const { registry, uploads, objects, library } = this.dependencies;
    const media = await registry.find(id);
    owned(media, { id, caller });
    const hidden = await registry.hide(id);
    if (hidden === undefined) throw unknown(id);
    await library.removed(id);
    if (hidden.inWork) {
      // Until it has stopped, the processor could write what is deleted here.
      throw new Problem(409, `the processing of the media ${id} is being stopped: delete it again`, {
        code: "processing",
        headers: { "retry-after": String(RETRY_SECONDS) },
      });
    }
    // An upload that is being completed is either aborted now or removed below.
    if (media.uploadId !== null) await uploads.abort({ id, uploadId: media.uploadId });
    await objects.remove(id);
    await registry.forget(id);
  }
}
