import { type RuleId, ruleOf } from "../../policies";
import { Stack } from "../../packages/terraform/synthesized-stack";
import { synthEnvironment, synthFoundation } from "../support/synth";

const prod = JSON.stringify(synthEnvironment("prod").json);
const foundation = JSON.stringify(synthFoundation("prod").json);

type Change = readonly [RuleId, string, Record<string, unknown> | ((text: string) => string)];

/** A change of one resource of the committed stack: its attributes, or all of their text. */
const CHANGES: readonly Change[] = [
  ["api-write-has-authorizer", "aws_api_gateway_method.api_routes_get_media", { http_method: "PUT" }],
  ["cache-is-encrypted", "aws_elasticache_replication_group.cache", { transit_encryption_enabled: false }],
  ["database-requires-tls", "aws_db_instance.database", { parameter_group_name: "default.postgres17" }],
  ["database-is-encrypted", "aws_db_instance.database", { storage_encrypted: false }],
  ["database-is-private", "aws_db_instance.database", { publicly_accessible: true }],
  ["database-protection-is-complete", "aws_db_instance.database", { skip_final_snapshot: true }],
  ["database-has-backups", "aws_db_instance.database", { backup_retention_period: 1 }],
  [
    "distribution-requires-https",
    "aws_cloudfront_distribution.edge",
    (text) => text.replace("redirect-to-https", "allow-all"),
  ],
  ["function-is-traced", "aws_lambda_function.media", { tracing_config: { mode: "PassThrough" } }],
  [
    "alarm-has-action-and-runbook",
    "aws_cloudwatch_metric_alarm.watch_alarms_api_errors",
    { alarm_actions: [] },
  ],
  ["function-runtime-is-supported", "aws_lambda_function.media", { runtime: "nodejs20.x" }],
  ["database-class-has-performance-insights", "aws_db_instance.database", { instance_class: "db.t4g.micro" }],
  ["log-group-has-retention", "aws_cloudwatch_log_group.media_log_group", { retention_in_days: 0 }],
  ["physical-name-fits-limit", "aws_lb.balancer", { name: "n".repeat(33) }],
  [
    "queue-has-dead-letter-queue",
    "aws_sqs_queue.media_queue",
    (text) => text.replace("deadLetterTargetArn", "other"),
  ],
  ["queue-is-encrypted", "aws_sqs_queue.media_queue", { kms_master_key_id: undefined }],
  ["customer-key-encrypts-data", "aws_cloudwatch_log_group.media_log_group", { kms_key_id: undefined }],
  [
    "log-bucket-has-s3-encryption",
    "aws_s3_bucket_server_side_encryption_configuration.storage_logs_encryption",
    (text) => text.replace("AES256", "aws:kms"),
  ],
  ["topic-key-admits-services", "aws_sns_topic.watch_topic", { kms_master_key_id: "alias/aws/sns" }],
  ["queue-requires-tls", "aws_sqs_queue.media_queue", (text) => text.replace("SecureTransport", "Other")],
  ["provider-6-compatible", "aws_eip.network_nat_a_address", { vpc: true }],
  [
    "policy-has-no-action-wildcard",
    "aws_iam_role_policy.media_role_permissions",
    (text) => text.replace("rds-db:connect", "rds-db:*"),
  ],
  [
    "policy-has-no-resource-wildcard",
    "aws_iam_role_policy.media_role_permissions",
    (text) => text.replace("xray:PutTraceSegments", "sqs:SendMessage"),
  ],
  [
    "security-group-is-closed-to-internet",
    "aws_vpc_security_group_ingress_rule.media_security_group_into_database",
    { cidr_ipv4: "0.0.0.0/0" },
  ],
  ["role-has-permissions-boundary", "aws_iam_role.media_role", { permissions_boundary: undefined }],
  ["service-rolls-back", "aws_ecs_service.processor", { deployment_circuit_breaker: { enable: true } }],
  ["stage-is-logged-and-traced", "aws_api_gateway_stage.api_stage", { xray_tracing_enabled: false }],
  ["database-storage-accepts-iops", "aws_db_instance.database", { iops: 12_000 }],
  [
    "task-is-unprivileged",
    "aws_ecs_task_definition.processor_task",
    (text) => text.replace("1000:1000", "0:0"),
  ],
  ["fargate-offers-task-size", "aws_ecs_task_definition.processor_task", { memory: "1000" }],
  [
    "role-trust-names-principals",
    "aws_iam_role.media_role",
    (text) => text.replace("lambda.amazonaws.com", "*").replace("Service", "AWS"),
  ],
  [
    "web-acl-matches-scope-and-region",
    "aws_cloudfront_distribution.edge",
    { web_acl_id: "${aws_wafv2_web_acl.firewall.arn}" },
  ],
  [
    "web-acl-priorities-are-unique",
    "aws_wafv2_web_acl.firewall",
    (text) => text.replace('"priority":2', '"priority":1'),
  ],
];

test.each(CHANGES)("%s sees a change of %s in the committed stack", (rule, address, change) => {
  expect(found(rule, change, address, prod)).toContain(address);
});

/** What a change removed from a stack, and which resources then lack it. */
const REMOVALS: readonly (readonly [RuleId, string, string])[] = [
  ["balancer-log-bucket-allows-delivery", "aws_s3_bucket_policy.storage_logs_policy", "aws_lb.balancer"],
  [
    "bucket-is-private",
    "aws_s3_bucket_public_access_block.storage_uploads_public_access_block",
    "aws_s3_bucket.storage_uploads",
  ],
  [
    "bucket-is-versioned-and-encrypted",
    "aws_s3_bucket_versioning.storage_uploads_versioning",
    "aws_s3_bucket.storage_uploads",
  ],
  ["bucket-requires-tls", "aws_s3_bucket_policy.storage_uploads_policy", "aws_s3_bucket.storage_uploads"],
  [
    "bucket-notification-is-allowed-by-queue",
    "aws_sqs_queue.media_queue",
    "aws_s3_bucket_notification.storage_uploads_notification",
  ],
  ["topic-requires-tls", "aws_sns_topic_policy.watch_topic_policy", "aws_sns_topic.watch_topic"],
  ["web-acl-is-associated", "aws_cloudfront_distribution.edge", "aws_wafv2_web_acl.edge_firewall"],
];

test.each(REMOVALS)("%s misses %s", (rule, gone, address) => {
  expect(
    ruleOf(rule)
      .find(new Stack("prod", JSON.parse(prod)))
      .map((finding) => finding.address),
  ).not.toContain(address);
  expect(found(rule, undefined, gone, prod)).toContain(address);
});

test("image-tags-are-immutable sees a change of the repository in the foundation", () => {
  const address = "aws_ecr_repository.prod_images";
  const change = { image_tag_mutability: "MUTABLE" };
  expect(found("image-tags-are-immutable", change, address, foundation)).toEqual([address]);
});

test("bucket-is-versioned-and-encrypted misses the versions of the state", () => {
  const gone = "aws_s3_bucket_versioning.state_versioning";
  expect(found("bucket-is-versioned-and-encrypted", undefined, gone, foundation)).toEqual([
    "aws_s3_bucket.state",
  ]);
});

function found(name: RuleId, change: Change[2] | undefined, address: string, json: string): string[] {
  const changed = JSON.parse(json);
  const [type = "", id = ""] = address.split(".");
  const before = JSON.stringify(changed.resource[type][id]);
  if (change === undefined) delete changed.resource[type][id];
  else if (typeof change === "function") changed.resource[type][id] = JSON.parse(change(before));
  else Object.assign(changed.resource[type][id], change);
  // A change without effect would prove nothing.
  expect(JSON.stringify(changed.resource[type][id])).not.toBe(before);
  return ruleOf(name)
    .find(new Stack("prod", changed))
    .map((finding) => finding.address);
}
