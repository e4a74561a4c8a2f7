import { useConsole, useWords } from "./console";

/** Copies the address of a path of this host. */
export function CopyLink({ path }: { path: string }) {
  const { say } = useConsole();
  const { words } = useWords();
  const copy = async () => {
    await navigator.clipboard.writeText(new URL(path, location.href).href);
    say("copied");
  };
  return (
    <button type="button" class="quiet" onClick={() => void copy()}>
      {words.copyLink}
    </button>
  );
}
