import { useWords } from "./console";
import { explainFailure } from "./explain";
import type { Progress } from "./progress";

/** A media's status, with a progress bar or the reason of a failure. */
export function StatusLine({ progress, title }: { progress: Progress; title: string }) {
  const { words } = useWords();
  const { status, percent, failure } = progress;
  const whole = Math.floor(percent);
  return (
    <div class="status" data-status={status}>
      <span class={`badge ${status}`}>{words.status[status]}</span>
      {status === "processing" && (
        <>
          <progress max={100} value={whole} aria-label={`${words.processingProgress}: ${title}`} />
          <span class="percent">{whole} %</span>
        </>
      )}
      {failure && <span class="error">{explainFailure(failure, words)}</span>}
    </div>
  );
}
