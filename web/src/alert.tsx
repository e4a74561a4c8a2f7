import { useWords } from "./console";
import { explain } from "./explain";

/** An error in the language of the page; nothing without one. */
export function Alert({ error }: { error: unknown }) {
  const { words } = useWords();
  if (error === undefined) return null;
  return (
    <p role="alert" class="error">
      {explain(error, words)}
    </p>
  );
}
