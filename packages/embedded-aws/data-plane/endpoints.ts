import { DescribeReplicationGroupsCommand, ElastiCacheClient } from "@aws-sdk/client-elasticache";
import { DescribeDBInstancesCommand, RDSClient } from "@aws-sdk/client-rds";
import type { AwsClientConfig } from "../client";
import type { DatabaseIdentity } from "../database/prepare";

export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

export interface DeployedDatabase extends Endpoint, DatabaseIdentity {
  /** ARN of the secret with the master password that RDS manages. */
  readonly secretArn: string;
}

/** A deployed database instance in RDS. Throws if the local front can't serve it. */
export async function deployedDatabase(
  config: AwsClientConfig,
  identifier: string,
): Promise<DeployedDatabase> {
  const client = new RDSClient(config);
  const { DBInstances = [] } = await client.send(
    new DescribeDBInstancesCommand({ DBInstanceIdentifier: identifier }),
  );
  const [found] = DBInstances;
  const { Address: host, Port: port } = found?.Endpoint ?? {};
  const {
    DbiResourceId: resourceId,
    DBName: name,
    MasterUsername: masterUser,
    MasterUserSecret,
  } = found ?? {};
  const secretArn = MasterUserSecret?.SecretArn;
  if (!host || !port || !resourceId || !name || !masterUser || !secretArn) {
    throw new Error(
      `the database ${identifier} must have an endpoint, a name and a master password that RDS manages`,
    );
  }
  return { host, port, resourceId, name, masterUser, secretArn };
}

/** All cache endpoints of all node groups. */
export async function deployedCaches(config: AwsClientConfig): Promise<Endpoint[]> {
  const client = new ElastiCacheClient(config);
  const { ReplicationGroups = [] } = await client.send(new DescribeReplicationGroupsCommand({}));
  const endpoints = ReplicationGroups.flatMap(({ NodeGroups = [], ConfigurationEndpoint }) => [
    ConfigurationEndpoint,
    ...NodeGroups.flatMap(({ PrimaryEndpoint, ReaderEndpoint }) => [PrimaryEndpoint, ReaderEndpoint]),
  ]);
  return endpoints.flatMap((endpoint) =>
    endpoint?.Address && endpoint.Port ? [{ host: endpoint.Address, port: endpoint.Port }] : [],
  );
}
