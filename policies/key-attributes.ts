export interface KeyAttribute {
  /** Path of the attribute that holds the key. */
  readonly path: string;
  /** The key is only needed when this attribute is true. */
  readonly onlyIf?: string;
}

/** Where each kind of resource with data holds the key that encrypts it. */
export const KEY_ATTRIBUTES: Readonly<Record<string, readonly [KeyAttribute, ...KeyAttribute[]]>> = {
  aws_backup_vault: [{ path: "kms_key_arn" }],
  aws_cloudwatch_log_group: [{ path: "kms_key_id" }],
  aws_db_instance: [
    { path: "kms_key_id" },
    { path: "master_user_secret_kms_key_id", onlyIf: "manage_master_user_password" },
    { path: "performance_insights_kms_key_id", onlyIf: "performance_insights_enabled" },
  ],
  aws_ecr_repository: [{ path: "encryption_configuration.kms_key" }],
  aws_elasticache_replication_group: [{ path: "kms_key_id" }],
  aws_s3_bucket_server_side_encryption_configuration: [
    { path: "rule.apply_server_side_encryption_by_default.kms_master_key_id" },
  ],
  aws_secretsmanager_secret: [{ path: "kms_key_id" }],
  aws_sns_topic: [{ path: "kms_master_key_id" }],
  aws_sqs_queue: [{ path: "kms_master_key_id" }],
};
