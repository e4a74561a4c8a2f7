/** A percentile such as `p99`, or `PR(:3000)`: the percentage of values up to 3000. */
export type Statistic =
  "Sum" | "Average" | "Maximum" | "Minimum" | "SampleCount" | `p${number}` | `PR(:${number})`;

/** One CloudWatch metric of one resource, with its statistic. */
export interface Metric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: Statistic;
  readonly label: string;
  /** Region of the metric, if it differs from the environment's. */
  readonly region?: string | undefined;
}

/** Resources of an environment by their names in CloudWatch dimensions. */
export interface MonitoredResources {
  readonly environment: string;
  readonly region: string;
  readonly api: { readonly name: string; readonly stageName: string };
  readonly media: { readonly functionName: string };
  readonly migrate: { readonly functionName: string };
  /** The synthetic check's function; undefined without one. */
  readonly check: { readonly functionName: string } | undefined;
  readonly queue: { readonly name: string; readonly deadLettersName: string };
  /** What invalidates CloudFront's copies of removed videos; undefined without it. */
  readonly invalidations:
    { readonly functionName: string; readonly queue: MonitoredResources["queue"] } | undefined;
  readonly processor: { readonly clusterName: string; readonly serviceName: string };
  readonly balancer: { readonly arnSuffix: string; readonly targetGroupArnSuffix: string };
  readonly database: { readonly identifier: string };
  /** Nodes in order of creation; any node can become the primary after a failover. */
  readonly cache: { readonly nodeIds: readonly string[]; readonly hasUsers: boolean };
  readonly edge: { readonly distributionId: string };
  /** Names of the regional web ACL and, if there is one, of the CloudFront web ACL. */
  readonly webAcls: { readonly region: string; readonly edge: string | undefined };
  /** Backup vault; undefined without backups. */
  readonly vaultName: string | undefined;
  /** Certificate ARNs, if there is a domain: the edge's in us-east-1, the load balancer's in the region. */
  readonly certificates: { readonly edge?: string; readonly origin?: string };
}

/** Region of all metrics of CloudFront, its web ACL and its certificate. */
export const EDGE_REGION = "us-east-1";

export type Metrics = ReturnType<typeof metricsOf>;

/** Every monitored metric of an environment, grouped by resource. Source: `__tests__/support/metrics/emitted.ts`. */
export function metricsOf(resources: MonitoredResources) {
  const { region, webAcls, certificates } = resources;
  return {
    api: apiMetrics(resources.api),
    media: functionMetrics(resources.media.functionName),
    migrate: migrateMetrics(resources.migrate.functionName),
    check: resources.check === undefined ? undefined : checkMetrics(resources.environment, resources.check),
    queue: queueMetrics(resources.queue),
    invalidations:
      resources.invalidations === undefined
        ? undefined
        : invalidationMetrics(resources.environment, resources.invalidations),
    processor: processorMetrics(resources),
    database: databaseMetrics(resources.database.identifier),
    cache: cacheMetrics(resources.cache),
    edge: edgeMetrics(resources.edge.distributionId),
    firewall: webAclMetrics({ Region: region, Rule: "ALL", WebACL: webAcls.region }),
    // The CloudFront web ACL's metrics have no Region dimension.
    edgeFirewall:
      webAcls.edge === undefined
        ? undefined
        : webAclMetrics({ Rule: "ALL", WebACL: webAcls.edge }, EDGE_REGION),
    backups: resources.vaultName === undefined ? undefined : backupMetrics(resources.vaultName),
    certificates: {
      edge: daysToExpiry(certificates.edge, { label: "Public certificate", region: EDGE_REGION }),
      origin: daysToExpiry(certificates.origin, { label: "Load balancer certificate" }),
    },
  };
}

function metric(namespace: string, dimensions: Metric["dimensions"], region?: string) {
  return (name: string, statistic: Statistic, label: string): Metric => ({
    namespace,
    name,
    dimensions,
    statistic,
    label,
    region,
  });
}

function apiMetrics({ name, stageName }: MonitoredResources["api"]) {
  const of = metric("AWS/ApiGateway", { ApiName: name, Stage: stageName });
  return {
    requests: of("Count", "Sum", "Requests"),
    serverErrors: of("5XXError", "Sum", "Server errors"),
    clientErrors: of("4XXError", "Sum", "Client errors"),
    latency: of("Latency", "p99", "p99"),
    median: of("Latency", "p50", "p50"),
  };
}

function functionMetrics(FunctionName: string) {
  const of = metric("AWS/Lambda", { FunctionName });
  return {
    invocations: of("Invocations", "Sum", "Calls"),
    errors: of("Errors", "Sum", "Errors"),
    throttles: of("Throttles", "Sum", "Throttles"),
    duration: of("Duration", "p99", "p99"),
    concurrency: of("ConcurrentExecutions", "Maximum", "Concurrent"),
  };
}

function migrateMetrics(functionName: string) {
  const { invocations, errors } = functionMetrics(functionName);
  return { invocations, errors };
}

function checkMetrics(environment: string, { functionName }: { readonly functionName: string }) {
  const of = metric("StreamFlow", { Environment: environment });
  return {
    successes: of("SyntheticCheckSuccess", "Sum", "Successes"),
    checks: of("SyntheticCheckSuccess", "SampleCount", "Checks"),
    ready: of("SyntheticCheckTimeToReady", "Maximum", "From upload to ready"),
    errors: functionMetrics(functionName).errors,
  };
}

function queueMetrics({ name, deadLettersName }: MonitoredResources["queue"]) {
  const of = metric("AWS/SQS", { QueueName: name });
  const ofDeadLetters = metric("AWS/SQS", { QueueName: deadLettersName });
  return {
    waiting: of("ApproximateNumberOfMessagesVisible", "Maximum", "Waiting"),
    inFlight: of("ApproximateNumberOfMessagesNotVisible", "Maximum", "Being processed"),
    age: of("ApproximateAgeOfOldestMessage", "Maximum", "Oldest"),
    deadLetters: ofDeadLetters("ApproximateNumberOfMessagesVisible", "Maximum", "Dead letters"),
  };
}

function invalidationMetrics(
  Environment: string,
  { functionName, queue }: NonNullable<MonitoredResources["invalidations"]>,
) {
  const { waiting, age, deadLetters } = queueMetrics(queue);
  return {
    age,
    invalidated: metric("StreamFlow", { Environment })("InvalidatedVideos", "Sum", "Invalidated videos"),
    waiting,
    deadLetters,
    errors: functionMetrics(functionName).errors,
  };
}

/** Metrics of the ECS service, its load balancer, and the processor's own. */
function processorMetrics({ environment, processor, balancer }: MonitoredResources) {
  const { clusterName: ClusterName, serviceName: ServiceName } = processor;
  const { arnSuffix: LoadBalancer, targetGroupArnSuffix: TargetGroup } = balancer;
  const ofService = metric("AWS/ECS", { ClusterName, ServiceName });
  const ofProgram = metric("StreamFlow", { Environment: environment });
  const ofBalancer = metric("AWS/ApplicationELB", { LoadBalancer });
  const ofTargets = metric("AWS/ApplicationELB", { LoadBalancer, TargetGroup });
  return {
    cpu: ofService("CPUUtilization", "Average", "CPU"),
    memory: ofService("MemoryUtilization", "Average", "Memory"),
    tasks: ofService("CPUUtilization", "SampleCount", "Tasks"),
    time: ofProgram("VideoProcessingTime", "p99", "Processing, p99"),
    ready: ofProgram("TimeToReady", "p99", "From upload to ready, p99"),
    healthy: ofTargets("HealthyHostCount", "Maximum", "Healthy tasks"),
    refused: ofProgram("RefusedShare", "Average", "Refused videos"),
    stranded: ofProgram("StrandedMedia", "Sum", "Stranded media"),
    unhealthy: ofTargets("UnHealthyHostCount", "Maximum", "Unhealthy tasks"),
    serverErrors: ofBalancer("HTTPCode_ELB_5XX_Count", "Sum", "Load balancer errors"),
  };
}

function databaseMetrics(DBInstanceIdentifier: string) {
  const of = metric("AWS/RDS", { DBInstanceIdentifier });
  return {
    cpu: of("CPUUtilization", "Average", "CPU"),
    connections: of("DatabaseConnections", "Maximum", "Connections"),
    storage: of("FreeStorageSpace", "Minimum", "Free storage"),
    readLatency: of("ReadLatency", "Average", "Reads"),
    writeLatency: of("WriteLatency", "Average", "Writes"),
  };
}

function cacheMetrics({ nodeIds, hasUsers }: MonitoredResources["cache"]) {
  const ofNodes = (name: string, statistic: Statistic, label: string): Metric[] =>
    nodeIds.map((CacheClusterId, index) =>
      metric("AWS/ElastiCache", { CacheClusterId })(name, statistic, `${label}, node ${index + 1}`),
    );
  return {
    cpu: ofNodes("EngineCPUUtilization", "Average", "CPU"),
    memory: ofNodes("DatabaseMemoryUsagePercentage", "Average", "Memory"),
    evictions: ofNodes("Evictions", "Sum", "Evictions"),
    hits: ofNodes("CacheHitRate", "Average", "Hit rate"),
    // A single node has no replica.
    lag: nodeIds.length > 1 ? ofNodes("ReplicationLag", "Maximum", "Lag") : [],
    // A cache without users refuses nobody.
    refused: hasUsers
      ? [
          ...ofNodes("AuthenticationFailures", "Sum", "Refused logins"),
          ...ofNodes("CommandAuthorizationFailures", "Sum", "Refused commands"),
          ...ofNodes("KeyAuthorizationFailures", "Sum", "Refused keys"),
          ...nodeIds.map((CacheClusterId, index) =>
            // ElastiCache has this metric with both dimensions only; each cluster of a replication group has one node.
            metric("AWS/ElastiCache", { CacheClusterId, CacheNodeId: "0001" })(
              "IamAuthenticationThrottling",
              "Sum",
              `Throttled logins, node ${index + 1}`,
            ),
          ),
        ]
      : [],
  };
}

function edgeMetrics(DistributionId: string) {
  const of = metric("AWS/CloudFront", { DistributionId, Region: "Global" }, EDGE_REGION);
  return {
    requests: of("Requests", "Sum", "Requests"),
    serverErrors: of("5xxErrorRate", "Average", "Server errors"),
    clientErrors: of("4xxErrorRate", "Average", "Client errors"),
    bytes: of("BytesDownloaded", "Sum", "Downloaded"),
  };
}

function webAclMetrics(dimensions: Metric["dimensions"], region?: string) {
  const of = metric("AWS/WAFV2", dimensions, region);
  return {
    allowed: of("AllowedRequests", "Sum", "Allowed"),
    blocked: of("BlockedRequests", "Sum", "Blocked"),
  };
}

function backupMetrics(BackupVaultName: string) {
  const of = metric("AWS/Backup", { BackupVaultName });
  return {
    completed: of("NumberOfBackupJobsCompleted", "Sum", "Completed"),
    failed: of("NumberOfBackupJobsFailed", "Sum", "Failed"),
  };
}

function daysToExpiry(
  CertificateArn: string | undefined,
  { label, region }: { readonly label: string; readonly region?: string },
): Metric | undefined {
  if (CertificateArn === undefined) return undefined;
  return metric("AWS/CertificateManager", { CertificateArn }, region)("DaysToExpiry", "Minimum", label);
}
