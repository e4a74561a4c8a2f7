export interface Lock {
  /** Gives it back; harmless when it is no longer ours. */
  release(): void;
}

/** Writes this process's id to the file, unless a living process has its id there: that one is `owner`. */
export function tryLock(file: string): Lock | { readonly owner: number };

/** Takes the lock, waiting as long as another process has it; `onWait` is told that process's id once. */
export function lock(file: string, onWait?: (owner: number) => void): Promise<Lock>;
