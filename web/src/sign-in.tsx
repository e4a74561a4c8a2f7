import { useState } from "preact/hooks";
import { useWords } from "./console";
import { Field, typed } from "./field";
import { UserPoolError } from "./errors";
import type { Challenge, Tokens, UserPool } from "./user-pool";
import type { Words } from "./words";
import { explain } from "./explain";

interface SignInProps {
  readonly pool: UserPool;
  readonly onSession: (email: string, tokens: Tokens) => void;
}

/** The current step. */
type Step =
  | { readonly kind: "password" | "forgot"; readonly said?: string }
  | { readonly kind: "reset"; readonly said?: string }
  | { readonly kind: "challenge"; readonly challenge: Challenge };

/** Signs a creator in: with a password, a first own password, a code, or a reset password. */
export function SignIn(props: SignInProps) {
  const { words } = useWords();
  const { step, email, busy, error, go, onSubmit } = useSignIn(props);
  return (
    <main class="narrow">
      <h1>StreamFlow</h1>
      <p>{words.tagline}</p>
      <form class="card" onSubmit={onSubmit} key={step.kind}>
        {"said" in step && <p role="status">{step.said}</p>}
        <Questions step={step} email={email} />
        {error !== "" && (
          <p role="alert" class="error">
            {error}
          </p>
        )}
        <button type="submit" disabled={busy}>
          {busy ? words.loading : action(step, words)}
        </button>
        {step.kind === "password" ? (
          <button type="button" class="link" onClick={() => go({ kind: "forgot" })}>
            {words.forgot}
          </button>
        ) : (
          <button type="button" class="link" onClick={() => go({ kind: "password" })}>
            {words.back}
          </button>
        )}
      </form>
    </main>
  );
}

/** The current step, and the transition on submit. */
function useSignIn({ pool, onSession }: SignInProps) {
  const { words } = useWords();
  const [step, setStep] = useState<Step>({ kind: "password" });
  const [email, setEmail] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState("");
  const go = (next: Step) => {
    setError("");
    setStep(next);
  };
  const entered = (name: string, answer: Tokens | Challenge) =>
    "IdToken" in answer ? onSession(name, answer) : go({ kind: "challenge", challenge: answer });

  const submit = async (form: HTMLFormElement) => {
    const name = step.kind === "password" || step.kind === "forgot" ? typed(form, "email") : email;
    setEmail(name);
    if (step.kind === "password") return entered(name, await pool.signIn(name, typed(form, "password")));
    if (step.kind === "challenge")
      return entered(name, await pool.respond(step.challenge, typed(form, "given")));
    if (step.kind === "forgot") {
      await pool.forgot(name);
      return go({ kind: "reset", said: words.codeSent });
    }
    await pool.reset({ username: name, code: typed(form, "code"), password: typed(form, "password") });
    return go({ kind: "password", said: words.passwordSet });
  };
  const onSubmit = (event: SubmitEvent) => {
    event.preventDefault();
    setBusy(true);
    setError("");
    submit(event.currentTarget as HTMLFormElement)
      .catch((failure: Error) => setError(sentence(failure, words)))
      .finally(() => setBusy(false));
  };
  return { step, email, busy, error, go, onSubmit };
}

function Questions({ step, email }: { step: Step; email: string }) {
  const { words } = useWords();
  const address = (
    <Field label={words.email} name="email" type="email" autocomplete="username" defaultValue={email} />
  );
  const password = {
    type: "password",
    minlength: 12,
    autocomplete: "new-password",
    label: words.newPassword,
  } as const;
  const code = { label: words.code, inputMode: "numeric", autocomplete: "one-time-code" } as const;
  switch (step.kind) {
    case "password":
      return (
        <>
          {address}
          <Field label={words.password} name="password" type="password" autocomplete="current-password" />
        </>
      );
    case "forgot":
      return address;
    case "reset":
      return (
        <>
          <Field {...code} name="code" />
          <Field {...password} name="password" />
        </>
      );
    case "challenge":
      return step.challenge.name === "NEW_PASSWORD_REQUIRED" ? (
        <>
          <p>{words.firstPassword}</p>
          <Field {...password} name="given" />
        </>
      ) : (
        <>
          <p>{words.authenticator}</p>
          <Field {...code} name="given" />
        </>
      );
  }
}

function action({ kind }: Step, words: Words): string {
  return {
    password: words.signIn,
    challenge: words.signIn,
    forgot: words.sendCode,
    reset: words.setPassword,
  }[kind];
}

/** The pool's error in the reader's language, for common errors. */
function sentence(error: Error, words: Words): string {
  const known: Readonly<Record<string, string>> = {
    NotAuthorizedException: words.wrongPassword,
    UserNotFoundException: words.wrongPassword,
    CodeMismatchException: words.wrongCode,
    ExpiredCodeException: words.wrongCode,
    InvalidPasswordException: words.weakPassword,
    LimitExceededException: words.tooOften,
    TooManyRequestsException: words.tooOften,
    PasswordResetRequiredException: words.resetNeeded,
  };
  const found = error instanceof UserPoolError ? known[error.code] : undefined;
  return found ?? explain(error, words);
}
