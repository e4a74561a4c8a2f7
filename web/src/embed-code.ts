import type { MediaAnswer } from "../../handlers/media/playback";

/** Pixels of a frame: the width, and the height of a video whose own is unknown. */
const FRAME = { width: 640, height: 360 };

/** HTML that shows a video in a page of another site; `player` is the URL of its player. */
export function embedCode(
  { title, width, height }: Pick<MediaAnswer, "title" | "width" | "height">,
  player: string,
): string {
  const attributes = {
    src: player,
    width: FRAME.width,
    height: width && height ? Math.max(1, Math.round((FRAME.width * height) / width)) : FRAME.height,
    title,
    style: "border:0;max-width:100%",
    allow: "autoplay; fullscreen; picture-in-picture",
  };
  const written = Object.entries(attributes).map(([name, value]) => `${name}="${escaped(String(value))}"`);
  return `<iframe ${written.join(" ")} allowfullscreen></iframe>`;
}

function escaped(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/"/g, "&quot;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}
