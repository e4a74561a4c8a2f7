/** A type of resource that holds data. */
interface StatefulType {
  /** The construct that sets the attributes. */
  readonly file: string;
  /** Attributes whose change makes Terraform replace the resource: its data is lost. */
  readonly replacedBy: readonly string[];
  /** Attributes whose change renames the resource in place: its data stays, its clients need the new name. */
  readonly renamedBy?: readonly string[];
}

/**
 * Types that hold data. The provider's schema does not tell which attributes force a replacement;
 * `__tests__/terraform/stateful.test.ts` changes each of these in a plan.
 */
export const STATEFUL_TYPES: Readonly<Record<string, StatefulType>> = {
  aws_backup_vault: {
    file: "stacks/constructs/recovery/backups.ts",
    replacedBy: ["name", "kms_key_arn"],
  },
  aws_cognito_user_pool: {
    file: "stacks/constructs/api/users.ts",
    replacedBy: ["name", "username_attributes", "username_configuration"],
  },
  aws_db_instance: {
    file: "stacks/constructs/data/database.ts",
    replacedBy: [
      "engine",
      "db_name",
      "username",
      "storage_encrypted",
      "kms_key_id",
      "availability_zone",
      "snapshot_identifier",
    ],
    renamedBy: ["identifier"],
  },
  aws_ecr_repository: {
    file: "stacks/constructs/compute/image-repository.ts",
    replacedBy: ["name", "encryption_configuration"],
  },
  aws_elasticache_replication_group: {
    file: "stacks/constructs/data/cache.ts",
    replacedBy: [
      "replication_group_id",
      "subnet_group_name",
      "port",
      "at_rest_encryption_enabled",
      "kms_key_id",
      "snapshot_name",
      "data_tiering_enabled",
    ],
  },
  aws_kms_key: {
    file: "stacks/constructs/encryption/encryption-key.ts",
    replacedBy: ["key_usage", "customer_master_key_spec", "multi_region"],
  },
  aws_s3_bucket: {
    file: "stacks/constructs/data/bucket.ts",
    replacedBy: ["bucket", "object_lock_enabled"],
  },
  aws_secretsmanager_secret: {
    file: "stacks/constructs/edge/playback-keys.ts",
    replacedBy: ["name"],
  },
  aws_sqs_queue: {
    file: "stacks/constructs/data/work-queue.ts",
    replacedBy: ["name", "fifo_queue"],
  },
};
