import type { OwnMediaItem } from "../../handlers/media/playback";
import { useWords } from "./console";
import { duration, moment, size } from "./format";
import { RemoveButton } from "./remove-button";
import { videoAddress } from "./route";
import { StatusLine } from "./status-line";
import { useProgress } from "./use-progress";

/** A video in the list, with live progress. */
export function VideoRow({ media, onRemoved }: { media: OwnMediaItem; onRemoved: () => void }) {
  const { words, locale } = useWords();
  const progress = useProgress(media);
  const facts = [
    moment(media.createdAt, locale),
    size(media.sizeBytes, locale),
    ...(media.durationSeconds === null ? [] : [duration(media.durationSeconds)]),
    ...(media.width === null || media.height === null ? [] : [`${media.width} × ${media.height}`]),
  ];
  return (
    <li class="card video">
      <div>
        <h3>{media.title}</h3>
        <p class="facts">{facts.join(" · ")}</p>
        <StatusLine progress={progress} title={media.title} />
      </div>
      <div class="actions">
        {progress.status === "ready" && (
          <a class="button" href={videoAddress(media.id)} aria-label={`${words.play}: ${media.title}`}>
            {words.play}
          </a>
        )}
        <RemoveButton media={media} onRemoved={onRemoved} />
      </div>
    </li>
  );
}
