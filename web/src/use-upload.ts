import { useEffect, useRef, useState } from "preact/hooks";
import type { OwnMediaItem } from "../../handlers/media/playback";
import type { Api } from "./api";
import { upload } from "./upload";

/** Progress of an upload. */
export interface UploadProgress {
  readonly title: string;
  readonly totalBytes: number;
  readonly sentBytes: number;
}

/** The page's upload, at most one; it continues while other views are shown. */
export interface Upload {
  /** Undefined without an upload. */
  readonly progress: UploadProgress | undefined;
  /** The media of the last finished upload. */
  readonly finished: OwnMediaItem | undefined;
  /** Error of the last upload; undefined if it succeeded. */
  readonly error: unknown;
  start(api: Api, title: string, file: File): void;
  /** Cancels the upload. Resolves when it is removed here and, if reachable, at the API. */
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

/** `onCancelled` is called after `cancel`. */
export function useUpload(onCancelled: () => void): Upload {
  const [progress, setProgress] = useState<UploadProgress>();
  const [finished, setFinished] = useState<OwnMediaItem>();
  const [error, setError] = useState<unknown>();
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
    setError(undefined);
    onProgress(0);
    try {
      const id = await upload(api, file, { title, onProgress, signal });
      setFinished(await api.find(id));
    } catch (failure) {
      if (signal.aborted) onCancelled();
      else setError(failure);
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
