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

/**
 * Removes media. First the row is hidden, so that it can no longer be seen, played or processed. Then the objects are
 * deleted, and the row last, because only it has the owner. An interrupted removal can be repeated by its creator, and
 * found by searching for rows hidden for long.
 */
export class Removal {
  constructor(private readonly dependencies: RemovalDependencies) {}

  async remove({ id, caller }: Claim): Promise<void> {
    const { registry, uploads, objects, library } = this.dependencies;
    const media = await registry.find(id);
    owned(media, { id, caller });
    if (!(await registry.hide(id))) {
      if ((await registry.find(id)) === undefined) throw unknown(id);
      throw new Problem(409, `the media ${id} is being processed: delete it when it is ready or has failed`, {
        code: "processing",
      });
    }
    await library.removed(id);
    // An upload that is being completed is either aborted now or removed below.
    if (media.uploadId !== null) await uploads.abort({ id, uploadId: media.uploadId });
    await objects.remove(id);
    await registry.forget(id);
  }
}
