import { useEffect } from "preact/hooks";

const NAME = "StreamFlow";

/** Shows the title of what is on the page in the browser's tab. */
export function useTitle(title: string | undefined): void {
  useEffect(() => {
    document.title = title === undefined ? NAME : `${title} · ${NAME}`;
    return () => {
      document.title = NAME;
    };
  }, [title]);
}
