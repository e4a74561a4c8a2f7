import { useEffect, useState } from "preact/hooks";
import type { OwnMediaItem } from "../../handlers/media/playback";
import { useConsole } from "./console";
import { follow, isOver, type Progress } from "./progress";

/** Progress of a media while it is shown. */
export function useProgress(media: Pick<OwnMediaItem, "id" | "status" | "failure" | "events">): Progress {
  const { api } = useConsole();
  const { id, status, failure, events } = media;
  const [progress, setProgress] = useState<Progress>();
  useEffect(() => {
    setProgress(undefined);
    // Media without source are not processed.
    if (isOver(status) || status === "registered") return;
    return follow(api, { id, path: events ?? `/events/${id}` }, setProgress);
    // The path of the events has a new ticket in each answer.
  }, [api, id, status]);
  return progress ?? { status, percent: status === "ready" ? 100 : 0, failure };
}
