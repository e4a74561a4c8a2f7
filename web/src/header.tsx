import { useWords } from "./console";
import { LIBRARY_PATH, Link, useRoute } from "./route";
import { type Language, LANGUAGES } from "./words";

interface HeaderProps {
  readonly language: Language;
  readonly onLanguage: (language: Language) => void;
  /** E-mail address of the signed-in creator. */
  readonly email: string | undefined;
  readonly onSignOut: () => void;
}

export function Header({ language, onLanguage, email, onSignOut }: HeaderProps) {
  const { words } = useWords();
  const { view } = useRoute();
  return (
    <header>
      <Link class="brand" to={LIBRARY_PATH}>
        StreamFlow
      </Link>
      <label class="language">
        <span class="hidden">{words.language}</span>
        <select
          value={language}
          onChange={({ currentTarget }) => onLanguage(currentTarget.value as Language)}
        >
          {Object.entries(LANGUAGES).map(([tag, name]) => (
            <option key={tag} value={tag} lang={tag}>
              {name}
            </option>
          ))}
        </select>
      </label>
      {email !== undefined && (
        <>
          <span class="email">{email}</span>
          <button type="button" class="quiet" onClick={onSignOut}>
            {words.signOut}
          </button>
        </>
      )}
      {email === undefined && view === "watch" && (
        <Link class="button quiet" to={LIBRARY_PATH}>
          {words.signIn}
        </Link>
      )}
    </header>
  );
}
