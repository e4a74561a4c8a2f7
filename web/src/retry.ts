/** Initial pause in milliseconds; doubled each time, up to the longest. */
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;

/** Retries temporary failures. Rejects with the last failure, or when aborted. */
export async function retried<Value>(
  attempt: () => Promise<Value>,
  { attempts, signal, again }: { attempts: number; signal: AbortSignal; again: (error: unknown) => boolean },
): Promise<Value> {
  for (let count = 1; ; count++) {
    try {
      return await attempt();
    } catch (error) {
      if (signal.aborted || count >= attempts || !again(error)) throw error;
      await pause(Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (count - 1)), signal);
    }
  }
}

/** Waits; ends at once when the browser is online again. Rejects when aborted. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      removeEventListener("online", ended);
      signal.removeEventListener("abort", aborted);
    };
    const ended = () => {
      end();
      resolve();
    };
    const aborted = () => {
      end();
      reject(new DOMException("aborted", "AbortError"));
    };
    const timer = setTimeout(ended, milliseconds);
    addEventListener("online", ended);
    signal.addEventListener("abort", aborted);
  });
}
