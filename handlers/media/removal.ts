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
 * Removes media. First the row is hidden: from then on nobody sees, plays or processes it. Then the objects go, and the
 * row goes last, because it alone knows whose they are: what ends half-way can be done again by its creator, and
 * found by whoever looks for rows that are hidden for long.
 */
export class Removal {
  constructor(private readonly dependencies: RemovalDependencies) {}

  async remove({ id, caller }: Claim): Promise<void> {
    const { registry, uploads, objects, library } = this.dependencies;
    const media = await registry.find(id);
    owned(media, { id, caller });
    if (!(await registry.hide(id))) {
      if ((await registry.find(id)) === undefined) throw unknown(id);
      throw new Problem(409, `the media ${id} is being processed: delete it when it is ready or has failed`);
    }
    await library.removed(id);
    // What is put together in this moment is either given up now, or there to be removed.
    if (media.uploadId !== null) await uploads.abort({ id, uploadId: media.uploadId });
    await objects.remove(id);
    await registry.forget(id);
  }
}
