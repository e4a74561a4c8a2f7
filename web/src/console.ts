import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Api } from "./api";
import type { Upload } from "./use-upload";
import { type Language, LOCALES, WORDS, type Words } from "./words";

/** What every part of the console has at hand. */
export interface Console {
  readonly language: Language;
  readonly api: Api;
  /** Cognito sub of who has signed in. */
  readonly userId: string;
  readonly upload: Upload;
  /** Says something once, below the header, and to screen readers. */
  readonly say: (text: string) => void;
}

export const ConsoleContext = createContext<Console | undefined>(undefined);
export const LanguageContext = createContext<Language>("en");

export function useConsole(): Console {
  const found = useContext(ConsoleContext);
  if (found === undefined) throw new Error("the console's parts are shown to who has signed in");
  return found;
}

/** Words and locale of the language that was chosen. */
export function useWords(): { readonly words: Words; readonly locale: string } {
  const language = useContext(LanguageContext);
  return { words: WORDS[language], locale: LOCALES[language] };
}
