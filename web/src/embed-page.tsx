import { useEffect, useMemo, useState } from "preact/hooks";
import { Api } from "./api";
import { ConsoleContext, LanguageContext } from "./console";
import { browserLanguage } from "./language";
import { Player } from "./player";
import { useTitle } from "./use-title";
import { LOCALES } from "./words";

interface EmbedPageProps {
  readonly id: string;
  /** Token of an unlisted video's link. */
  readonly share: string | undefined;
}

/** The player of a video alone, for frames of other sites. It has no session. */
export function EmbedPage({ id, share }: EmbedPageProps) {
  const language = useMemo(browserLanguage, []);
  const api = useMemo(() => new Api(undefined), []);
  const shared = useMemo(() => ({ language, api, userId: undefined, say: () => undefined }), [language, api]);
  const [title, setTitle] = useState<string>();
  useEffect(() => {
    document.documentElement.lang = LOCALES[language];
  }, [language]);
  useEffect(() => {
    // The player tells why a video can't be seen.
    api.watch(id, share).then(
      (media) => setTitle(media.title),
      () => undefined,
    );
  }, [api, id, share]);
  useTitle(title);
  return (
    <LanguageContext.Provider value={language}>
      <ConsoleContext.Provider value={shared}>
        <main class="embed">
          <h1 class="hidden">{title ?? "StreamFlow"}</h1>
          <Player id={id} title={title ?? "StreamFlow"} share={share} isFramed />
        </main>
      </ConsoleContext.Provider>
    </LanguageContext.Provider>
  );
}
