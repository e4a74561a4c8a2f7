import type { Language } from "./words";

const STORAGE_KEY = "streamflow.language";

/** What was chosen here before; else the browser's own language, as far as it is spoken here. */
export function firstLanguage(): Language {
  const wanted = [localStorage.getItem(STORAGE_KEY), ...navigator.languages].map((tag) => tag?.slice(0, 2));
  return wanted.find((tag): tag is Language => tag === "pt" || tag === "en") ?? "en";
}

export function keepLanguage(language: Language): void {
  localStorage.setItem(STORAGE_KEY, language);
}
