import { ElasticacheParameterGroup } from "@cdktf/provider-aws/lib/elasticache-parameter-group";
import { ElasticacheReplicationGroup } from "@cdktf/provider-aws/lib/elasticache-replication-group";
import { ElasticacheSubnetGroup } from "@cdktf/provider-aws/lib/elasticache-subnet-group";
import { Construct } from "constructs";
import type { Connection, Permission } from "../../lib/permissions";
import { physicalName } from "../../lib/names";
import { optional } from "../../lib/optional";
import { encryptionKeyArn } from "../encryption/encryption-keys";
import type { Network } from "../network/network";
import { SecurityGroup } from "../network/security-group";
import { type CacheConsumer, CacheUsers } from "./cache-users";
import type { CacheSettings } from "./settings";

export interface CacheProps extends CacheSettings {
  readonly network: Network;
  readonly protect: boolean;
}

const PORT = 6379;

/** A Redis replication group, encrypted at rest and in transit, whose users log in with IAM. */
export class Cache extends Construct {
  /** Id of the replication group. */
  readonly name: string;
  readonly host: string;
  /** Node ids in CloudWatch. */
  readonly nodeIds: readonly string[];
  readonly port = String(PORT);
  /** Whether clients must log in. */
  readonly hasUsers: boolean;
  readonly connection: Connection;
  private readonly arn: string;
  private readonly users: CacheUsers | undefined;

  constructor(scope: Construct, id: string, props: CacheProps) {
    super(scope, id);
    const { engine, engineVersion } = props;
    const group = new SecurityGroup(this, "security-group", { network: props.network, description: "Redis" });
    this.hasUsers = props.authentication === "iam";
    this.users = this.hasUsers ? new CacheUsers(this, "users") : undefined;
    const cache = new ElasticacheReplicationGroup(this, "Default", {
      replicationGroupId: physicalName(this, "cache replication group"),
      description: "Media lists, items and progress",
      engine,
      engineVersion,
      nodeType: props.nodeType,
      port: PORT,
      numCacheClusters: 1 + props.replicas,
      automaticFailoverEnabled: props.replicas > 0,
      multiAzEnabled: props.replicas > 0,
      atRestEncryptionEnabled: "true",
      ...optional({ kmsKeyId: encryptionKeyArn(this) }),
      transitEncryptionEnabled: true,
      transitEncryptionMode: "required",
      ...optional({ userGroupIds: this.users && [this.users.groupId] }),
      subnetGroupName: this.subnetGroup(props.network),
      securityGroupIds: [group.id],
      parameterGroupName: this.parameterGroup({ engine, engineVersion }),
      snapshotRetentionLimit: props.snapshotRetentionDays,
      autoMinorVersionUpgrade: "true",
      applyImmediately: true,
      lifecycle: { preventDestroy: props.protect },
    });
    this.name = cache.replicationGroupId;
    this.arn = cache.arn;
    this.host = cache.primaryEndpointAddress;
    this.nodeIds = Array.from(
      { length: 1 + props.replicas },
      (_, index) => `${cache.replicationGroupId}-00${index + 1}`,
    );
    this.connection = { port: PORT, protocol: "Redis", to: { securityGroupId: group.id } };
  }

  /** User as which a consumer logs in; undefined if the cache has no users. */
  user(consumer: CacheConsumer): string | undefined {
    return this.users?.of(consumer).name;
  }

  /** Permission to log in as the consumer's user with an IAM token; none if the cache has no users. */
  connect(consumer: CacheConsumer): readonly Permission[] {
    if (this.users === undefined) return [];
    // ElastiCache requires the permission on both.
    return [{ actions: ["elasticache:Connect"], resources: [this.arn, this.users.of(consumer).arn] }];
  }

  private subnetGroup(network: Network): string {
    return new ElasticacheSubnetGroup(this, "subnet-group", {
      name: physicalName(this, "subnet group"),
      description: "Isolated subnets",
      subnetIds: network.isolatedSubnetIds,
    }).name;
  }

  private parameterGroup({ engine, engineVersion }: Pick<CacheSettings, "engine" | "engineVersion">): string {
    const family = `${engine}${engineVersion.split(".")[0]}`;
    return new ElasticacheParameterGroup(this, "parameter-group", {
      name: physicalName(this, "cache parameter group", family),
      family,
      description: "A full cache drops what was used least",
      parameter: [{ name: "maxmemory-policy", value: "allkeys-lru" }],
      lifecycle: { createBeforeDestroy: true },
    }).name;
  }
}
