import { useEffect, useState } from "preact/hooks";
import type { Media } from "../../handlers/media/media";
import { useConsole } from "./console";
import { follow, isOver, type Progress } from "./progress";

/** Progress of a media while it is shown. */
export function useProgress(media: Pick<Media, "id" | "status" | "failure">): Progress {
  const { api } = useConsole();
  const { id, status, failure } = media;
  const [progress, setProgress] = useState<Progress>();
  useEffect(() => {
    setProgress(undefined);
    // Media without source are not processed.
    if (isOver(status) || status === "registered") return;
    return follow(api, id, setProgress);
  }, [api, id, status]);
  return progress ?? { status, percent: status === "ready" ? 100 : 0, failure };
}
