import { useEffect, useState } from "preact/hooks";
import type { MediaAnswer, OwnMediaItem } from "../../handlers/media/playback";
import { useConsole } from "./console";
import { follow, isOver, type Progress } from "./progress";

type Followed = Pick<OwnMediaItem, "id" | "status" | "failure" | "updatedAt" | "events">;

/** Progress of a media while it is shown. `look` reads it again, by default as its creator. */
export function useProgress(media: Followed, look?: () => Promise<MediaAnswer>): Progress {
  const { api } = useConsole();
  const { id, status, failure, updatedAt, events } = media;
  const [progress, setProgress] = useState<Progress>();
  useEffect(() => {
    setProgress(undefined);
    // Media without source are not processed.
    if (isOver(status) || status === "registered") return;
    return follow({ path: events, look: look ?? (() => api.find(id)) }, setProgress);
    // The path of the events has a new ticket in each answer.
  }, [api, id, status, updatedAt]);
  return progress ?? { status, percent: status === "ready" ? 100 : 0, failure };
}
