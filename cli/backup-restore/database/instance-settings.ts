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

/** A setting that the restored instance does not have, and the change of `ModifyDBInstance` that gives it to it. */
export interface MissingSetting {
  readonly what: string;
  readonly change: Omit<ModifyDBInstanceCommandInput, "DBInstanceIdentifier">;
}

/** What a restored instance has not taken over. Nothing that is on at the restored one by itself is turned off. */
export function missingSettings(wanted: DatabaseAttributes, has: DBInstance): MissingSetting[] {
  const settings = [...maintenanceSettings(wanted, has), ...monitoringSettings(wanted, has)];
  return settings.filter((setting) => setting.wanted !== setting.found);
}

type ComparedSetting = MissingSetting & { readonly wanted: unknown; readonly found: unknown };

function maintenanceSettings(wanted: DatabaseAttributes, has: DBInstance): ComparedSetting[] {
  return [
    {
      what: "master password in Secrets Manager",
      // RDS keeps its own secret for each instance; none is taken over.
      wanted: true,
      found: has.MasterUserSecret !== undefined,
      change: { ManageMasterUserPassword: true },
    },
    {
      what: "backup retention",
      wanted: wanted.backup_retention_period,
      found: has.BackupRetentionPeriod,
      change: { BackupRetentionPeriod: wanted.backup_retention_period },
    },
    {
      what: "backup window",
      wanted: wanted.backup_window,
      found: has.PreferredBackupWindow,
      change: { PreferredBackupWindow: wanted.backup_window },
    },
    {
      what: "maintenance window",
      wanted: wanted.maintenance_window,
      found: has.PreferredMaintenanceWindow,
      change: { PreferredMaintenanceWindow: wanted.maintenance_window },
    },
    {
      what: "storage autoscaling",
      wanted: wanted.max_allocated_storage || undefined,
      found: has.MaxAllocatedStorage,
      change: { MaxAllocatedStorage: wanted.max_allocated_storage },
    },
    {
      what: "deletion protection",
      wanted: wanted.deletion_protection,
      found: has.DeletionProtection ?? false,
      change: { DeletionProtection: wanted.deletion_protection },
    },
  ];
}

function monitoringSettings(wanted: DatabaseAttributes, has: DBInstance): ComparedSetting[] {
  const insights = wanted.performance_insights_enabled;
  const retention = insights ? wanted.performance_insights_retention_period : undefined;
  return [
    {
      what: "Performance Insights",
      wanted: insights,
      found: has.PerformanceInsightsEnabled ?? false,
      change: { EnablePerformanceInsights: insights, PerformanceInsightsRetentionPeriod: retention },
    },
    {
      what: "monitoring",
      wanted: wanted.monitoring_interval,
      found: has.MonitoringInterval ?? 0,
      change: {
        MonitoringInterval: wanted.monitoring_interval,
        MonitoringRoleArn: wanted.monitoring_interval > 0 ? wanted.monitoring_role_arn : undefined,
      },
    },
  ];
}

/** Logs that are not exported yet. */
export function missingLogs(wanted: DatabaseAttributes, has: DBInstance): string[] {
  const exported = has.EnabledCloudwatchLogsExports ?? [];
  return (wanted.enabled_cloudwatch_logs_exports ?? []).filter((log) => !exported.includes(log));
}
