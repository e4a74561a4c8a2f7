/** Initial pause in milliseconds; doubled each time. */
const FIRST_WAIT_MS = 500;

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
      await pause(FIRST_WAIT_MS * 2 ** (count - 1), signal);
    }
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(new DOMException("aborted", "AbortError"));
    });
  });
}
