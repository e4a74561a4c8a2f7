import { createHash } from "node:crypto";
import { escaped, fitted, type Link, linkPath, type SharedVideo } from "./shared-video";

/** Opens the watch page in place of this one, which then is not in the browser's history. */
const SCRIPT = `location.replace(document.getElementById("watch").href)`;

/** The page runs its one script, loads nothing, and is shown in no frame. */
export const LINK_PAGE_POLICY = [
  "default-src 'none'",
  `script-src 'sha256-${createHash("sha256").update(SCRIPT).digest("base64")}'`,
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/** Pixels of the player in a preview. */
const PLAYER_BOX = { width: 1_280, height: 720 };

/**
 * HTML of a link: services that show a preview of it read the tags, and run no scripts; browsers open the watch page.
 * Without a video, the page tells nothing but the link's own id and token.
 */
export function linkPage(link: Link, video: SharedVideo | undefined, publicUrl: string): string {
  const title = escaped(video?.title ?? "StreamFlow");
  return [
    "<!doctype html>",
    `<html prefix="og: https://ogp.me/ns# video: https://ogp.me/ns/video#">`,
    "<head>",
    `<meta charset="utf-8">`,
    `<meta name="viewport" content="width=device-width, initial-scale=1">`,
    `<title>${title}</title>`,
    ...(video === undefined ? [NOT_LISTED] : previewTags(link, video, publicUrl)),
    "</head>",
    // A relative address: the page is also served where the public URL does not lead to.
    `<body><p><a id="watch" href="${escaped(linkPath("watch", link))}" dir="auto">${title}</a></p>`,
    `<script>${SCRIPT}</script></body>`,
    "</html>",
    "",
  ].join("\n");
}

const NOT_LISTED = `<meta name="robots" content="noindex">`;

function previewTags(link: Link, video: SharedVideo, publicUrl: string): string[] {
  const { title, description, isListed, poster, durationSeconds } = video;
  const url = `${publicUrl}${linkPath("v", link)}`;
  const player = `${publicUrl}${linkPath("embed", link)}`;
  const { width, height } = fitted(video.size, PLAYER_BOX);
  const picture = poster === undefined ? undefined : `${publicUrl}${poster}`;
  const summary = description === "" ? undefined : description;
  const tags: readonly (readonly [kind: "name" | "property", name: string, content: unknown])[] = [
    ["name", "description", summary],
    ["property", "og:site_name", "StreamFlow"],
    ["property", "og:type", "video.other"],
    ["property", "og:title", title],
    ["property", "og:description", summary],
    // Crawlers read the tags at this address, so it must be this page's own, not that of the watch page.
    ["property", "og:url", url],
    ["property", "og:image", picture],
    ["property", "og:image:type", picture && "image/jpeg"],
    ["property", "og:image:alt", picture && title],
    ["property", "og:video", player],
    ["property", "og:video:secure_url", player],
    ["property", "og:video:type", "text/html"],
    ["property", "og:video:width", width],
    ["property", "og:video:height", height],
    ["property", "video:duration", durationSeconds === null ? undefined : Math.round(durationSeconds)],
    ["name", "twitter:card", "player"],
    ["name", "twitter:title", title],
    ["name", "twitter:description", summary],
    ["name", "twitter:image", picture],
    ["name", "twitter:player", player],
    ["name", "twitter:player:width", width],
    ["name", "twitter:player:height", height],
  ];
  const oembed = `${publicUrl}/api/oembed?${new URLSearchParams({ url }).toString()}`;
  return [
    ...(isListed ? [] : [NOT_LISTED]),
    ...tags
      .filter(([, , content]) => content !== undefined)
      .map(([kind, name, content]) => `<meta ${kind}="${name}" content="${escaped(String(content))}">`),
    `<link rel="canonical" href="${escaped(url)}">`,
    `<link rel="alternate" type="application/json+oembed" href="${escaped(oembed)}" title="${escaped(title)}">`,
  ];
}
