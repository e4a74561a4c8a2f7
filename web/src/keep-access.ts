import type { Api } from "./api";
import { readWhenOnline } from "./read-again";

type Play = () => ReturnType<Api["play"]>;
type Playback = Awaited<ReturnType<Play>>;

interface AccessEvents {
  readonly onFirst: (playback: Playback) => void;
  /** Called with what keeps from the first access, and with nothing when there is access. */
  readonly onError: (error: unknown) => void;
}

/** Milliseconds before the expiry of the access at which it is renewed. */
const RENEW_BEFORE_MS = 15 * 60_000;
/** Milliseconds until a failed renewal is tried again. */
const RENEW_AGAIN_MS = 60_000;

/** Gets access to a stream, and renews it before it expires; returns a function that ends it. */
export function keepAccess(play: Play, { onFirst, onError }: AccessEvents): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let ended = false;
  const renewAfter = (milliseconds: number) => {
    if (!ended) timer = setTimeout(renew, milliseconds);
  };
  const renewInTime = ({ expiresAt }: Playback) =>
    renewAfter(Math.max(RENEW_AGAIN_MS, Date.parse(expiresAt) - Date.now() - RENEW_BEFORE_MS));
  // A failed renewal only matters when the stream is refused.
  const renew = () => void play().then(renewInTime, () => renewAfter(RENEW_AGAIN_MS));
  const endFirst = readWhenOnline(play, {
    onError,
    onValue: (playback) => {
      onFirst(playback);
      renewInTime(playback);
    },
  });
  return () => {
    ended = true;
    endFirst();
    clearTimeout(timer);
  };
}
