import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { Alert } from "./alert";
import { Api } from "./api";
import { type Config, loadConfig } from "./config";
import { ConfirmDialog } from "./confirm-dialog";
import { ConsoleContext, LanguageContext, type Note, useWords } from "./console";
import { Header } from "./header";
import { Library } from "./library";
import { Notice } from "./notice";
import { useRoute } from "./route";
import { Session } from "./session";
import { SignIn } from "./sign-in";
import { useUpload } from "./use-upload";
import { UserPool } from "./user-pool";
import { VideoPage } from "./video-page";
import { firstLanguage, keepLanguage } from "./language";
import { type Language, LOCALES } from "./words";

/** The page: reads the configuration, signs the creator in, and shows the library or a video. */
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
  useEffect(() => {
    loadConfig().then(setConfig, setConfig);
  }, []);
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
  return <main>{error ? <Alert error={error} /> : <p role="status">{words.loading}</p>}</main>;
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
  const { words } = useWords();
  const api = useMemo(() => {
    if (session === undefined) return undefined;
    return new Api({
      token: () =>
        session.token().catch((error: Error) => {
          setSession(undefined);
          say("sessionEnded");
          throw error;
        }),
    });
  }, [session]);
  const upload = useUpload(() => say("uploadGivenUp"));
  const leaving = useRef<HTMLDialogElement>(null);
  const leave = async () => {
    // The upload is removed at the API with the session that started it.
    await upload.cancel();
    void session?.end();
    setSession(undefined);
  };
  const askToLeave = () => (upload.progress === undefined ? void leave() : leaving.current?.showModal());
  return (
    <>
      <Header language={language} onLanguage={onLanguage} email={session?.email} onSignOut={askToLeave} />
      <ConfirmDialog
        dialog={leaving}
        label={words.signOut}
        question={words.leaveAsk}
        keep={words.keepUploading}
        confirm={words.signOut}
        onConfirm={() => {
          leaving.current?.close();
          void leave();
        }}
      />
      <Notice note={notice} onRead={() => say(undefined)} />
      {session === undefined || api === undefined ? (
        <SignIn
          pool={pool}
          onSession={(email, tokens) => {
            say(undefined);
            setSession(Session.begin(pool, email, tokens));
          }}
        />
      ) : (
        <ConsoleContext.Provider value={{ language, api, userId: session.userId, upload, say }}>
          {route.video === undefined ? <Library /> : <VideoPage key={route.video} id={route.video} />}
        </ConsoleContext.Provider>
      )}
    </>
  );
}
