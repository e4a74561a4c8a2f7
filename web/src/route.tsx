import type { ComponentChildren, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

/** The view of the URL. */
export type Route =
  | { readonly view: "library" }
  /** A video with what its creator may change. */
  | { readonly view: "video"; readonly id: string }
  /** A video for everybody who may see it; `share` is the token of an unlisted one's link. */
  | { readonly view: "watch"; readonly id: string; readonly share?: string }
  /** Only its player, for frames of other sites. */
  | { readonly view: "embed"; readonly id: string; readonly share?: string };

export const LIBRARY_PATH = "/";
export const videoPath = (id: string): string => `/videos/${id}`;
export const watchPath = (id: string, share?: string): string => shared(`/watch/${id}`, share);
/** A page of the API that opens the watch page, and shows other services what the video is. */
export const linkPath = (id: string, share?: string): string => shared(`/v/${id}`, share);
export const embedPath = (id: string): string => `${EMBED_PREFIX}${id}`;
const EMBED_PREFIX = "/embed/";
/** An id that no video has. */
const NO_VIDEO = "00000000-0000-0000-0000-000000000000";

function shared(path: string, share: string | undefined): string {
  return share === undefined ? path : `${path}?share=${encodeURIComponent(share)}`;
}

const ID = "([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})";

/** The view of a path with its query. An address of an older console, `#/videos/ID`, shows the same video. */
export function routeOf({ pathname, search, hash }: Pick<URL, "pathname" | "search" | "hash">): Route {
  const [, view, seen] = new RegExp(`^/(videos|watch|embed)/${ID}/?$`, "i").exec(pathname) ?? [];
  const id = seen?.toLowerCase();
  const token = new URLSearchParams(search).get("share");
  const share = token === null ? {} : { share: token };
  // Other sites may frame whatever is there, so nothing else is.
  if (pathname.startsWith(EMBED_PREFIX)) return { view: "embed", id: id ?? NO_VIDEO, ...share };
  if (id !== undefined && view === "watch") return { view: "watch", id, ...share };
  const video = view === "videos" ? id : new RegExp(`^#/videos/${ID}$`).exec(hash)?.[1];
  return video === undefined ? { view: "library" } : { view: "video", id: video };
}

/** Shows another view without loading the page again, so that uploads continue. */
export function goTo(path: string): void {
  history.pushState(null, "", path);
  dispatchEvent(new PopStateEvent("popstate"));
  scrollTo(0, 0);
}

export function useRoute(): Route {
  const [route, setRoute] = useState(() => routeOf(new URL(location.href)));
  useEffect(() => {
    const changed = () => setRoute(routeOf(new URL(location.href)));
    addEventListener("popstate", changed);
    return () => removeEventListener("popstate", changed);
  }, []);
  return route;
}

interface LinkProps extends Omit<JSX.AnchorHTMLAttributes<HTMLAnchorElement>, "href" | "onClick"> {
  readonly to: string;
  readonly children: ComponentChildren;
}

/** A link to another view; a new tab or window loads the page as other links do. */
export function Link({ to, children, ...attributes }: LinkProps) {
  const onClick = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    goTo(to);
  };
  return (
    <a {...attributes} href={to} onClick={onClick}>
      {children}
    </a>
  );
}
