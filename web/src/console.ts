import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Api } from "./api";
import type { Upload } from "./use-upload";
import { type Language, LOCALES, WORDS, type Words } from "./words";

/** Shared context of the console's components. */
export interface Console {
  readonly language: Language;
  readonly api: Api;
  /** Cognito sub of the signed-in creator. */
  readonly userId: string;
  readonly upload: Upload;
  /** Shows a notice below the header, also to screen readers. */
  readonly say: (text: string) => void;
}

export const ConsoleContext = createContext<Console | undefined>(undefined);
export const LanguageContext = createContext<Language>("en");

export function useConsole(): Console {
  const found = useContext(ConsoleContext);
  if (found === undefined) throw new Error("the console's parts are shown to who has signed in");
  return found;
}

/** Texts and locale of the selected language. */
export function useWords(): { readonly words: Words; readonly locale: string } {
  const language = useContext(LanguageContext);
  return { words: WORDS[language], locale: LOCALES[language] };
}
