"""RDS and ElastiCache."""

from __future__ import annotations

from typing import Optional

from moto.ec2.models import ec2_backends
from moto.rds.models import rds_backends

from . import Call, refuses

RDS = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide"
ELASTICACHE = "https://docs.aws.amazon.com/AmazonElastiCache/latest"

INSTANCES = ("rds.CreateDBInstance", "rds.ModifyDBInstance")
GROUPS = ("elasticache.CreateReplicationGroup", "elasticache.ModifyReplicationGroup")

MIN_GP3_SETTINGS_GIB = 400
MAX_RETENTION_DAYS = 35
DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
MINUTES_PER_DAY = 24 * 60
MIN_WINDOW_MINUTES = 30


def minute(text: str) -> int:
    """The minute of a week, or of a day, of `sun:05:00` or `05:00`."""
    *day, hours, minutes = text.lower().split(":")
    return (DAYS.index(day[0]) if day else 0) * MINUTES_PER_DAY + int(hours) * 60 + int(minutes)


def length(window: str, period: int) -> int:
    start, end = (minute(text) for text in window.split("-"))
    return (end - start) % period


@refuses("InvalidParameterValue", f"{RDS}/USER_WorkingWithAutomatedBackups.BackupWindow.html", *INSTANCES)
def windows_last_half_an_hour(call: Call) -> Optional[str]:
    windows = [("PreferredBackupWindow", MINUTES_PER_DAY), ("PreferredMaintenanceWindow", 7 * MINUTES_PER_DAY)]
    for name, period in windows:
        window = call.parameters.get(name)
        if window and length(window, period) < MIN_WINDOW_MINUTES:
            return f"Invalid {name}: {window} must be at least {MIN_WINDOW_MINUTES} minutes."
    return None


@refuses("InvalidParameterCombination", f"{RDS}/CHAP_Storage.html#gp3-storage", "rds.CreateDBInstance")
def storage_takes_performance_settings(call: Call) -> Optional[str]:
    parameters = call.parameters
    small = int(parameters.get("AllocatedStorage") or MIN_GP3_SETTINGS_GIB) < MIN_GP3_SETTINGS_GIB
    given = parameters.get("Iops") or parameters.get("StorageThroughput")
    limited = parameters.get("Engine") in ("postgres", "mysql", "mariadb")
    if parameters.get("StorageType") != "gp3" or not limited or not small or not given:
        return None
    return (
        f"You can't specify IOPS or storage throughput for engine {parameters.get('Engine')} and a storage size less "
        f"than {MIN_GP3_SETTINGS_GIB}."
    )


@refuses("InvalidParameterCombination", f"{RDS}/USER_Monitoring.OS.Enabling.html", "rds.CreateDBInstance")
def monitoring_has_a_role(call: Call) -> Optional[str]:
    if not call.parameters.get("MonitoringInterval") or call.parameters.get("MonitoringRoleArn"):
        return None
    return "A MonitoringRoleARN value is required if you specify a MonitoringInterval value other than 0."


@refuses("InvalidParameterCombination", f"{RDS}/USER_PIOPS.Autoscaling.html", "rds.CreateDBInstance")
def storage_can_grow(call: Call) -> Optional[str]:
    allocated, most = call.parameters.get("AllocatedStorage"), call.parameters.get("MaxAllocatedStorage")
    if not allocated or not most or most * 10 >= allocated * 11:
        return None
    return f"Max storage size must be at least 10% greater than the allocated storage, {allocated} GiB."


@refuses("InvalidParameterValue", f"{RDS}/USER_WorkingWithAutomatedBackups.BackupRetention.html", *INSTANCES)
def backups_are_kept_for_35_days_at_most(call: Call) -> Optional[str]:
    days = call.parameters.get("BackupRetentionPeriod") or 0
    if 0 <= days <= MAX_RETENTION_DAYS:
        return None
    return f"Invalid backup retention period: {days}. Must be between 0 and {MAX_RETENTION_DAYS}."


@refuses("DBSubnetGroupDoesNotCoverEnoughAZs", f"{RDS}/USER_VPC.WorkingWithRDSInstanceinaVPC.html", "rds.CreateDBSubnetGroup", "rds.ModifyDBSubnetGroup")
def subnets_are_in_two_zones(call: Call) -> Optional[str]:
    subnets = ec2_backends[call.account][call.region].describe_subnets(call.parameters.get("SubnetIds"))
    zones = sorted({subnet.availability_zone for subnet in subnets})
    if len(zones) >= 2:
        return None
    return (
        "The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement. Current AZ coverage: "
        f"{', '.join(zones)}. Add subnets to cover at least 2 AZs."
    )


@refuses("InvalidDBSubnetGroupStateFault", "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DeleteDBSubnetGroup.html", "rds.DeleteDBSubnetGroup")
def subnet_group_has_no_instances(call: Call) -> Optional[str]:
    name = str(call.parameters["DBSubnetGroupName"]).lower()
    for instance in rds_backends[call.account][call.region].databases.values():
        group = getattr(instance, "db_subnet_group", None)
        if group is not None and group.name == name:
            return (
                f"Cannot delete the subnet group '{name}' because at least one database instance: "
                f"{instance.db_instance_identifier} is still using it."
            )
    return None


@refuses("DependencyViolation", "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteSecurityGroup.html", "ec2.DeleteSecurityGroup")
def security_group_has_no_instances(call: Call) -> Optional[str]:
    group = call.parameters.get("GroupId")
    for instance in rds_backends[call.account][call.region].databases.values():
        if group in instance.vpc_security_group_ids:
            return f"resource {group} has a dependent object"
    return None


@refuses("InvalidParameterCombination", f"{ELASTICACHE}/APIReference/API_CreateReplicationGroup.html", "elasticache.CreateReplicationGroup")
def failover_needs_a_replica(call: Call) -> Optional[str]:
    parameters = call.parameters
    has_shards = any(parameters.get(name) for name in ("NumNodeGroups", "ReplicasPerNodeGroup", "NodeGroupConfiguration"))
    nodes = parameters.get("NumCacheClusters") or 1
    if not parameters.get("AutomaticFailoverEnabled") or nodes > 1 or has_shards:
        return None
    return "Automatic failover is not supported for a replication group with a single node."


@refuses("InvalidParameterCombination", f"{ELASTICACHE}/dg/AutoFailover.html", "elasticache.CreateReplicationGroup")
def several_zones_need_failover(call: Call) -> Optional[str]:
    if not call.parameters.get("MultiAZEnabled") or call.parameters.get("AutomaticFailoverEnabled"):
        return None
    return "Must have Automatic Failover enabled to create a Multi-AZ replication group."


@refuses("InvalidParameterValue", f"{ELASTICACHE}/APIReference/API_CreateReplicationGroup.html", *GROUPS)
def snapshots_are_kept_for_35_days_at_most(call: Call) -> Optional[str]:
    days = call.parameters.get("SnapshotRetentionLimit") or 0
    if 0 <= days <= MAX_RETENTION_DAYS:
        return None
    return f"Invalid snapshot retention limit: {days}. Must be between 0 and {MAX_RETENTION_DAYS}."
