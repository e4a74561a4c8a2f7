import { ElasticacheUser } from "@cdktf/provider-aws/lib/elasticache-user";
import { ElasticacheUserGroup } from "@cdktf/provider-aws/lib/elasticache-user-group";
import { Construct } from "constructs";
import { physicalName } from "../../lib/names";

interface CacheAccess {
  /** Key patterns; `%R~` only reads, `%W~` only writes. */
  readonly keys: readonly string[];
  readonly commands: readonly string[];
}

/** What the code of each consumer does in the cache. `__tests__/services/stacks/cache-users.test.ts` runs that code. */
export const CACHE_ACCESS = {
  media: {
    keys: ["~streamflow:v1:{*}:*", "%R~streamflow:v1:progress:*"],
    commands: ["mget", "ping", "set"],
  },
  processor: {
    keys: ["%W~streamflow:v1:{*}:stamp", "~streamflow:v1:progress:*"],
    commands: ["mget", "set"],
  },
} as const satisfies Readonly<Record<string, CacheAccess>>;

export type CacheConsumer = keyof typeof CACHE_ACCESS;

/**
 * An access string in the form in which ElastiCache returns it: Terraform would correct any other form in each plan.
 * https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html#Access-string
 */
export function accessString({ keys, commands }: CacheAccess): string {
  return ["on", ...keys, "-@all", ...commands.map((command) => `+${command}`)].join(" ");
}

/** No client can log in as this user. */
const DISABLED = "off ~* -@all";
/** ElastiCache accepts such users and groups for Redis OSS and Valkey, so `cache.engine` can change later. */
const ENGINE = "redis";

/** The users of a cache, who log in with IAM. The user `default`, which needs no login, is disabled. */
export class CacheUsers extends Construct {
  readonly groupId: string;
  private readonly users = new Map<CacheConsumer, ElasticacheUser>();

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const disabled = new ElasticacheUser(this, "default", {
      userId: physicalName(scope, "cache user", "default"),
      userName: "default",
      engine: ENGINE,
      accessString: DISABLED,
      noPasswordRequired: true,
    });
    for (const consumer of Object.keys(CACHE_ACCESS) as CacheConsumer[]) {
      this.users.set(consumer, this.createUser(scope, consumer));
    }
    const users = [disabled, ...this.users.values()];
    this.groupId = new ElasticacheUserGroup(this, "group", {
      userGroupId: physicalName(scope, "cache user group"),
      engine: ENGINE,
      userIds: users.map(({ userId }) => userId),
      // When authentication is turned off, the cache must leave the group before the group can be deleted.
      lifecycle: { createBeforeDestroy: true },
    }).userGroupId;
  }

  /** Name and ARN of a consumer's user. */
  of(consumer: CacheConsumer): { readonly name: string; readonly arn: string } {
    const user = this.users.get(consumer);
    if (user === undefined) throw new Error(`the cache has no user for ${consumer}`);
    return { name: user.userName, arn: user.arn };
  }

  private createUser(scope: Construct, consumer: CacheConsumer): ElasticacheUser {
    // With IAM, a user's name is its id, which is unique in the account and region.
    const name = physicalName(scope, "cache user", consumer);
    return new ElasticacheUser(this, consumer, {
      userId: name,
      userName: name,
      engine: ENGINE,
      accessString: accessString(CACHE_ACCESS[consumer]),
      authenticationMode: { type: "iam" },
    });
  }
}
