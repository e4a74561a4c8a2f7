/** The parts of a CloudWatch namespace that are used here. */
export interface Namespace {
  /** Page of the service that documents it. */
  readonly source: string;
  /** Dimension sets of the metrics: CloudWatch finds a metric only by exactly one of its sets. */
  readonly dimensions: readonly (readonly string[])[];
  /** Metrics with their greatest possible value; Infinity if there is none. */
  readonly metrics: Readonly<Record<string, number>>;
}

const ANY = Infinity;

/**
 * Every metric that AWS or this project's code emits for a deployed resource and that a dashboard or an alarm may show.
 */
export const EMITTED: Readonly<Record<string, Namespace>> = {
  "AWS/ApiGateway": {
    source:
      "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html",
    dimensions: [["ApiName"], ["ApiName", "Stage"], ["ApiName", "Method", "Resource", "Stage"]],
    metrics: { Count: ANY, "4XXError": ANY, "5XXError": ANY, Latency: ANY, IntegrationLatency: ANY },
  },
  "AWS/ApplicationELB": {
    source:
      "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html",
    dimensions: [["LoadBalancer"], ["LoadBalancer", "TargetGroup"]],
    metrics: { HTTPCode_ELB_5XX_Count: ANY, HealthyHostCount: ANY, UnHealthyHostCount: ANY },
  },
  "AWS/Backup": {
    source: "https://docs.aws.amazon.com/aws-backup/latest/devguide/cloudwatch.html",
    dimensions: [["BackupVaultName"], ["ResourceType"]],
    metrics: { NumberOfBackupJobsCompleted: ANY, NumberOfBackupJobsFailed: ANY },
  },
  "AWS/CertificateManager": {
    source: "https://docs.aws.amazon.com/acm/latest/userguide/cloudwatch-metrics.html",
    dimensions: [["CertificateArn"]],
    metrics: { DaysToExpiry: ANY },
  },
  "AWS/CloudFront": {
    source:
      "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/programming-cloudwatch-metrics.html",
    dimensions: [["DistributionId", "Region"]],
    metrics: { Requests: ANY, BytesDownloaded: ANY, "4xxErrorRate": 100, "5xxErrorRate": 100 },
  },
  "AWS/ECS": {
    source: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/available-metrics.html",
    dimensions: [["ClusterName"], ["ClusterName", "ServiceName"]],
    metrics: { CPUUtilization: 100, MemoryUtilization: 100 },
  },
  "AWS/ElastiCache": {
    source: "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.Redis.html",
    dimensions: [["CacheClusterId"], ["CacheClusterId", "CacheNodeId"]],
    metrics: {
      EngineCPUUtilization: 100,
      DatabaseMemoryUsagePercentage: 100,
      Evictions: ANY,
      CacheHitRate: 100,
      ReplicationLag: ANY,
      AuthenticationFailures: ANY,
      CommandAuthorizationFailures: ANY,
      KeyAuthorizationFailures: ANY,
      IamAuthenticationThrottling: ANY,
    },
  },
  "AWS/Lambda": {
    source: "https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html",
    dimensions: [["FunctionName"], ["FunctionName", "Resource"], []],
    metrics: { Invocations: ANY, Errors: ANY, Throttles: ANY, Duration: 900_000, ConcurrentExecutions: ANY },
  },
  "AWS/RDS": {
    source: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-metrics.html",
    dimensions: [["DBInstanceIdentifier"], ["DatabaseClass"], ["EngineName"], []],
    metrics: {
      CPUUtilization: 100,
      DatabaseConnections: 5_000,
      FreeStorageSpace: ANY,
      ReadLatency: ANY,
      WriteLatency: ANY,
    },
  },
  "AWS/SQS": {
    source:
      "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html",
    dimensions: [["QueueName"]],
    metrics: {
      ApproximateAgeOfOldestMessage: ANY,
      ApproximateNumberOfMessagesNotVisible: ANY,
      ApproximateNumberOfMessagesVisible: ANY,
    },
  },
  "AWS/WAFV2": {
    source: "https://docs.aws.amazon.com/waf/latest/developerguide/waf-metrics.html",
    // CloudFront's web ACLs have no region.
    dimensions: [
      ["Region", "Rule", "WebACL"],
      ["Rule", "WebACL"],
    ],
    metrics: { AllowedRequests: ANY, BlockedRequests: ANY },
  },
  StreamFlow: {
    source:
      "handlers/processor.ts, seen by __tests__/services/processor/stream.test.ts, handlers/synthetic-check.ts, seen by " +
      "__tests__/handlers/synthetic-check/handler.test.ts, and handlers/invalidate.ts, seen by " +
      "__tests__/handlers/invalidate.test.ts",
    dimensions: [["Environment"]],
    metrics: {
      InvalidatedVideos: ANY,
      StrandedMedia: ANY,
      VideoProcessingTime: ANY,
      TimeToReady: ANY,
      RefusedShare: 100,
      SyntheticCheckSuccess: ANY,
      SyntheticCheckTimeToReady: ANY,
    },
  },
};
