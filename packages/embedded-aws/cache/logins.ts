import { createHmac, randomUUID } from "node:crypto";
import { type AccessKey, accessKeyOf, tokenFault } from "../servers/iam-token";
import type { RedisUser } from "../servers/redis";

/** A user of ElastiCache. */
export interface CacheUser {
  readonly id: string;
  /** Name that clients log in with. */
  readonly name: string;
  readonly arn: string;
  readonly accessString: string;
  readonly authentication: "iam" | "no-password";
}

/** A cache and the users of its user groups; without user groups everybody may do everything. */
export interface CacheAccount {
  /** Id of the replication group, for which tokens are signed. */
  readonly name: string;
  readonly arn: string;
  readonly region: string;
  readonly users: readonly CacheUser[] | undefined;
}

export interface CacheLoginOptions {
  readonly keyOf: (accessKeyId: string) => AccessKey | undefined;
  /** Why the owner of the access key may not `elasticache:Connect` to a resource; undefined if it may. */
  readonly permissionFault?: (accessKeyId: string, resource: string) => Promise<string | undefined>;
}

export interface CacheLogin {
  readonly user: string;
  readonly password: string;
}

/** The local server's user for a login, or why it is refused. */
export type LoginResult = { readonly accepted: RedisUser } | { readonly refused: string };

const DEFAULT_USER = "default";
/** A user in the groups of several caches has one password on the local server. */
const SECRET = randomUUID();

/** ElastiCache's login rules for one cache, with a user of the local server for each of its users. */
export class CacheLogins {
  /** Users for the local server. */
  readonly localUsers: readonly RedisUser[];
  /** User of connections without login; undefined if they may do nothing. */
  readonly anonymous: RedisUser | undefined;
  private readonly byName = new Map<string, { readonly user: CacheUser; readonly local: RedisUser }>();

  constructor(
    private readonly cache: CacheAccount,
    private readonly options: CacheLoginOptions,
  ) {
    for (const user of cache.users ?? [everybody(cache)]) {
      // ids are unique in an account, names are not
      const name = user.id === DEFAULT_USER ? `${DEFAULT_USER}-of-${cache.name}` : user.id;
      const local = {
        name,
        password: createHmac("sha256", SECRET).update(name).digest("hex"),
        rules: user.accessString,
      };
      this.byName.set(user.name, { user, local });
    }
    this.localUsers = [...this.byName.values()].map(({ local }) => local);
    const open = this.byName.get(DEFAULT_USER);
    const isOpen = open?.user.authentication === "no-password" && /^on\b/.test(open.user.accessString);
    this.anonymous = isOpen ? open.local : undefined;
  }

  /** Checks a login with an IAM token. */
  readonly authenticate = async ({ user: name, password }: CacheLogin): Promise<LoginResult> => {
    const found = this.byName.get(name);
    if (found === undefined) return { refused: "the cache's user groups have no such user" };
    if (found.user.authentication !== "iam") return { refused: "it does not log in with IAM" };
    const subject = { service: "elasticache", region: this.cache.region, host: this.cache.name, user: name };
    const fault =
      tokenFault(password, subject, this.options) ?? (await this.permissionFault(password, found.user));
    return fault === undefined ? { accepted: found.local } : { refused: fault };
  };

  /** IAM must allow both the cache and the user. */
  private async permissionFault(token: string, user: CacheUser): Promise<string | undefined> {
    for (const resource of [this.cache.arn, user.arn]) {
      const fault = await this.options.permissionFault?.(accessKeyOf(token), resource);
      if (fault !== undefined) return fault;
    }
    return undefined;
  }
}

/** The user of a cache without user groups. */
function everybody({ arn }: CacheAccount): CacheUser {
  return {
    id: DEFAULT_USER,
    name: DEFAULT_USER,
    arn,
    accessString: "on ~* &* +@all",
    authentication: "no-password",
  };
}
