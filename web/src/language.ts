import type { Language } from "./words";

const STORAGE_KEY = "streamflow.language";

/** The language chosen earlier, or the browser's if the console has it. */
export function firstLanguage(): Language {
  return languageOf([localStorage.getItem(STORAGE_KEY) ?? "", ...navigator.languages]);
}

/** The first language of the browser that the console has; in frames of other sites, nothing that was chosen is known. */
export function browserLanguage(): Language {
  return languageOf(navigator.languages);
}

function languageOf(tags: readonly string[]): Language {
  return tags.map((tag) => tag.slice(0, 2)).find((tag) => tag === "pt" || tag === "en") ?? "en";
}

export function keepLanguage(language: Language): void {
  localStorage.setItem(STORAGE_KEY, language);
}
