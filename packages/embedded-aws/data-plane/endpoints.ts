import {
  DescribeReplicationGroupsCommand,
  DescribeUserGroupsCommand,
  DescribeUsersCommand,
  ElastiCacheClient,
  type ReplicationGroup,
} from "@aws-sdk/client-elasticache";
import { DescribeDBInstancesCommand, RDSClient } from "@aws-sdk/client-rds";
import type { CacheAccount, CacheUser } from "../cache/logins";
import type { AwsClientConfig } from "../client";
import type { DatabaseIdentity } from "../database/prepare";

export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

export interface DeployedDatabase extends Endpoint, DatabaseIdentity {
  readonly identifier: string;
  /** ARN of the secret with the master password that RDS manages. */
  readonly secretArn: string;
}

/** All database instances in RDS that can be logged in to: with an endpoint, a name and a master password of RDS. */
export async function deployedDatabases(config: AwsClientConfig): Promise<DeployedDatabase[]> {
  const client = new RDSClient(config);
  const { DBInstances = [] } = await client.send(new DescribeDBInstancesCommand({}));
  return DBInstances.flatMap((found) => {
    const { DBInstanceIdentifier: identifier, DbiResourceId: resourceId, DBName: name } = found;
    const { Address: host, Port: port } = found.Endpoint ?? {};
    const { MasterUsername: masterUser, MasterUserSecret } = found;
    const secretArn = MasterUserSecret?.SecretArn;
    if (!identifier || !host || !port || !resourceId || !name || !masterUser || !secretArn) return [];
    return [{ identifier, host, port, resourceId, name, masterUser, secretArn }];
  });
}

export interface DeployedCache extends CacheAccount {
  readonly endpoints: readonly Endpoint[];
}

/** All replication groups in ElastiCache, with their users. */
export async function deployedCaches(config: AwsClientConfig): Promise<DeployedCache[]> {
  const client = new ElastiCacheClient(config);
  const { ReplicationGroups = [] } = await client.send(new DescribeReplicationGroupsCommand({}));
  return Promise.all(
    ReplicationGroups.map(async (group) => ({
      name: group.ReplicationGroupId ?? "",
      arn: group.ARN ?? "",
      region: config.region,
      endpoints: endpointsOf(group),
      users: await usersOf(client, group.UserGroupIds ?? []),
    })),
  );
}

/** The endpoints of all node groups. */
function endpointsOf({ NodeGroups = [], ConfigurationEndpoint }: ReplicationGroup): Endpoint[] {
  const endpoints = [
    ConfigurationEndpoint,
    ...NodeGroups.flatMap(({ PrimaryEndpoint, ReaderEndpoint }) => [PrimaryEndpoint, ReaderEndpoint]),
  ];
  return endpoints.flatMap((endpoint) =>
    endpoint?.Address && endpoint.Port ? [{ host: endpoint.Address, port: endpoint.Port }] : [],
  );
}

/** The users of user groups; undefined without user groups. */
async function usersOf(
  client: ElastiCacheClient,
  groupIds: readonly string[],
): Promise<readonly CacheUser[] | undefined> {
  if (groupIds.length === 0) return undefined;
  const users: CacheUser[] = [];
  for (const UserGroupId of groupIds) {
    const { UserGroups = [] } = await client.send(new DescribeUserGroupsCommand({ UserGroupId }));
    for (const UserId of UserGroups.flatMap(({ UserIds = [] }) => UserIds)) {
      const { Users: [user] = [] } = await client.send(new DescribeUsersCommand({ UserId }));
      users.push({
        id: UserId,
        name: user?.UserName ?? UserId,
        arn: user?.ARN ?? "",
        accessString: user?.AccessString ?? "off",
        authentication: user?.Authentication?.Type === "iam" ? "iam" : "no-password",
      });
    }
  }
  return users;
}
