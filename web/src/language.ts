import type { Language } from "./words";

const STORAGE_KEY = "streamflow.language";

/** The language chosen earlier, or the browser's if the console has it. */
export function firstLanguage(): Language {
  const wanted = [localStorage.getItem(STORAGE_KEY), ...navigator.languages].map((tag) => tag?.slice(0, 2));
  return wanted.find((tag): tag is Language => tag === "pt" || tag === "en") ?? "en";
}

export function keepLanguage(language: Language): void {
  localStorage.setItem(STORAGE_KEY, language);
}
