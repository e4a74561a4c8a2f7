import { useEffect } from "preact/hooks";
import type { OwnMedia, OwnMediaItem } from "../../handlers/media/playback";
import { useConsole, useUploading, useWords } from "./console";
import { ContinueUpload } from "./continue-upload";
import { duration, moment, size } from "./format";
import { isOver } from "./progress";
import { RemoveButton } from "./remove-button";
import { RetryButton } from "./retry-button";
import { Link, videoPath } from "./route";
import { StatusLine } from "./status-line";
import { useProgress } from "./use-progress";

interface VideoRowProps {
  readonly media: OwnMediaItem;
  readonly onChange: (media: OwnMedia) => void;
  readonly onRemoved: () => void;
}

/** A video in the list, with live progress. */
export function VideoRow({ media, onChange, onRemoved }: VideoRowProps) {
  const { uploads } = useUploading();
  const { words, locale } = useWords();
  const progress = useProgress(media);
  const { api } = useConsole();
  useEffect(() => {
    // Its length and size are known now.
    if (isOver(progress.status) && !isOver(media.status)) api.find(media.id).then(onChange, () => undefined);
  }, [progress.status]);
  const { id, title, createdAt, sizeBytes, durationSeconds, width, height, visibility, thumbnail } = media;
  const facts = [
    words.visibilities[visibility],
    moment(createdAt, locale),
    size(sizeBytes, locale),
    ...(durationSeconds === null ? [] : [duration(durationSeconds)]),
    ...(width === null || height === null ? [] : [`${width} × ${height}`]),
  ];
  const isHere = uploads.some((upload) => upload.id === id);
  return (
    <li class="card video">
      <div class="thumbnail">{thumbnail !== undefined && <img src={thumbnail} alt="" loading="lazy" />}</div>
      <div>
        <h3>{title}</h3>
        <p class="facts">{facts.join(" · ")}</p>
        <StatusLine progress={progress} title={title} />
        {media.status === "registered" && !isHere && <ContinueUpload media={media} />}
      </div>
      <div class="actions">
        <Link
          class="button"
          to={videoPath(id)}
          aria-label={`${progress.status === "ready" ? words.play : words.edit}: ${title}`}
        >
          {progress.status === "ready" ? words.play : words.edit}
        </Link>
        <RetryButton media={media} progress={progress} onRetried={onChange} />
        <RemoveButton media={media} onRemoved={onRemoved} />
      </div>
    </li>
  );
}
