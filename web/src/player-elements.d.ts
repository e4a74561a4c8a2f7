import type { HlsVideoElement } from "hls-video-element";
import type { HTMLAttributes } from "preact";

interface PlayerElement extends HTMLAttributes<HTMLElement> {
  readonly slot?: string;
  readonly anchor?: string;
}

declare module "preact" {
  namespace JSX {
    /** Custom elements of media-chrome and hls-video-element, with the attributes that the player sets. */
    interface IntrinsicElements {
      "hls-video": HTMLAttributes<HlsVideoElement> & {
        readonly slot?: string;
        readonly src?: string;
        readonly poster?: string;
        readonly config?: HlsVideoElement["config"];
        readonly playsinline?: boolean;
      };
      "media-audio-track-menu": PlayerElement;
      "media-audio-track-menu-button": PlayerElement;
      "media-captions-menu": PlayerElement;
      "media-captions-menu-button": PlayerElement;
      "media-control-bar": PlayerElement;
      "media-controller": PlayerElement & { readonly nosubtitleslangpref?: boolean };
      "media-fullscreen-button": PlayerElement;
      "media-loading-indicator": PlayerElement;
      "media-mute-button": PlayerElement;
      "media-pip-button": PlayerElement;
      "media-play-button": PlayerElement;
      "media-playback-rate-menu": PlayerElement;
      "media-playback-rate-menu-button": PlayerElement;
      "media-rendition-menu": PlayerElement;
      "media-rendition-menu-button": PlayerElement;
      "media-time-display": PlayerElement & { readonly showduration?: boolean };
      "media-time-range": PlayerElement;
      "media-volume-range": PlayerElement;
    }
  }
}
