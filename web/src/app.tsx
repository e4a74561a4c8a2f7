import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { OwnMedia } from "../../handlers/media/playback";
import { Alert } from "./alert";
import { Api } from "./api";
import { type Config, loadConfig } from "./config";
import { ConfirmDialog } from "./confirm-dialog";
import { UserPoolError } from "./errors";
import {
  ConsoleContext,
  LanguageContext,
  type Note,
  type Uploading,
  UploadingContext,
  useWords,
} from "./console";
import { Header } from "./header";
import { Library } from "./library";
import { Notice } from "./notice";
import { readWhenOnline } from "./read-again";
import { useRoute } from "./route";
import { Session } from "./session";
import { SignIn } from "./sign-in";
import { type Upload, UploadManager } from "./upload-manager";
import { UserPool } from "./user-pool";
import { VideoPage } from "./video-page";
import { WatchPage } from "./watch-page";
import { firstLanguage, keepLanguage } from "./language";
import { type Language, LOCALES } from "./words";

/** The page: reads the configuration, and shows a video to viewers, or the library to a creator who has signed in. */
export function App() {
  const [language, setLanguage] = useState(firstLanguage);
  const [config, setConfig] = useState<Config | Error>();
  const choose = (chosen: Language) => {
    keepLanguage(chosen);
    setLanguage(chosen);
  };
  useEffect(() => {
    document.documentElement.lang = LOCALES[language];
  }, [language]);
  useEffect(
    () =>
      readWhenOnline(loadConfig, {
        onValue: setConfig,
        onError: (error) => setConfig(error as Error | undefined),
      }),
    [],
  );
  return (
    <LanguageContext.Provider value={language}>
      {config === undefined || config instanceof Error ? (
        <Waiting error={config} />
      ) : (
        <Entered config={config} language={language} onLanguage={choose} />
      )}
    </LanguageContext.Provider>
  );
}

function Waiting({ error }: { error: Error | undefined }) {
  const { words } = useWords();
  return (
    <main>
      <h1 class="hidden">StreamFlow</h1>
      {error ? <Alert error={error} /> : <p role="status">{words.loading}</p>}
    </main>
  );
}

interface EnteredProps {
  readonly config: Config;
  readonly language: Language;
  readonly onLanguage: (language: Language) => void;
}

function Entered({ config, language, onLanguage }: EnteredProps) {
  const pool = useMemo(() => new UserPool(config), [config]);
  const [session, setSession] = useState(() => Session.resume(pool));
  const [notice, say] = useState<Note>();
  const route = useRoute();
  // Other tabs share the session.
  useEffect(() => Session.watch(() => setSession(Session.resume(pool))), [pool]);
  const api = useMemo(
    () =>
      new Api(
        session &&
          tokensOf(session, () => {
            setSession(undefined);
            say("sessionEnded");
          }),
      ),
    [session],
  );
  const uploading = useUploads(api);
  const leave = () => {
    uploading.manager.stop();
    void session?.end();
    setSession(undefined);
  };
  const userId = session?.userId;
  // One object while its parts are the same: what uses it is not drawn again with each byte of an upload.
  const shared = useMemo(() => ({ language, api, userId, say }), [language, api, userId]);
  return (
    <>
      <LeavingHeader
        language={language}
        onLanguage={onLanguage}
        email={session?.email}
        isUploading={uploading.uploads.length > 0}
        onLeave={leave}
      />
      <Notice note={notice} onRead={() => say(undefined)} />
      <ConsoleContext.Provider value={shared}>
        {route.view === "watch" ? (
          <WatchPage key={route.id} id={route.id} share={route.share} />
        ) : session === undefined ? (
          <SignIn
            pool={pool}
            onSession={(email, tokens) => {
              say(undefined);
              setSession(Session.begin(pool, email, tokens));
            }}
          />
        ) : (
          <UploadingContext.Provider value={uploading}>
            {route.view === "video" ? <VideoPage key={route.id} id={route.id} /> : <Library />}
          </UploadingContext.Provider>
        )}
      </ConsoleContext.Provider>
    </>
  );
}

/** The session's tokens; `onEnd` is called when it has expired. */
function tokensOf(session: Session, onEnd: () => void): Pick<Session, "token"> {
  return {
    token: () =>
      session.token().catch((error: unknown) => {
        // Without a network, the session is as it was.
        if (error instanceof UserPoolError && error.hasEnded) {
          session.forget();
          onEnd();
        }
        throw error;
      }),
  };
}

/** The uploads of this page. They continue while other views are shown; closing the page asks first. */
function useUploads(api: Api): Uploading {
  const [uploads, setUploads] = useState<readonly Upload[]>([]);
  const [finished, setFinished] = useState<OwnMedia>();
  const [removed, setRemoved] = useState<string>();
  const manager = useMemo(
    () => new UploadManager(api, { onChange: setUploads, onFinished: setFinished, onRemoved: setRemoved }),
    [api],
  );
  // Whoever is signed out, here or in another tab, sends nothing more.
  useEffect(() => () => manager.stop(), [manager]);
  const isSending = uploads.some(({ phase }) => phase !== "paused" && phase !== "failed");
  useEffect(() => {
    if (!isSending) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
  }, [isSending]);
  return { manager, uploads, finished, removed };
}

interface LeavingHeaderProps {
  readonly language: Language;
  readonly onLanguage: (language: Language) => void;
  readonly email: string | undefined;
  readonly isUploading: boolean;
  readonly onLeave: () => void;
}

/** The header, with a question before uploads are stopped by signing out. */
function LeavingHeader({ isUploading, onLeave, ...header }: LeavingHeaderProps) {
  const { words } = useWords();
  const question = useRef<HTMLDialogElement>(null);
  return (
    <>
      <Header {...header} onSignOut={() => (isUploading ? question.current?.showModal() : onLeave())} />
      <ConfirmDialog
        dialog={question}
        label={words.signOut}
        question={words.leaveAsk}
        keep={words.keepUploading}
        confirm={words.signOut}
        onConfirm={() => {
          question.current?.close();
          onLeave();
        }}
      />
    </>
  );
}
