import { allow, type Case, policy, tls } from "./planted";

const BUCKET = "aws_s3_bucket.b";
const ofBucket = { bucket: "${aws_s3_bucket.b.id}" };
const blocks = {
  block_public_acls: true,
  block_public_policy: true,
  ignore_public_acls: true,
  restrict_public_buckets: true,
};
const QUEUE = "aws_sqs_queue.q";
const DATABASE = "aws_db_instance.d";
const database = (plant: object, ...repairs: object[]): Case[] =>
  repairs.map((repair) => ({
    plant: { [DATABASE]: plant as never },
    at: DATABASE,
    repair: { [DATABASE]: repair as never },
  }));
const CACHE = "aws_elasticache_replication_group.c";
const inGroup = { user_group_ids: ["${aws_elasticache_user_group.g.user_group_id}"] };
const cacheUsers = (type: string) => ({
  "aws_elasticache_user_group.g": { user_ids: ["${aws_elasticache_user.u.user_id}"] },
  "aws_elasticache_user.u": { access_string: "on ~* +@all", authentication_mode: { type } },
});
const group = (value: string) => ({ parameter: [{ name: "rds.force_ssl", value }] });
const told = { ...ofBucket, queue: [{ queue_arn: "arn:aws:sqs:us-east-1:123456789012:media" }] };
const letsIn = (source: string, Action = "sqs:SendMessage") =>
  policy(
    allow({
      Principal: { Service: "s3.amazonaws.com" },
      Action,
      Resource: "*",
      Condition: { ArnEquals: { "aws:SourceArn": source } },
    }),
  );
const balancersWrite = (Resource: string, Action = "s3:PutObject") =>
  allow({
    Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
    Action,
    Resource,
  });

type Attributes = Readonly<Record<string, unknown>>;
const KEY = "${data.aws_kms_alias.home.target_key_arn}";
const KEYS = {
  "provider.aws.0": { region: "us-east-1" },
  "provider.aws.1": { region: "us-west-2", alias: "west" },
  "data.aws_kms_alias.home": { name: "alias/streamflow-prod" },
  "data.aws_kms_alias.west": { name: "alias/streamflow-prod", provider: "aws.west" },
};
const sse = (algorithm: string, key?: string) => ({
  rule: [
    {
      apply_server_side_encryption_by_default: { sse_algorithm: algorithm, kms_master_key_id: key },
      bucket_key_enabled: true,
    },
  ],
});
const replicated = (status: string, key: string) => ({
  rule: [
    {
      destination: { encryption_configuration: { replica_kms_key_id: key } },
      source_selection_criteria: { sse_kms_encrypted_objects: { status } },
    },
  ],
});
/** Resources of every kind without the customer managed key, and with it. */
const KEYED: readonly (readonly [address: string, attributes: Attributes, repair: Attributes])[] = [
  ["aws_backup_vault.v", {}, { kms_key_arn: KEY }],
  ["aws_cloudwatch_log_group.g", {}, { kms_key_id: KEY }],
  ["aws_db_instance.d", {}, { kms_key_id: KEY }],
  [
    "aws_db_instance.d",
    { kms_key_id: KEY, manage_master_user_password: true },
    { master_user_secret_kms_key_id: KEY },
  ],
  [
    "aws_db_instance.d",
    { kms_key_id: KEY, performance_insights_enabled: true },
    { performance_insights_kms_key_id: KEY },
  ],
  [
    "aws_ecr_repository.r",
    { encryption_configuration: [{ encryption_type: "AES256" }] },
    { encryption_configuration: [{ encryption_type: "KMS", kms_key: KEY }] },
  ],
  ["aws_elasticache_replication_group.c", {}, { kms_key_id: KEY }],
  [
    "aws_s3_bucket_replication_configuration.r",
    replicated("Enabled", "arn:aws:kms:us-east-1:111122223333:key/other"),
    replicated("Enabled", KEY),
  ],
  ["aws_s3_bucket_replication_configuration.r", replicated("Disabled", KEY), replicated("Enabled", KEY)],
  ["aws_s3_bucket_server_side_encryption_configuration.e", sse("AES256"), sse("aws:kms", KEY)],
  [
    "aws_s3_bucket_server_side_encryption_configuration.e",
    { rule: [{ ...sse("aws:kms", KEY).rule[0], bucket_key_enabled: false }] },
    sse("aws:kms", KEY),
  ],
  ["aws_secretsmanager_secret.s", {}, { kms_key_id: KEY }],
  ["aws_sns_topic.t", {}, { kms_master_key_id: KEY }],
  ["aws_sqs_queue.q", { sqs_managed_sse_enabled: true }, { kms_master_key_id: KEY }],
];

/** Violations of the rules about data stores. */
export const dataCases = {
  "database-is-encrypted": database({ storage_encrypted: false }, { storage_encrypted: true }),
  "database-is-private": [
    ...database(
      { publicly_accessible: true, db_subnet_group_name: "isolated" },
      { publicly_accessible: false },
    ),
    ...database({ publicly_accessible: false }, { db_subnet_group_name: "isolated" }),
  ],
  "database-requires-tls": [
    {
      plant: {
        [DATABASE]: { parameter_group_name: "${aws_db_parameter_group.g.name}" },
        "aws_db_parameter_group.g": group("0"),
      },
      at: DATABASE,
      repair: { "aws_db_parameter_group.g": group("1") },
    },
    {
      plant: {
        [DATABASE]: { parameter_group_name: "${aws_db_parameter_group.g.name}" },
        "aws_db_parameter_group.g": { parameter: [{ name: "log_connections", value: "1" }] },
      },
      at: DATABASE,
      repair: { "aws_db_parameter_group.g": group("1") },
    },
    {
      plant: { [DATABASE]: {}, "aws_db_parameter_group.g": group("1") },
      at: DATABASE,
      repair: { [DATABASE]: { parameter_group_name: "${aws_db_parameter_group.g.name}" } },
    },
  ],
  "second-plan-is-empty": [
    {
      plant: { "aws_db_parameter_group.g": group("1") },
      at: "aws_db_parameter_group.g",
      repair: {
        "aws_db_parameter_group.g": {
          parameter: [
            { name: "rds.force_ssl", value: "1", apply_method: "pending-reboot" },
            { name: "log_connections", value: "1" },
          ],
        },
      },
    },
    {
      plant: { "aws_amplify_app.a": { custom_headers: "customHeaders: []" } },
      at: "aws_amplify_app.a",
      repair: { "aws_amplify_app.a": { custom_headers: undefined } },
    },
  ],
  "database-has-backups": [
    ...database({ backup_retention_period: 0 }, { backup_retention_period: 1 }),
    ...database({}, { backup_retention_period: 1 }),
    ...database({ deletion_protection: true, backup_retention_period: 6 }, { backup_retention_period: 7 }),
  ],
  "database-protection-is-complete": [
    ...database(
      { deletion_protection: true, lifecycle: { prevent_destroy: true }, skip_final_snapshot: true },
      { skip_final_snapshot: false, final_snapshot_identifier: "last" },
    ),
    ...database({ deletion_protection: true }, { deletion_protection: false }),
    ...database(
      { deletion_protection: true, final_snapshot_identifier: "last" },
      { lifecycle: { prevent_destroy: true } },
    ),
  ],
  "database-class-has-performance-insights": database(
    { performance_insights_enabled: true, instance_class: "db.t4g.micro" },
    { performance_insights_enabled: false },
    { instance_class: "db.t4g.small" },
  ),
  "database-storage-accepts-iops": [
    ...database(
      { storage_type: "gp3", allocated_storage: 399, iops: 12_000 },
      { allocated_storage: 400 },
      { iops: undefined },
      { storage_type: "io1" },
    ),
    ...database(
      { storage_type: "gp3", allocated_storage: 399, storage_throughput: 500 },
      { storage_throughput: undefined },
    ),
  ],
  "cache-is-encrypted": [
    {
      plant: {
        "aws_elasticache_replication_group.c": {
          at_rest_encryption_enabled: "true",
          transit_encryption_enabled: false,
        },
      },
      at: "aws_elasticache_replication_group.c",
      repair: { "aws_elasticache_replication_group.c": { transit_encryption_enabled: true } },
    },
    {
      plant: {
        "aws_elasticache_replication_group.c": {
          at_rest_encryption_enabled: "true",
          transit_encryption_enabled: true,
          transit_encryption_mode: "preferred",
        },
      },
      at: "aws_elasticache_replication_group.c",
      repair: { "aws_elasticache_replication_group.c": { transit_encryption_mode: "required" } },
    },
  ],
  "cache-requires-login": [
    {
      plant: { [CACHE]: {}, ...cacheUsers("iam") },
      at: CACHE,
      repair: { [CACHE]: { user_group_ids: ["${aws_elasticache_user_group.g.user_group_id}"] } },
    },
    {
      plant: { [CACHE]: inGroup, ...cacheUsers("no-password-required") },
      at: CACHE,
      repair: cacheUsers("iam"),
    },
    {
      plant: {
        [CACHE]: inGroup,
        "aws_elasticache_user_group.g": { user_ids: ["${aws_elasticache_user.u.user_id}"] },
        "aws_elasticache_user.u": { access_string: "on ~* +@all", no_password_required: true },
      },
      at: CACHE,
      repair: { "aws_elasticache_user.u": { access_string: "off ~* -@all" } },
    },
    {
      plant: { [CACHE]: inGroup, "aws_elasticache_user_group.g": { user_ids: ["default"] } },
      at: CACHE,
      repair: cacheUsers("iam"),
    },
  ],
  "bucket-is-private": [
    {
      plant: {
        [BUCKET]: {},
        "aws_s3_bucket_public_access_block.p": { ...ofBucket, ...blocks, block_public_policy: false },
      },
      at: BUCKET,
      repair: { "aws_s3_bucket_public_access_block.p": { block_public_policy: true } },
    },
    {
      plant: {
        [BUCKET]: {},
        "aws_s3_bucket_public_access_block.p": { ...ofBucket, ...blocks },
        "aws_s3_bucket_policy.p": { ...ofBucket, policy: policy(allow({ Principal: "*" })) },
      },
      at: BUCKET,
      repair: { "aws_s3_bucket_policy.p": { policy: policy(allow({ Principal: { Service: "s" } })) } },
    },
    {
      plant: {
        [BUCKET]: {},
        "aws_s3_bucket_public_access_block.p": { ...ofBucket, ...blocks },
        "aws_s3_bucket_policy.p": {
          ...ofBucket,
          policy: policy(allow({ Principal: { Service: "s", AWS: "*" } })),
        },
      },
      at: BUCKET,
      repair: { "aws_s3_bucket_policy.p": { policy: policy({ Effect: "Deny", Principal: "*" }) } },
    },
  ],
  "bucket-requires-tls": [
    {},
    { "aws_s3_bucket_policy.p": { ...ofBucket, policy: policy(tls("s3:*", "arn:aws:s3:::b")) } },
    {
      "aws_s3_bucket_policy.p": {
        ...ofBucket,
        policy: policy(tls("s3:*", ["arn:aws:s3:::c", "arn:aws:s3:::c/*"])),
      },
    },
  ].map((plant) => ({
    plant: { [BUCKET]: { bucket: "b" }, ...plant },
    at: BUCKET,
    repair: {
      "aws_s3_bucket_policy.p": {
        ...ofBucket,
        policy: policy(tls("s3:*", ["arn:aws:s3:::b", "arn:aws:s3:::b/*"])),
      },
    },
  })),
  "bucket-is-versioned-and-encrypted": [
    {
      plant: {
        [BUCKET]: {},
        "aws_s3_bucket_versioning.v": { ...ofBucket, versioning_configuration: { status: "Suspended" } },
        "aws_s3_bucket_server_side_encryption_configuration.e": {
          ...ofBucket,
          rule: [{ apply_server_side_encryption_by_default: { sse_algorithm: "AES256" } }],
        },
      },
      at: BUCKET,
      repair: { "aws_s3_bucket_versioning.v": { versioning_configuration: { status: "Enabled" } } },
    },
    {
      plant: {
        [BUCKET]: {},
        "aws_s3_bucket_versioning.v": { ...ofBucket, versioning_configuration: { status: "Enabled" } },
      },
      at: BUCKET,
      repair: {
        "aws_s3_bucket_server_side_encryption_configuration.e": {
          ...ofBucket,
          rule: [{ apply_server_side_encryption_by_default: { sse_algorithm: "AES256" } }],
        },
      },
    },
  ],
  "balancer-log-bucket-allows-delivery": [
    {
      plant: {
        [BUCKET]: { bucket: "b" },
        "aws_s3_bucket_policy.p": {
          ...ofBucket,
          policy: policy({ ...balancersWrite("arn:aws:s3:::b/lb/*"), Effect: "Deny" }),
        },
        "aws_lb.l": { access_logs: { bucket: "${aws_s3_bucket.b.id}", prefix: "lb", enabled: true } },
      },
      at: "aws_lb.l",
      repair: { "aws_s3_bucket_policy.p": { policy: policy(balancersWrite("arn:aws:s3:::b/lb/*")) } },
    },
    {
      plant: {
        [BUCKET]: { bucket: "b" },
        "aws_s3_bucket_policy.p": { ...ofBucket, policy: policy(balancersWrite("arn:aws:s3:::b/other/*")) },
        "aws_lb.l": { access_logs: { bucket: "${aws_s3_bucket.b.id}", prefix: "lb", enabled: true } },
      },
      at: "aws_lb.l",
      repair: {
        "aws_s3_bucket_policy.p": { policy: policy(balancersWrite("arn:aws:s3:::b/lb/AWSLogs/1/*")) },
      },
    },
    {
      plant: {
        [BUCKET]: { bucket: "b" },
        "aws_s3_bucket_policy.p": {
          ...ofBucket,
          policy: policy(balancersWrite("arn:aws:s3:::b/lb/*", "s3:Get*")),
        },
        "aws_lb.l": { access_logs: { bucket: "${aws_s3_bucket.b.id}", prefix: "lb", enabled: true } },
      },
      at: "aws_lb.l",
      repair: {
        "aws_s3_bucket_policy.p": { policy: policy(balancersWrite("arn:aws:s3:::b/lb/*", "S3:Put*")) },
      },
    },
  ],
  "bucket-has-no-acl": [
    {
      plant: {
        [BUCKET]: {},
        "aws_s3_bucket_acl.a": { ...ofBucket, acl: "private" },
        "aws_s3_bucket_ownership_controls.o": {
          ...ofBucket,
          rule: { object_ownership: "BucketOwnerEnforced" },
        },
      },
      at: "aws_s3_bucket_acl.a",
      repair: { "aws_s3_bucket_acl.a": undefined },
    },
    ...["BucketOwnerPreferred", "ObjectWriter"].map((ownership) => ({
      plant: { [BUCKET]: {}, "aws_s3_bucket_acl.a": { ...ofBucket, acl: "private" } },
      at: "aws_s3_bucket_acl.a",
      repair: {
        "aws_s3_bucket_ownership_controls.o": { ...ofBucket, rule: { object_ownership: ownership } },
      },
    })),
    { plant: { [BUCKET]: { acl: "private" } }, at: BUCKET, repair: { [BUCKET]: { acl: undefined } } },
    { plant: { [BUCKET]: { grant: [{}] } }, at: BUCKET, repair: { [BUCKET]: { grant: undefined } } },
    {
      plant: { "aws_cloudfront_distribution.d": { logging_config: { bucket: "logs" } } },
      at: "aws_cloudfront_distribution.d",
      repair: { "aws_cloudfront_distribution.d": { logging_config: undefined } },
    },
  ],
  "bucket-notification-is-allowed-by-queue": [
    ...[
      letsIn("arn:aws:s3:::b").replace('"Allow"', '"Deny"'),
      letsIn("arn:aws:s3:::b").replace("s3.amazonaws.com", "sns.amazonaws.com"),
    ].map((denied) => ({
      plant: {
        [BUCKET]: { bucket: "b" },
        [QUEUE]: { name: "media", policy: denied },
        "aws_s3_bucket_notification.n": told,
      },
      at: "aws_s3_bucket_notification.n",
      repair: { [QUEUE]: { policy: letsIn("arn:aws:s3:::b") } },
    })),
    {
      plant: { [BUCKET]: { bucket: "b" }, [QUEUE]: { name: "media" }, "aws_s3_bucket_notification.n": told },
      at: "aws_s3_bucket_notification.n",
      repair: { [QUEUE]: { policy: letsIn("arn:aws:s3:::b") } },
    },
    {
      plant: {
        [BUCKET]: { bucket: "b" },
        [QUEUE]: { name: "media", policy: letsIn("arn:aws:s3:::other") },
        "aws_s3_bucket_notification.n": told,
      },
      at: "aws_s3_bucket_notification.n",
      repair: { [QUEUE]: { policy: letsIn("${aws_s3_bucket.b.arn}") } },
    },
    {
      plant: {
        [BUCKET]: { bucket: "b" },
        [QUEUE]: { name: "media", policy: letsIn("arn:aws:s3:::b", "sqs:Receive*") },
        "aws_s3_bucket_notification.n": told,
      },
      at: "aws_s3_bucket_notification.n",
      repair: { [QUEUE]: { policy: letsIn("arn:aws:s3:::b", "SQS:Send*") } },
    },
  ],
  "queue-has-dead-letter-queue": [
    {
      plant: { [QUEUE]: {} },
      at: QUEUE,
      repair: {
        [QUEUE]: { redrive_policy: '${jsonencode({"deadLetterTargetArn" = aws_sqs_queue.dead.arn})}' },
        "aws_sqs_queue.dead": {},
      },
    },
  ],
  "queue-is-encrypted": [
    {
      plant: { [QUEUE]: { sqs_managed_sse_enabled: false } },
      at: QUEUE,
      repair: { [QUEUE]: { sqs_managed_sse_enabled: true } },
    },
    {
      plant: { [QUEUE]: {} },
      at: QUEUE,
      repair: { [QUEUE]: { kms_master_key_id: "alias/queues" } },
    },
  ],
  "queue-requires-tls": [
    ...[
      { Effect: "Allow" },
      { Principal: { AWS: "123456789012" } },
      { Condition: { Bool: { "aws:SecureTransport": "true" } } },
      { Condition: { Bool: { "aws:SecureTransport": "false" }, StringEquals: { "aws:SourceAccount": "1" } } },
    ].map((more) => ({
      plant: { [QUEUE]: { policy: policy(tls("sqs:*", "${aws_sqs_queue.q.arn}", more)) } },
      at: QUEUE,
      repair: { [QUEUE]: { policy: policy(tls("sqs:*", "${aws_sqs_queue.q.arn}")) } },
    })),
    {
      plant: { [QUEUE]: {} },
      at: QUEUE,
      repair: {
        "aws_sqs_queue_policy.p": {
          queue_url: "${aws_sqs_queue.q.url}",
          policy: policy(tls("sqs:*", "${aws_sqs_queue.q.arn}")),
        },
      },
    },
  ],
  "queue-visibility-covers-function-timeout": [
    {
      plant: {
        [QUEUE]: { visibility_timeout_seconds: 359 },
        "aws_lambda_function.f": { timeout: 60 },
        "aws_lambda_alias.live": { function_name: "${aws_lambda_function.f.function_name}" },
        "aws_lambda_event_source_mapping.m": {
          event_source_arn: "${aws_sqs_queue.q.arn}",
          function_name: "${aws_lambda_alias.live.arn}",
        },
      },
      at: "aws_lambda_event_source_mapping.m",
      repair: { [QUEUE]: { visibility_timeout_seconds: 360 } },
    },
    {
      plant: {
        [QUEUE]: {},
        "aws_lambda_function.f": { timeout: 6 },
        "aws_lambda_event_source_mapping.m": {
          event_source_arn: "${aws_sqs_queue.q.arn}",
          function_name: "${aws_lambda_function.f.arn}",
        },
      },
      at: "aws_lambda_event_source_mapping.m",
      repair: { "aws_lambda_function.f": { timeout: 5 } },
    },
    {
      plant: {
        [QUEUE]: { visibility_timeout_seconds: 60 },
        "aws_lambda_function.f": { timeout: 10 },
        "aws_lambda_event_source_mapping.m": {
          event_source_arn: "${aws_sqs_queue.q.arn}",
          function_name: "${aws_lambda_function.f.arn}",
          maximum_batching_window_in_seconds: 1,
        },
      },
      at: "aws_lambda_event_source_mapping.m",
      repair: { [QUEUE]: { visibility_timeout_seconds: 61 } },
    },
  ],
  "customer-key-encrypts-data": [
    ...KEYED.map(([address, attributes, repair]) => ({
      plant: { ...KEYS, [address]: attributes },
      at: address,
      repair: { [address]: repair },
    })),
    {
      plant: { ...KEYS, "aws_sns_topic.t": { provider: "aws.west", kms_master_key_id: KEY } },
      at: "aws_sns_topic.t",
      repair: { "aws_sns_topic.t": { kms_master_key_id: KEY.replace("home", "west") } },
    },
    {
      plant: {
        ...KEYS,
        [BUCKET]: { bucket: "b" },
        "aws_s3_bucket_server_side_encryption_configuration.e": { ...ofBucket, ...sse("AES256") },
      },
      at: "aws_s3_bucket_server_side_encryption_configuration.e",
      repair: { "aws_s3_bucket_logging.l": { target_bucket: ofBucket.bucket } },
    },
    {
      plant: { ...KEYS, "aws_cloudwatch_log_group.g": {} },
      at: "aws_cloudwatch_log_group.g",
      repair: { "data.aws_kms_alias.home": undefined, "data.aws_kms_alias.west": undefined },
    },
  ],
  "log-bucket-has-s3-encryption": [
    {
      plant: {
        [BUCKET]: { bucket: "b" },
        "aws_s3_bucket_logging.l": { target_bucket: ofBucket.bucket },
        "aws_s3_bucket_server_side_encryption_configuration.e": { ...ofBucket, ...sse("aws:kms", KEY) },
      },
      at: "aws_s3_bucket_server_side_encryption_configuration.e",
      repair: { "aws_s3_bucket_server_side_encryption_configuration.e": sse("AES256") },
    },
    {
      plant: {
        [BUCKET]: { bucket: "b" },
        "aws_lb.l": { access_logs: [ofBucket] },
        "aws_s3_bucket_server_side_encryption_configuration.e": { ...ofBucket, ...sse("aws:kms", KEY) },
      },
      at: "aws_s3_bucket_server_side_encryption_configuration.e",
      repair: { "aws_lb.l": undefined },
    },
  ],
  "topic-key-admits-services": [
    {
      plant: { "aws_sns_topic.t": { kms_master_key_id: "alias/aws/sns" } },
      at: "aws_sns_topic.t",
      repair: { "aws_sns_topic.t": { kms_master_key_id: KEY } },
    },
    {
      plant: { "aws_sns_topic.t": { kms_master_key_id: "arn:aws:kms:us-east-1:111122223333:alias/aws/sns" } },
      at: "aws_sns_topic.t",
      repair: { "aws_sns_topic.t": { kms_master_key_id: undefined } },
    },
  ],
  "topic-requires-tls": [
    {
      plant: {
        "aws_sns_topic.t": {},
        "aws_sns_topic_policy.p": { arn: "${aws_sns_topic.t.arn}", policy: policy() },
      },
      at: "aws_sns_topic.t",
      repair: { "aws_sns_topic_policy.p": { policy: policy(tls("sns:Publish", "${aws_sns_topic.t.arn}")) } },
    },
  ],
  "log-group-has-retention": [{}, { retention_in_days: 0 }].map((group) => ({
    plant: { "aws_cloudwatch_log_group.g": group },
    at: "aws_cloudwatch_log_group.g",
    repair: { "aws_cloudwatch_log_group.g": { retention_in_days: 30 } },
  })),
} satisfies Record<string, readonly Case[]>;
