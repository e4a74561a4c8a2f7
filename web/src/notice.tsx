import { useEffect } from "preact/hooks";

/** Duration of a notice in milliseconds. */
const NOTICE_MS = 12_000;

/** A notice. The element always exists, so that screen readers announce its content. */
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
