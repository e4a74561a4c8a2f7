import { type Claim, owned, unknown } from "./creators";
import type { Library } from "./library";
import type { MediaRegistry, ProcessingQueue, Uploads } from "./ports";
import { Problem } from "./problem";

export interface RetryingDependencies {
  readonly registry: MediaRegistry;
  readonly uploads: Pick<Uploads, "source">;
  readonly queue: ProcessingQueue;
  readonly library: Library;
}

/** Another try to process media that failed. */
export class Retrying {
  constructor(private readonly dependencies: RetryingDependencies) {}

  /**
   * Asks for the processing of a failed media, whose source must still exist. The status changes first: if the message is
   * lost, the media is found by its status.
   */
  async retry({ id, caller }: Claim, trace: string | undefined): Promise<void> {
    const { registry, uploads, queue, library } = this.dependencies;
    const media = await registry.find(id);
    owned(media, { id, caller });
    if (media.removing) throw unknown(id);
    if (media.status !== "failed") throw notFailed(id);
    const source = await uploads.source(id);
    if (source === undefined) {
      throw new Problem(409, `the source of the media ${id} no longer exists: upload it again`, {
        code: "source-gone",
      });
    }
    const sequencer = await registry.retried(id);
    if (sequencer === undefined) throw notFailed(id);
    await library.changed(id);
    await queue.send({ id, source, sequencer, trace });
  }
}

function notFailed(id: string): Problem {
  return new Problem(409, `the media ${id} has not failed`, { code: "not-failed" });
}
