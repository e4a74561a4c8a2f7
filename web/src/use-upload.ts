import { useEffect, useRef, useState } from "preact/hooks";
import type { Media } from "../../handlers/media/media";
import type { Api } from "./api";
import { upload } from "./upload";

/** How far an upload has come. */
export interface UploadProgress {
  readonly title: string;
  readonly totalBytes: number;
  readonly sentBytes: number;
}

/** The upload of this page; at most one is under way. It goes on whatever the page shows. */
export interface Upload {
  /** Undefined while none is under way. */
  readonly progress: UploadProgress | undefined;
  /** The media whose upload has ended last. */
  readonly finished: Media | undefined;
  /** Why the last one failed; empty when it did not. */
  readonly error: string;
  start(api: Api, title: string, file: File): void;
  /** Ends the upload. Resolves when nothing is left of it here or, as far as it can be reached, at the API. */
  cancel(): Promise<void>;
}

interface Running {
  readonly stop: AbortController;
  readonly ended: Promise<void>;
}

interface Sending {
  readonly api: Api;
  readonly title: string;
  readonly file: File;
  readonly signal: AbortSignal;
}

/** `onCancelled` is told when an upload was ended by `cancel`. */
export function useUpload(onCancelled: () => void): Upload {
  const [progress, setProgress] = useState<UploadProgress>();
  const [finished, setFinished] = useState<Media>();
  const [error, setError] = useState("");
  const running = useRef<Running>();
  const isRunning = progress !== undefined;

  useEffect(() => {
    if (!isRunning) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
  }, [isRunning]);

  const send = async ({ api, title, file, signal }: Sending): Promise<void> => {
    const onProgress = (sentBytes: number) => setProgress({ title, totalBytes: file.size, sentBytes });
    setError("");
    onProgress(0);
    try {
      const id = await upload(api, file, { title, onProgress, signal });
      setFinished(await api.find(id));
    } catch (failure) {
      if (signal.aborted) onCancelled();
      else setError((failure as Error).message);
    } finally {
      running.current = undefined;
      setProgress(undefined);
    }
  };
  return {
    progress,
    finished,
    error,
    start(api, title, file) {
      if (running.current !== undefined) return;
      const stop = new AbortController();
      running.current = { stop, ended: send({ api, title, file, signal: stop.signal }) };
    },
    async cancel() {
      running.current?.stop.abort();
      await running.current?.ended;
    },
  };
}
