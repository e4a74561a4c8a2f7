import type {
  DBInstance,
  ModifyDBInstanceCommandInput,
  RestoreDBInstanceFromDBSnapshotCommandInput,
} from "@aws-sdk/client-rds";
import type { DatabaseAttributes } from "./deployed-database";

type Restore = Omit<RestoreDBInstanceFromDBSnapshotCommandInput, "DBInstanceIdentifier" | "Tags">;

/**
 * Parameters of a restore; without them RDS uses the default security group and parameter group, no IAM authentication
 * and one zone. Logs are exported after the rename, because RDS names the log groups after the instance.
 */
export function restoreInput(expected: DatabaseAttributes): Restore {
  return {
    DBInstanceClass: expected.instance_class,
    Port: expected.port,
    DBSubnetGroupName: expected.db_subnet_group_name,
    VpcSecurityGroupIds: [...expected.vpc_security_group_ids],
    DBParameterGroupName: expected.parameter_group_name,
    CACertificateIdentifier: expected.ca_cert_identifier || undefined,
    MultiAZ: expected.multi_az,
    PubliclyAccessible: expected.publicly_accessible,
    StorageType: expected.storage_type,
    EnableIAMDatabaseAuthentication: expected.iam_database_authentication_enabled,
    AutoMinorVersionUpgrade: expected.auto_minor_version_upgrade,
    CopyTagsToSnapshot: expected.copy_tags_to_snapshot,
    DeletionProtection: expected.deletion_protection,
    EngineLifecycleSupport: expected.engine_lifecycle_support || undefined,
  };
}

/** A setting that the restored instance lacks, and the `ModifyDBInstance` change that sets it. */
export interface MissingSetting {
  readonly what: string;
  readonly change: Omit<ModifyDBInstanceCommandInput, "DBInstanceIdentifier">;
}

/** Settings that a restored instance lacks. Features that are on there are never turned off. */
export function missingSettings(expected: DatabaseAttributes, actual: DBInstance): MissingSetting[] {
  const settings = [...maintenanceSettings(expected, actual), ...monitoringSettings(expected, actual)];
  return settings.filter((setting) => setting.expected !== setting.found);
}

type ComparedSetting = MissingSetting & { readonly expected: unknown; readonly found: unknown };

function maintenanceSettings(expected: DatabaseAttributes, actual: DBInstance): ComparedSetting[] {
  return [
    {
      what: "master password in Secrets Manager",
      // RDS creates a secret per instance; a restore does not copy it.
      expected: true,
      found: actual.MasterUserSecret !== undefined,
      change: {
        ManageMasterUserPassword: true,
        MasterUserSecretKmsKeyId: expected.master_user_secret_kms_key_id || undefined,
      },
    },
    {
      what: "backup retention",
      expected: expected.backup_retention_period,
      found: actual.BackupRetentionPeriod,
      change: { BackupRetentionPeriod: expected.backup_retention_period },
    },
    {
      what: "backup window",
      expected: expected.backup_window,
      found: actual.PreferredBackupWindow,
      change: { PreferredBackupWindow: expected.backup_window },
    },
    {
      what: "maintenance window",
      expected: expected.maintenance_window,
      found: actual.PreferredMaintenanceWindow,
      change: { PreferredMaintenanceWindow: expected.maintenance_window },
    },
    {
      what: "storage autoscaling",
      expected: expected.max_allocated_storage || undefined,
      found: actual.MaxAllocatedStorage,
      change: { MaxAllocatedStorage: expected.max_allocated_storage },
    },
    {
      what: "deletion protection",
      expected: expected.deletion_protection,
      found: actual.DeletionProtection ?? false,
      change: { DeletionProtection: expected.deletion_protection },
    },
  ];
}

function monitoringSettings(expected: DatabaseAttributes, actual: DBInstance): ComparedSetting[] {
  const insights = expected.performance_insights_enabled;
  const retention = insights ? expected.performance_insights_retention_period : undefined;
  const key = insights ? expected.performance_insights_kms_key_id || undefined : undefined;
  return [
    {
      what: "Performance Insights",
      expected: insights,
      found: actual.PerformanceInsightsEnabled ?? false,
      change: {
        EnablePerformanceInsights: insights,
        PerformanceInsightsRetentionPeriod: retention,
        PerformanceInsightsKMSKeyId: key,
      },
    },
    {
      what: "monitoring",
      expected: expected.monitoring_interval,
      found: actual.MonitoringInterval ?? 0,
      change: {
        MonitoringInterval: expected.monitoring_interval,
        MonitoringRoleArn: expected.monitoring_interval > 0 ? expected.monitoring_role_arn : undefined,
      },
    },
  ];
}

/** Log types that are not exported yet. */
export function missingLogs(expected: DatabaseAttributes, actual: DBInstance): string[] {
  const exported = actual.EnabledCloudwatchLogsExports ?? [];
  return (expected.enabled_cloudwatch_logs_exports ?? []).filter((log) => !exported.includes(log));
}
