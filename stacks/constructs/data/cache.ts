import { ElasticacheParameterGroup } from "@cdktf/provider-aws/lib/elasticache-parameter-group";
import { ElasticacheReplicationGroup } from "@cdktf/provider-aws/lib/elasticache-replication-group";
import { ElasticacheSubnetGroup } from "@cdktf/provider-aws/lib/elasticache-subnet-group";
import { Construct } from "constructs";
import type { Connection } from "../../lib/permissions";
import type { Check } from "../../lib/validation";
import { physicalName } from "../../lib/names";
import type { Network } from "../network/network";
import { SecurityGroup } from "../network/security-group";

export interface CacheSettings {
  /** Redis OSS, the spec's word, or Valkey, its cheaper successor. */
  readonly engine: "redis" | "valkey";
  /** `7.1` is Redis OSS's last; Valkey starts at `7.2`. */
  readonly engineVersion: string;
  /** Such as `cache.t4g.micro`. */
  readonly nodeType: string;
  /** Copies in other zones, 0 to 5: with one or more, a lost node is replaced by itself. */
  readonly replicas: number;
  /** Daily snapshots kept, in days; a cache can do without. */
  readonly snapshotRetentionDays: number;
}

export interface CacheProps extends CacheSettings {
  readonly network: Network;
  readonly protect: boolean;
}

const PORT = 6379;
const ENGINE_VERSIONS: Record<string, readonly string[]> = {
  redis: ["7.0", "7.1"],
  valkey: ["7.2", "8.0", "8.1"],
};

/** A Redis replication group that is encrypted at rest and speaks TLS only. */
export class Cache extends Construct {
  readonly host: string;
  /** As CloudWatch names the nodes. */
  readonly nodeIds: readonly string[];
  readonly port = String(PORT);
  readonly connection: Connection;

  constructor(scope: Construct, id: string, props: CacheProps) {
    super(scope, id);
    const { engine, engineVersion } = props;
    const group = new SecurityGroup(this, "security-group", { network: props.network, description: "Redis" });
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
      transitEncryptionEnabled: true,
      transitEncryptionMode: "required",
      subnetGroupName: this.subnetGroup(props.network),
      securityGroupIds: [group.id],
      parameterGroupName: this.parameterGroup({ engine, engineVersion }),
      snapshotRetentionLimit: props.snapshotRetentionDays,
      autoMinorVersionUpgrade: "true",
      applyImmediately: true,
      lifecycle: { preventDestroy: props.protect },
    });
    this.host = cache.primaryEndpointAddress;
    this.nodeIds = Array.from(
      { length: 1 + props.replicas },
      (_, index) => `${cache.replicationGroupId}-00${index + 1}`,
    );
    this.connection = { port: PORT, protocol: "Redis", to: { securityGroupId: group.id } };
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

export function checkCache(settings: CacheSettings, check: Check): void {
  const { engine, nodeType } = settings;
  check.oneOf("engine", engine, Object.keys(ENGINE_VERSIONS));
  check.oneOf(
    "engineVersion",
    settings.engineVersion,
    ENGINE_VERSIONS[engine] ?? Object.values(ENGINE_VERSIONS).flat(),
  );
  check.matches("nodeType", nodeType, {
    pattern: /^cache\.(t3|t4g|m6g|m7g|r6g|r7g)\.(micro|small|medium|large|\d*xlarge)$/,
    allowed: 'an ElastiCache node type such as "cache.t4g.micro"',
  });
  check.number("replicas", settings.replicas, {
    least: 0,
    most: 5,
    why: "a replication group has one primary and up to five",
  });
  check.number("snapshotRetentionDays", settings.snapshotRetentionDays, { least: 0, most: 35, unit: "days" });
}
