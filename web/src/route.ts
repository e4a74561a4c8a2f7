import { useEffect, useState } from "preact/hooks";

/** The view of the URL: one video, or all. */
export interface Route {
  readonly video?: string;
}

export const videoAddress = (id: string): string => `#/videos/${id}`;
export const libraryAddress = "#/";

export function useRoute(): Route {
  const [route, setRoute] = useState(read);
  useEffect(() => {
    const changed = () => setRoute(read());
    addEventListener("hashchange", changed);
    return () => removeEventListener("hashchange", changed);
  }, []);
  return route;
}

function read(): Route {
  const video = /^#\/videos\/([0-9a-f-]{36})$/.exec(location.hash)?.[1];
  return video === undefined ? {} : { video };
}
