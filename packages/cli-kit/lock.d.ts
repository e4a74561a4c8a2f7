export interface Lock {
  /** Releases the lock; does nothing if another process holds it. */
  release(): void;
}

/** Writes this process's id to the file, unless a running process holds the lock; then returns its id as `owner`. */
export function tryLock(file: string): Lock | { readonly owner: number };

/** Waits for the lock and takes it; calls `onWait` once with the holder's process id. */
export function lock(file: string, onWait?: (owner: number) => void): Promise<Lock>;
