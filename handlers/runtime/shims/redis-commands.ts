/** Commands of our caches and of `ioredis` itself, and which of them a loading server answers. */
const COMMANDS: Readonly<Record<string, { readonly loading: boolean }>> = {
  auth: { loading: true },
  client: { loading: false },
  hello: { loading: true },
  info: { loading: true },
  mget: { loading: false },
  ping: { loading: false },
  quit: { loading: true },
  select: { loading: true },
  set: { loading: false },
};

/**
 * Replaces `@ioredis/commands` for `ioredis`, which creates thousands of functions at start. Commands that are not
 * listed here have no method in a bundle: add them before use.
 */
export const list = Object.keys(COMMANDS);

export function exists(name: string): boolean {
  return list.includes(name.toLowerCase());
}

export function hasFlag(name: string, flag: string): boolean {
  return flag === "loading" && COMMANDS[name.toLowerCase()]?.loading === true;
}

/** Only needed for clusters and key prefixes, which are not used. */
export function getKeyIndexes(): number[] {
  return [];
}
