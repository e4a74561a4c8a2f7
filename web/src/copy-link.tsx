import { useConsole, useWords } from "./console";

/** Copies the address of a path of this host. */
export function CopyLink({ path }: { path: string }) {
  const { say } = useConsole();
  const { words } = useWords();
  const copy = async () => {
    const { href } = new URL(path, location.href);
    await navigator.clipboard.writeText(href).then(
      () => say("copied"),
      // Without permission to copy, the link is shown.
      () => window.prompt(words.copyLink, href),
    );
  };
  return (
    <button type="button" class="quiet" onClick={() => void copy()}>
      {words.copyLink}
    </button>
  );
}
