"""RDS: instance attributes that moto drops."""

from __future__ import annotations

import json
import random
import re
import secrets
import string
from datetime import datetime, timedelta, timezone
from typing import Any, Callable, Dict, List, Optional

from moto.core.utils import utcnow
from moto.rds.exceptions import RDSClientError
from moto.rds.models import DBInstance, DBParameterGroup, MasterUserSecret, RDSBackend

from ..registry import replaces

LETTERS = string.ascii_uppercase + string.digits


@replaces(DBInstance, "__init__", "rds", "CreateDBInstance", "returns the same resource id for all instances; drops monitoring, Performance Insights and the life cycle")
def create(original: Callable, self: DBInstance, backend: Any, *arguments: Any, **named: Any) -> None:
    original(self, backend, *arguments, **named)
    self.dbi_resource_id = "db-" + "".join(random.choice(LETTERS) for _ in range(26))
    self.monitoring_interval = named.get("monitoring_interval") or 0
    self.monitoring_role_arn = named.get("monitoring_role_arn")
    self.engine_lifecycle_support = named.get("engine_lifecycle_support") or "open-source-rds-extended-support"
    insights(self, named)


def insights(self: DBInstance, named: Dict[str, Any]) -> None:
    self.performance_insights_enabled = bool(named.get("enable_performance_insights"))
    if self.performance_insights_enabled:
        self.performance_insights_retention_period = named.get("performance_insights_retention_period") or 7
        key = named.get("performance_insights_kms_key_id")
        self.performance_insights_kms_key_id = key or f"arn:aws:kms:{self.region}:{self.account_id}:alias/aws/rds"


@replaces(DBInstance, "update", "rds", "ModifyDBInstance", "drops Performance Insights; creates a second secret for a managed password")
def update(original: Callable, self: DBInstance, **named: Any) -> None:
    if named.get("manage_master_user_password") and self.manage_master_user_password:
        named["manage_master_user_password"] = None
    original(self, **named)
    if named.get("enable_performance_insights") is not None:
        insights(self, named)


# Attributes that a restored instance inherits from its source. All others come from the call or are defaults.
# https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_RestoreDBInstanceToPointInTime.html
TAKEN_OVER = (
    "db_instance_class", "engine", "engine_version", "allocated_storage", "db_name", "master_username", "storage_type",
    "storage_encrypted", "kms_key_id", "license_model", "port", "iops", "preferred_backup_window",
    "preferred_maintenance_window", "auto_minor_version_upgrade", "backup_retention_period",
)
SOURCES = (
    "source_db_instance_identifier", "source_dbi_resource_id", "target_db_instance_identifier", "restore_time",
    "use_latest_restorable_time", "db_snapshot_identifier",
)


def restored(backend: RDSBackend, source: DBInstance, identifier: str, settings: Dict[str, Any]) -> DBInstance:
    named = {name: getattr(source, name) for name in TAKEN_OVER}
    named.update({name: value for name, value in settings.items() if value is not None and name not in SOURCES})
    return backend.create_db_instance({**named, "db_instance_identifier": identifier})


@replaces(RDSBackend, "restore_db_instance_to_point_in_time", "rds", "RestoreDBInstanceToPointInTime", "copies tags, monitoring and other attributes that RDS resets; fails on a managed password; accepts any restore time")
def to_point_in_time(_original: Callable, self: RDSBackend, source_db_identifier: Any, target_db_identifier: str, overrides: Dict[str, Any]) -> DBInstance:
    resource = overrides.get("source_dbi_resource_id")
    [source, *_] = self.describe_db_instances(source_db_identifier, {"dbi-resource-id": [resource]} if resource else None)
    time = overrides.get("restore_time")
    if time and not overrides.get("use_latest_restorable_time"):
        time = parsed(time)
        backup = AutomatedBackup(source)
        if not backup.earliest <= time <= backup.latest:
            raise RDSClientError("InvalidRestoreFault", f"The specified instance cannot be restored to a time in the future or before {backup.earliest}")
    return restored(self, source, target_db_identifier, overrides)


@replaces(RDSBackend, "restore_db_instance_from_db_snapshot", "rds", "RestoreDBInstanceFromDBSnapshot", "copies tags, monitoring and other attributes that RDS resets")
def from_snapshot(_original: Callable, self: RDSBackend, from_snapshot_id: str, overrides: Dict[str, Any]) -> DBInstance:
    if from_snapshot_id.startswith("arn:"):
        from_snapshot_id = self.extract_snapshot_name_from_arn(from_snapshot_id)
    [snapshot, *_] = self.describe_db_snapshots(None, from_snapshot_id)
    return restored(self, snapshot.database, overrides["db_instance_identifier"], overrides)


def parsed(time: Any) -> datetime:
    if isinstance(time, str):
        time = datetime.fromisoformat(time.replace("Z", "+00:00"))
    return time if time.tzinfo else time.replace(tzinfo=timezone.utc)


class AutomatedBackup:
    """Restorable times of an instance: since its creation, within its retention."""

    status = "active"

    def __init__(self, database: DBInstance) -> None:
        for name in ("db_instance_identifier", "dbi_resource_id", "db_instance_arn", "engine", "region", "backup_retention_period"):
            setattr(self, name, getattr(database, name))
        self.latest = parsed(utcnow())
        self.earliest = max(parsed(database.created), self.latest - timedelta(days=database.backup_retention_period))
        self.restore_window = {"EarliestTime": self.earliest, "LatestTime": self.latest}


@replaces(RDSBackend, "describe_db_instance_automated_backups", "rds", "DescribeDBInstanceAutomatedBackups", "omits the restorable times")
def automated_backups(_original: Callable, self: RDSBackend, db_instance_identifier: Any = None, dbi_resource_id: Any = None, **_: Any) -> List[AutomatedBackup]:
    return [
        AutomatedBackup(database)
        for database in self.databases.values()
        if database.backup_retention_period
        and db_instance_identifier in (None, database.db_instance_identifier)
        and dbi_resource_id in (None, database.dbi_resource_id)
    ]


# Static parameters, with their defaults if relevant.
STATIC = ("max_connections", "rds.force_ssl", "rds.logical_replication", "shared_buffers", "shared_preload_libraries")


def default_of(group: DBParameterGroup, name: str) -> Optional[str]:
    """Default of a parameter; PostgreSQL on RDS requires TLS since version 15."""
    major = re.fullmatch(r"postgres(\d+)", group.family or "")
    return "1" if name == "rds.force_ssl" and major and int(major[1]) >= 15 else None


@replaces(DBParameterGroup, "update_parameters", "rds", "ModifyDBParameterGroup", "does not return which parameters a user has set; accepts the apply method immediate for static parameters")
def update_parameters(_original: Callable, self: DBParameterGroup, new: List[Dict[str, Any]]) -> None:
    for parameter in new:
        name = parameter["ParameterName"]
        # A value equal to the default is not user-modified, and RDS does not store its apply method.
        unchanged = parameter.get("ParameterValue") == default_of(self, name)
        if name in STATIC and parameter.get("ApplyMethod") == "immediate" and not unchanged:
            raise RDSClientError("InvalidParameterCombination", "cannot use immediate apply method for static parameter")
        self.parameters[name].update(parameter, Source="system" if unchanged else "user")
        if unchanged:
            self.parameters[name]["ApplyMethod"] = "pending-reboot"


@replaces(MasterUserSecret, "_generate_secret_string", "rds", "CreateDBInstance", "creates managed secrets with the same user and password for all instances")
def secret_string(_original: Callable, self: MasterUserSecret) -> str:
    letters = string.ascii_letters + string.digits
    password = "".join(secrets.choice(letters) for _ in range(28))
    return json.dumps({"username": self.resource.master_username, "password": password})
