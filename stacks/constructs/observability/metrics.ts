/** One CloudWatch metric of one thing, with the statistic that tells something about it. */
export interface Metric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** `Sum`, `Average`, `Maximum`, `Minimum`, `SampleCount`, a percentile such as `p99`, or `PR(:3000)`: the percentage of values up to 3000. */
  readonly statistic: string;
  readonly label: string;
  /** Where CloudWatch keeps it, if that is not the environment's region. */
  readonly region?: string | undefined;
}

/** What an environment is made of, by the names that CloudWatch knows. */
export interface MonitoredResources {
  readonly environment: string;
  readonly region: string;
  readonly api: { readonly name: string; readonly stageName: string };
  readonly media: { readonly functionName: string };
  readonly migrate: { readonly functionName: string };
  readonly queue: { readonly name: string; readonly deadLettersName: string };
  readonly processor: { readonly clusterName: string; readonly serviceName: string };
  readonly balancer: { readonly arnSuffix: string; readonly targetGroupArnSuffix: string };
  readonly database: { readonly identifier: string };
  /** The first is the primary until one fails; any may be it afterwards. */
  readonly cache: { readonly nodeIds: readonly string[] };
  readonly edge: { readonly distributionId: string };
  /** Web ACLs: of the region, and of the edge where it has one. */
  readonly webAcls: { readonly region: string; readonly edge: string | undefined };
  /** Where AWS Backup keeps what it backs up, if it does. */
  readonly vaultName: string | undefined;
  /** ARNs, where there is a domain: the edge's is in us-east-1, the load balancer's in the region. */
  readonly certificates: { readonly edge?: string; readonly origin?: string };
}

/** CloudFront and what belongs to it report here, wherever the environment is. */
export const EDGE_REGION = "us-east-1";

export type Metrics = ReturnType<typeof metricsOf>;

/** Every metric that an environment is watched by, in groups of what it is about. Source: `__tests__/support/metrics/emitted.ts`. */
export function metricsOf(resources: MonitoredResources) {
  const { environment, region, api, queue, processor, balancer, database, cache, webAcls } = resources;
  const ofApi = metric("AWS/ApiGateway", { ApiName: api.name, Stage: api.stageName });
  const ofFunction = metric("AWS/Lambda", { FunctionName: resources.media.functionName });
  const ofMigrate = metric("AWS/Lambda", { FunctionName: resources.migrate.functionName });
  const ofQueue = metric("AWS/SQS", { QueueName: queue.name });
  const ofDeadLetters = metric("AWS/SQS", { QueueName: queue.deadLettersName });
  const { clusterName: ClusterName, serviceName: ServiceName } = processor;
  const ofService = metric("AWS/ECS", { ClusterName, ServiceName });
  const ofBalancer = metric("AWS/ApplicationELB", { LoadBalancer: balancer.arnSuffix });
  const ofTargets = metric("AWS/ApplicationELB", {
    LoadBalancer: balancer.arnSuffix,
    TargetGroup: balancer.targetGroupArnSuffix,
  });
  const ofDatabase = metric("AWS/RDS", { DBInstanceIdentifier: database.identifier });
  const ofCache = (name: string, statistic: string, label: string): Metric[] =>
    cache.nodeIds.map((CacheClusterId, index) =>
      metric("AWS/ElastiCache", { CacheClusterId })(name, statistic, `${label}, node ${index + 1}`),
    );
  const ofOurs = metric("StreamFlow", { Environment: environment });
  const distribution = { DistributionId: resources.edge.distributionId, Region: "Global" };
  const ofEdge = metric("AWS/CloudFront", distribution, EDGE_REGION);
  const ofFirewall = metric("AWS/WAFV2", { Region: region, Rule: "ALL", WebACL: webAcls.region });
  return {
    api: {
      requests: ofApi("Count", "Sum", "Requests"),
      serverErrors: ofApi("5XXError", "Sum", "Server errors"),
      clientErrors: ofApi("4XXError", "Sum", "Client errors"),
      latency: ofApi("Latency", "p99", "p99"),
      median: ofApi("Latency", "p50", "p50"),
    },
    media: {
      invocations: ofFunction("Invocations", "Sum", "Calls"),
      errors: ofFunction("Errors", "Sum", "Errors"),
      throttles: ofFunction("Throttles", "Sum", "Throttles"),
      duration: ofFunction("Duration", "p99", "p99"),
      concurrency: ofFunction("ConcurrentExecutions", "Maximum", "At once"),
    },
    migrate: {
      invocations: ofMigrate("Invocations", "Sum", "Calls"),
      errors: ofMigrate("Errors", "Sum", "Errors"),
    },
    queue: {
      waiting: ofQueue("ApproximateNumberOfMessagesVisible", "Maximum", "Waiting"),
      inFlight: ofQueue("ApproximateNumberOfMessagesNotVisible", "Maximum", "Being processed"),
      age: ofQueue("ApproximateAgeOfOldestMessage", "Maximum", "Oldest"),
      deadLetters: ofDeadLetters("ApproximateNumberOfMessagesVisible", "Maximum", "Dead letters"),
    },
    processor: {
      cpu: ofService("CPUUtilization", "Average", "CPU"),
      memory: ofService("MemoryUtilization", "Average", "Memory"),
      tasks: ofService("CPUUtilization", "SampleCount", "Tasks"),
      time: ofOurs("VideoProcessingTime", "p99", "Processing, p99"),
      ready: ofOurs("TimeToReady", "p99", "From upload to ready, p99"),
      unhealthy: ofTargets("UnHealthyHostCount", "Maximum", "Unhealthy tasks"),
      serverErrors: ofBalancer("HTTPCode_ELB_5XX_Count", "Sum", "Load balancer's errors"),
    },
    database: {
      cpu: ofDatabase("CPUUtilization", "Average", "CPU"),
      connections: ofDatabase("DatabaseConnections", "Maximum", "Connections"),
      storage: ofDatabase("FreeStorageSpace", "Minimum", "Free storage"),
      readLatency: ofDatabase("ReadLatency", "Average", "Reads"),
      writeLatency: ofDatabase("WriteLatency", "Average", "Writes"),
    },
    cache: {
      cpu: ofCache("EngineCPUUtilization", "Average", "CPU"),
      memory: ofCache("DatabaseMemoryUsagePercentage", "Average", "Memory"),
      evictions: ofCache("Evictions", "Sum", "Evictions"),
      hits: ofCache("CacheHitRate", "Average", "Hits"),
      // One node has nobody to lag behind.
      lag: cache.nodeIds.length > 1 ? ofCache("ReplicationLag", "Maximum", "Lag") : [],
    },
    edge: {
      requests: ofEdge("Requests", "Sum", "Requests"),
      serverErrors: ofEdge("5xxErrorRate", "Average", "Server errors"),
      clientErrors: ofEdge("4xxErrorRate", "Average", "Client errors"),
      bytes: ofEdge("BytesDownloaded", "Sum", "Downloaded"),
    },
    firewall: {
      allowed: ofFirewall("AllowedRequests", "Sum", "Allowed"),
      blocked: ofFirewall("BlockedRequests", "Sum", "Blocked"),
    },
    edgeFirewall: webAcls.edge === undefined ? undefined : ofEdgeFirewall(webAcls.edge),
    backups: resources.vaultName === undefined ? undefined : ofBackups(resources.vaultName),
    certificates: {
      edge: expiry(resources.certificates.edge, "Public name", EDGE_REGION),
      origin: expiry(resources.certificates.origin, "Load balancer's name"),
    },
  };
}

function metric(namespace: string, dimensions: Metric["dimensions"], region?: string) {
  return (name: string, statistic: string, label: string): Metric => ({
    namespace,
    name,
    dimensions,
    statistic,
    label,
    region,
  });
}

/** CloudFront's web ACL has no region among its dimensions. */
function ofEdgeFirewall(WebACL: string) {
  const of = metric("AWS/WAFV2", { Rule: "ALL", WebACL }, EDGE_REGION);
  return {
    allowed: of("AllowedRequests", "Sum", "Allowed"),
    blocked: of("BlockedRequests", "Sum", "Blocked"),
  };
}

function ofBackups(BackupVaultName: string) {
  const of = metric("AWS/Backup", { BackupVaultName });
  return {
    completed: of("NumberOfBackupJobsCompleted", "Sum", "Completed"),
    failed: of("NumberOfBackupJobsFailed", "Sum", "Failed"),
  };
}

function expiry(CertificateArn: string | undefined, label: string, region?: string): Metric | undefined {
  if (CertificateArn === undefined) return undefined;
  return metric("AWS/CertificateManager", { CertificateArn }, region)("DaysToExpiry", "Minimum", label);
}
