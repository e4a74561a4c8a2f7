/** Replaces `debug` for `ioredis`: debug output is never used, and would log cached values. */
export default function debug(namespace: string): (() => void) & { enabled: boolean; namespace: string } {
  return Object.assign(() => undefined, { enabled: false, namespace });
}
