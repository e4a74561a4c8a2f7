import { useEffect } from "preact/hooks";

/** Milliseconds for which a notice stays. */
const NOTICE_MS = 12_000;

/** What has just happened. The place is always there: screen readers tell what comes into it. */
export function Notice({ text, onRead }: { text: string; onRead: () => void }) {
  useEffect(() => {
    if (text === "") return;
    const timer = setTimeout(onRead, NOTICE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <div role="status" class={text === "" ? "hidden" : "notice"}>
      {text}
    </div>
  );
}
