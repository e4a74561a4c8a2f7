import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Api } from "./api";
import type { Upload } from "./use-upload";
import { type Language, LOCALES, WORDS, type Words } from "./words";

/** What a notice says: a text of the page, or an error. */
export type Note = "removed" | "sessionEnded" | "uploadGivenUp" | Error;

/** Shared context of the console's components. */
export interface Console {
  readonly language: Language;
  readonly api: Api;
  /** Cognito sub of the signed-in creator. */
  readonly userId: string;
  readonly upload: Upload;
  /** Shows a notice below the header, also to screen readers. */
  readonly say: (note: Note) => void;
}

export const ConsoleContext = createContext<Console | undefined>(undefined);
export const LanguageContext = createContext<Language>("en");

export function useConsole(): Console {
  const found = useContext(ConsoleContext);
  if (found === undefined) throw new Error("useConsole needs a signed-in user");
  return found;
}

/** Texts and locale of the selected language. */
export function useWords(): { readonly words: Words; readonly locale: string } {
  const language = useContext(LanguageContext);
  return { words: WORDS[language], locale: LOCALES[language] };
}
