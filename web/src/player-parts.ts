/** The custom elements of the player, with what it needs of them. They are large, and loaded with the first video. */
import "hls-video-element";
import "media-chrome/media-controller";
import "media-chrome/media-control-bar";
import "media-chrome/media-fullscreen-button";
import "media-chrome/media-loading-indicator";
import "media-chrome/media-mute-button";
import "media-chrome/media-pip-button";
import "media-chrome/media-play-button";
import "media-chrome/media-preview-thumbnail";
import "media-chrome/media-preview-time-display";
import "media-chrome/media-time-display";
import "media-chrome/media-time-range";
import "media-chrome/media-volume-range";
import "media-chrome/menu";
import "media-chrome/lang/pt";
export { setLanguage } from "media-chrome/utils/i18n";
export { recoverFromErrors } from "./stream-errors";
