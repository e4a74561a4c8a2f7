/** One CloudWatch metric of one thing, with the statistic that tells something about it. */
export interface Metric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** `Sum`, `Average`, `Maximum`, `Minimum`, `SampleCount`, or a percentile such as `p99`. */
  readonly statistic: string;
  readonly label: string;
}

/** What an environment is made of, by the names that CloudWatch knows. */
export interface Measured {
  readonly environment: string;
  readonly api: { readonly name: string; readonly stageName: string };
  readonly media: { readonly functionName: string };
  readonly queue: { readonly name: string; readonly deadLettersName: string };
  readonly processor: { readonly clusterName: string; readonly serviceName: string };
  readonly balancer: { readonly arnSuffix: string; readonly targetGroupArnSuffix: string };
  readonly database: { readonly identifier: string };
  readonly cache: { readonly firstNodeId: string };
}

/** Every metric that an environment is watched by, in groups of what it is about. Source: each service's user guide. */
export function metricsOf(measured: Measured) {
  const { environment, api, media, queue, processor, balancer, database, cache } = measured;
  const metric =
    (namespace: string, dimensions: Metric["dimensions"]) =>
    (name: string, statistic: string, label: string): Metric => ({
      namespace,
      name,
      dimensions,
      statistic,
      label,
    });
  const ofApi = metric("AWS/ApiGateway", { ApiName: api.name, Stage: api.stageName });
  const ofFunction = metric("AWS/Lambda", { FunctionName: media.functionName });
  const ofQueue = metric("AWS/SQS", { QueueName: queue.name });
  const ofDeadLetters = metric("AWS/SQS", { QueueName: queue.deadLettersName });
  const ofService = metric("AWS/ECS", {
    ClusterName: processor.clusterName,
    ServiceName: processor.serviceName,
  });
  const ofBalancer = metric("AWS/ApplicationELB", { LoadBalancer: balancer.arnSuffix });
  const ofTargets = metric("AWS/ApplicationELB", {
    LoadBalancer: balancer.arnSuffix,
    TargetGroup: balancer.targetGroupArnSuffix,
  });
  const ofDatabase = metric("AWS/RDS", { DBInstanceIdentifier: database.identifier });
  const ofCache = metric("AWS/ElastiCache", { CacheClusterId: cache.firstNodeId });
  const ofOurs = metric("StreamFlow", { Environment: environment });
  return {
    api: {
      requests: ofApi("Count", "Sum", "Requests"),
      serverErrors: ofApi("5XXError", "Sum", "Server errors"),
      clientErrors: ofApi("4XXError", "Sum", "Client errors"),
      latency: ofApi("Latency", "p99", "Latency p99 (ms)"),
    },
    media: {
      errors: ofFunction("Errors", "Sum", "Errors"),
      throttles: ofFunction("Throttles", "Sum", "Throttles"),
      duration: ofFunction("Duration", "p99", "Duration p99 (ms)"),
      concurrency: ofFunction("ConcurrentExecutions", "Maximum", "Concurrent executions"),
    },
    queue: {
      waiting: ofQueue("ApproximateNumberOfMessagesVisible", "Maximum", "Waiting"),
      age: ofQueue("ApproximateAgeOfOldestMessage", "Maximum", "Oldest (s)"),
      deadLetters: ofDeadLetters("ApproximateNumberOfMessagesVisible", "Maximum", "Dead letters"),
    },
    processor: {
      cpu: ofService("CPUUtilization", "Average", "CPU (%)"),
      memory: ofService("MemoryUtilization", "Average", "Memory (%)"),
      tasks: ofService("CPUUtilization", "SampleCount", "Tasks"),
      time: ofOurs("VideoProcessingTime", "p99", "Processing time p99 (ms)"),
      unhealthy: ofTargets("UnHealthyHostCount", "Maximum", "Unhealthy tasks"),
      serverErrors: ofBalancer("HTTPCode_ELB_5XX_Count", "Sum", "Load balancer's errors"),
    },
    database: {
      cpu: ofDatabase("CPUUtilization", "Average", "CPU (%)"),
      connections: ofDatabase("DatabaseConnections", "Maximum", "Connections"),
      storage: ofDatabase("FreeStorageSpace", "Minimum", "Free storage (bytes)"),
      readLatency: ofDatabase("ReadLatency", "Average", "Read latency (s)"),
    },
    cache: {
      cpu: ofCache("EngineCPUUtilization", "Average", "CPU (%)"),
      memory: ofCache("DatabaseMemoryUsagePercentage", "Average", "Memory (%)"),
      evictions: ofCache("Evictions", "Sum", "Evictions"),
      hits: ofCache("CacheHitRate", "Average", "Hits (%)"),
    },
  } satisfies Record<string, Record<string, Metric>>;
}
