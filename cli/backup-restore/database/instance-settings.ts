import type {
  DBInstance,
  ModifyDBInstanceCommandInput,
  RestoreDBInstanceFromDBSnapshotCommandInput,
} from "@aws-sdk/client-rds";
import type { DatabaseAttributes } from "./deployed-database";

type Restore = Omit<RestoreDBInstanceFromDBSnapshotCommandInput, "DBInstanceIdentifier" | "Tags">;

/**
 * What a restore has to be told, for RDS would give the new instance defaults: the default security group and parameter
 * group, no IAM logins, one zone. Logs are exported once it has its name, for RDS makes a group of that name.
 */
export function restoreInput(wanted: DatabaseAttributes): Restore {
  return {
    DBInstanceClass: wanted.instance_class,
    Port: wanted.port,
    DBSubnetGroupName: wanted.db_subnet_group_name,
    VpcSecurityGroupIds: [...wanted.vpc_security_group_ids],
    DBParameterGroupName: wanted.parameter_group_name,
    CACertificateIdentifier: wanted.ca_cert_identifier || undefined,
    MultiAZ: wanted.multi_az,
    PubliclyAccessible: wanted.publicly_accessible,
    StorageType: wanted.storage_type,
    EnableIAMDatabaseAuthentication: wanted.iam_database_authentication_enabled,
    AutoMinorVersionUpgrade: wanted.auto_minor_version_upgrade,
    CopyTagsToSnapshot: wanted.copy_tags_to_snapshot,
    DeletionProtection: wanted.deletion_protection,
    EngineLifecycleSupport: wanted.engine_lifecycle_support || undefined,
  };
}

/** Changes of `ModifyDBInstance`, each with why: what the instance has, and what it must have. */
export interface Lack {
  readonly what: string;
  readonly change: Omit<ModifyDBInstanceCommandInput, "DBInstanceIdentifier">;
}

/** What a restored instance has not taken over. Nothing that is on at the restored one by itself is turned off. */
export function lacks(wanted: DatabaseAttributes, has: DBInstance): Lack[] {
  const insights = wanted.performance_insights_enabled;
  const monitored = wanted.monitoring_interval > 0;
  const lack = (what: string, wants: unknown, found: unknown, change: Lack["change"]): Lack[] =>
    wants === found ? [] : [{ what, change }];
  const retention = wanted.backup_retention_period;
  return [
    // RDS keeps its own secret for each instance; none is taken over.
    ...lack("master password in Secrets Manager", true, has.MasterUserSecret !== undefined, {
      ManageMasterUserPassword: true,
    }),
    ...lack("backup retention", retention, has.BackupRetentionPeriod, { BackupRetentionPeriod: retention }),
    ...lack("backup window", wanted.backup_window, has.PreferredBackupWindow, {
      PreferredBackupWindow: wanted.backup_window,
    }),
    ...lack("maintenance window", wanted.maintenance_window, has.PreferredMaintenanceWindow, {
      PreferredMaintenanceWindow: wanted.maintenance_window,
    }),
    ...lack("storage autoscaling", wanted.max_allocated_storage || undefined, has.MaxAllocatedStorage, {
      MaxAllocatedStorage: wanted.max_allocated_storage,
    }),
    ...lack("Performance Insights", insights, has.PerformanceInsightsEnabled ?? false, {
      EnablePerformanceInsights: insights,
      ...(insights && { PerformanceInsightsRetentionPeriod: wanted.performance_insights_retention_period }),
    }),
    ...lack("monitoring", wanted.monitoring_interval, has.MonitoringInterval ?? 0, {
      MonitoringInterval: wanted.monitoring_interval,
      ...(monitored && { MonitoringRoleArn: wanted.monitoring_role_arn }),
    }),
    ...lack("deletion protection", wanted.deletion_protection, has.DeletionProtection ?? false, {
      DeletionProtection: wanted.deletion_protection,
    }),
  ];
}

/** Logs that are not exported yet. */
export function missingLogs(wanted: DatabaseAttributes, has: DBInstance): string[] {
  const exported = has.EnabledCloudwatchLogsExports ?? [];
  return (wanted.enabled_cloudwatch_logs_exports ?? []).filter((log) => !exported.includes(log));
}
