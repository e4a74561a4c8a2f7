/**
 * The globals of a browser that the console's scripts use and Node.js lacks, each as small as its tests need: events of
 * the window, `localStorage`, and `navigator.locks`. Installs them; returns a function that dispatches a window event.
 */
export function fakeBrowser(): (type: string) => void {
  const target = new EventTarget();
  const stored = new Map<string, string>();
  const globals: Readonly<Record<string, unknown>> = {
    window: globalThis,
    addEventListener: target.addEventListener.bind(target),
    removeEventListener: target.removeEventListener.bind(target),
    localStorage: {
      getItem: (key: string) => stored.get(key) ?? null,
      setItem: (key: string, value: string) => void stored.set(key, value),
      removeItem: (key: string) => void stored.delete(key),
    },
    navigator: { locks: { request: exclusive() } },
  };
  for (const [name, value] of Object.entries(globals)) {
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
  return (type) => void target.dispatchEvent(new Event(type));
}

/** Runs work of one name at a time, in the order of the requests. */
function exclusive() {
  const last = new Map<string, Promise<unknown>>();
  return <Value>(name: string, work: () => Promise<Value>): Promise<Value> => {
    const turn = (last.get(name) ?? Promise.resolve()).then(work, work);
    last.set(
      name,
      turn.catch(() => undefined),
    );
    return turn;
  };
}
