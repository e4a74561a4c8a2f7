/** Commands that our caches and `ioredis` itself send, and which of them a server that still loads its data answers. */
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
 * `@ioredis/commands` for `ioredis`, which makes a dozen functions of each command that there is, some thousands at
 * every start. A command that is not here has no method in a bundle: add it before using it.
 */
export const list = Object.keys(COMMANDS);

export function exists(name: string): boolean {
  return list.includes(name.toLowerCase());
}

export function hasFlag(name: string, flag: string): boolean {
  return flag === "loading" && COMMANDS[name.toLowerCase()]?.loading === true;
}

/** For clusters, and for prefixes of keys: neither is used. */
export function getKeyIndexes(): number[] {
  return [];
}
