interface Reading<Value> {
  readonly onValue: (value: Value) => void;
  /** Called with what went wrong, and with nothing when the value was read. */
  readonly onError: (error: unknown) => void;
}

/** Reads a value, and again when the network is back, until it was read; returns a function that ends it. */
export function readWhenOnline<Value>(
  read: () => Promise<Value>,
  { onValue, onError }: Reading<Value>,
): () => void {
  let ended = false;
  const end = () => {
    ended = true;
    removeEventListener("online", attempt);
  };
  const attempt = () => {
    read().then(
      (value) => {
        if (ended) return;
        end();
        onError(undefined);
        onValue(value);
      },
      (error: unknown) => {
        if (!ended) onError(error);
      },
    );
  };
  addEventListener("online", attempt);
  attempt();
  return end;
}
