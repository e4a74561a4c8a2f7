import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { OwnMedia } from "../../handlers/media/playback";
import type { Api } from "./api";
import type { Upload, UploadManager } from "./upload-manager";
import { type Language, LOCALES, WORDS, type Words } from "./words";

/** What a notice says: a text of the page, or an error. */
export type Note =
  "removed" | "saved" | "linkCopied" | "codeCopied" | "sessionEnded" | "uploadGivenUp" | Error;

/** Shared context of the console's components. */
export interface Console {
  readonly language: Language;
  readonly api: Api;
  /** Cognito sub of the signed-in creator; undefined for a viewer. */
  readonly userId: string | undefined;
  /** Shows a notice below the header, also to screen readers. */
  readonly say: (note: Note) => void;
}

/** The uploads of a signed-in creator. */
export interface Uploading {
  readonly manager: UploadManager;
  readonly uploads: readonly Upload[];
  /** The media of the last finished upload. */
  readonly finished: OwnMedia | undefined;
  /** Id of the media of the last upload that was cancelled. */
  readonly removed: string | undefined;
}

export const ConsoleContext = createContext<Console | undefined>(undefined);
export const UploadingContext = createContext<Uploading | undefined>(undefined);
export const LanguageContext = createContext<Language>("en");

export function useConsole(): Console {
  const found = useContext(ConsoleContext);
  if (found === undefined) throw new Error("useConsole needs its context");
  return found;
}

export function useUploading(): Uploading {
  const found = useContext(UploadingContext);
  if (found === undefined) throw new Error("useUploading needs a signed-in creator");
  return found;
}

/** Texts and locale of the selected language. */
export function useWords(): { readonly words: Words; readonly locale: string } {
  const language = useContext(LanguageContext);
  return { words: WORDS[language], locale: LOCALES[language] };
}
