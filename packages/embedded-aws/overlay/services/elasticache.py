"""ElastiCache: parameter groups, and members of replication groups that Terraform reads."""

from __future__ import annotations

import re
from typing import Any, Callable, Dict, List, Optional

from moto.core.responses import ActionResult, EmptyResult
from moto.elasticache.exceptions import CacheClusterNotFound, ElastiCacheException
from moto.elasticache.models import ElastiCacheBackend, ReplicationGroup
from moto.elasticache.responses import ElastiCacheResponse

from ..registry import replaces
from .elasticache_users import change_user_groups

# AWS's version for a requested major and minor version.
FULL_VERSIONS = {"7.1": "7.1.0", "7.0": "7.0.7", "7.2": "7.2.6", "8.0": "8.0.1", "8.1": "8.1.0"}

Response = ElastiCacheResponse


class CacheParameterGroupNotFound(ElastiCacheException):
    code = "CacheParameterGroupNotFound"

    def __init__(self, name: str):
        super().__init__(f"CacheParameterGroup {name} not found.")


def groups(self: Response) -> Dict[str, Dict[str, Any]]:
    """Parameter groups by name, stored in moto's backend, so that a reset clears them too."""
    return self.elasticache_backend.__dict__.setdefault("overlay_parameter_groups", {})


def group(self: Response) -> Dict[str, Any]:
    name = self._get_param("CacheParameterGroupName")
    if name not in groups(self):
        raise CacheParameterGroupNotFound(name)
    return groups(self)[name]


@replaces(Response, "create_cache_parameter_group", "elasticache", "CreateCacheParameterGroup", "not implemented")
def create_group(_original: Optional[Callable], self: Response) -> ActionResult:
    name = self._get_param("CacheParameterGroupName")
    arn = f"arn:aws:elasticache:{self.region}:{self.current_account}:parametergroup:{name}"
    described = {
        "CacheParameterGroupName": name,
        "CacheParameterGroupFamily": self._get_param("CacheParameterGroupFamily"),
        "Description": self._get_param("Description"),
        "IsGlobal": False,
        "ARN": arn,
    }
    groups(self)[name] = {"described": described, "parameters": {}}
    tags = [{"Key": tag["Key"], "Value": tag["Value"]} for tag in self._get_param("Tags", [])]
    self.elasticache_backend.tagging_service.tag_resource(arn, tags)
    return ActionResult({"CacheParameterGroup": described})


@replaces(Response, "describe_cache_parameter_groups", "elasticache", "DescribeCacheParameterGroups", "not implemented")
def describe_groups(_original: Optional[Callable], self: Response) -> ActionResult:
    found = [group(self)] if self._get_param("CacheParameterGroupName") else list(groups(self).values())
    return ActionResult({"CacheParameterGroups": [one["described"] for one in found]})


@replaces(Response, "modify_cache_parameter_group", "elasticache", "ModifyCacheParameterGroup", "not implemented")
def modify_group(_original: Optional[Callable], self: Response) -> ActionResult:
    for parameter in self._get_param("ParameterNameValues", []):
        group(self)["parameters"][parameter["ParameterName"]] = parameter["ParameterValue"]
    return ActionResult({"CacheParameterGroupName": self._get_param("CacheParameterGroupName")})


@replaces(Response, "reset_cache_parameter_group", "elasticache", "ResetCacheParameterGroup", "not implemented")
def reset_group(_original: Optional[Callable], self: Response) -> ActionResult:
    for parameter in self._get_param("ParameterNameValues", []):
        group(self)["parameters"].pop(parameter["ParameterName"], None)
    return ActionResult({"CacheParameterGroupName": self._get_param("CacheParameterGroupName")})


@replaces(Response, "describe_cache_parameters", "elasticache", "DescribeCacheParameters", "not implemented")
def describe_parameters(_original: Optional[Callable], self: Response) -> ActionResult:
    parameters = [
        {"ParameterName": name, "ParameterValue": value, "Source": "user", "IsModifiable": True}
        for name, value in group(self)["parameters"].items()
    ]
    return ActionResult({"Parameters": parameters})


@replaces(Response, "delete_cache_parameter_group", "elasticache", "DeleteCacheParameterGroup", "not implemented")
def delete_group(_original: Optional[Callable], self: Response) -> EmptyResult:
    group(self)
    del groups(self)[self._get_param("CacheParameterGroupName")]
    return EmptyResult()


@replaces(ReplicationGroup, "__init__", "elasticache", "CreateReplicationGroup", "creates one member for any NumCacheClusters, and no reader endpoint")
def create_replication_group(original: Callable, self: ReplicationGroup, **named: Any) -> None:
    original(self, **named)
    if self.cluster_mode == "enabled":
        return
    [nodes] = self.node_groups
    members = nodes["node_group_members"]
    for number in range(len(self.member_clusters) + 1, (named.get("num_cache_clusters") or 1) + 1):
        member = f"{self.replication_group_id}-{number:0>3}"
        self.member_clusters.append(member)
        members.append({**members[0], "cache_cluster_id": member, "current_role": "replica"})
    nodes["reader_endpoint"] = {"address": nodes["reader_endpoint_address"], "port": self.port}


@replaces(Response, "modify_replication_group", "elasticache", "ModifyReplicationGroup", "not implemented")
def modify_replication_group(_original: Optional[Callable], self: Response) -> ActionResult:
    name = self._get_param("ReplicationGroupId")
    [found] = self.elasticache_backend.describe_replication_groups(replication_group_id=name)
    change_user_groups(self, found)
    changes = {
        "ReplicationGroupDescription": "description",
        "CacheNodeType": "cache_node_type",
        "EngineVersion": "engine_version",
        "CacheParameterGroupName": "cache_parameter_group_name",
        "SecurityGroupIds": "security_group_ids",
        "SnapshotRetentionLimit": "snapshot_retention_limit",
        "SnapshotWindow": "snapshot_window",
        "PreferredMaintenanceWindow": "preferred_maintenance_window",
    }
    for parameter, attribute in changes.items():
        value = self._get_param(parameter)
        if value is not None:
            setattr(found, attribute, value)
    return ActionResult({"ReplicationGroup": found})


def member(self: Response, name: str, of: ReplicationGroup) -> Dict[str, Any]:
    """A member in DescribeCacheClusters's format, which Terraform reads."""
    version = of.engine_version or "7.1"
    major = version.split(".")[0]
    created = of.replication_group_create_time
    endpoint = {"Address": f"{name}.{self.region}.cache.amazonaws.com", "Port": of.port}
    security = [{"SecurityGroupId": one, "Status": "active"} for one in of.security_group_ids or []]
    return {
        "CacheClusterId": name,
        "ReplicationGroupId": of.replication_group_id,
        "ARN": f"arn:aws:elasticache:{self.region}:{self.current_account}:cluster:{name}",
        "CacheClusterStatus": "available",
        "CacheClusterCreateTime": created,
        "CacheNodeType": of.cache_node_type,
        "NumCacheNodes": 1,
        "Engine": of.engine,
        "EngineVersion": FULL_VERSIONS.get(version, version),
        "CacheParameterGroup": {
            "CacheParameterGroupName": of.cache_parameter_group_name or f"default.{of.engine}{major}",
            "ParameterApplyStatus": "in-sync",
        },
        "CacheSubnetGroupName": of.cache_subnet_group_name or "default",
        "SecurityGroups": security,
        "AutoMinorVersionUpgrade": str(of.auto_minor_version_upgrade).lower() != "false",
        "PreferredMaintenanceWindow": of.preferred_maintenance_window or "sun:05:00-sun:06:00",
        "SnapshotRetentionLimit": of.snapshot_retention_limit or 0,
        "SnapshotWindow": of.snapshot_window,
        "AuthTokenEnabled": of.auth_token_enabled,
        "TransitEncryptionEnabled": of.transit_encryption_enabled,
        "TransitEncryptionMode": of.transit_encryption_mode,
        "AtRestEncryptionEnabled": of.at_rest_encryption_enabled,
        "NetworkType": of.network_type,
        "IpDiscovery": of.ip_discovery,
        "CacheNodes": [
            {
                "CacheNodeId": "0001",
                "CacheNodeStatus": "available",
                "CacheNodeCreateTime": created,
                "Endpoint": endpoint,
                "ParameterGroupStatus": "in-sync",
            }
        ],
    }


def members(self: Response) -> Dict[str, Dict[str, Any]]:
    all_groups: List[ReplicationGroup] = list(self.elasticache_backend.replication_groups.values())
    return {name: member(self, name, of) for of in all_groups for name in of.member_clusters}


@replaces(Response, "describe_cache_clusters", "elasticache", "DescribeCacheClusters", "does not return the members of replication groups")
def describe_clusters(original: Callable, self: Response) -> ActionResult:
    name = self._get_param("CacheClusterId")
    found = members(self)
    if name in found:
        return ActionResult({"CacheClusters": [found[name]]})
    try:
        return original(self)
    except CacheClusterNotFound:
        if name:
            raise
        return ActionResult({"CacheClusters": list(found.values())})


# moto's pattern of taggable ARNs leaves parameter groups out.
ElastiCacheBackend.arn_regex = property(
    lambda self: re.compile(r"^arn:aws[^:]*:elasticache:.*"),
    lambda self, value: None,
)


@replaces(ElastiCacheBackend, "delete_replication_group", "elasticache", "DeleteReplicationGroup", "the group stays in status deleting")
def delete_replication_group(original: Callable, self: ElastiCacheBackend, *arguments: Any, **named: Any) -> ReplicationGroup:
    deleted = original(self, *arguments, **named)
    del self.replication_groups[deleted.replication_group_id]
    return deleted


@replaces(Response, "delete_cache_subnet_group", "elasticache", "DeleteCacheSubnetGroup", "not implemented")
def delete_subnet_group(_original: Optional[Callable], self: Response) -> EmptyResult:
    name = self._get_param("CacheSubnetGroupName")
    self.elasticache_backend.describe_cache_subnet_groups(name)
    del self.elasticache_backend.cache_subnet_groups[name]
    return EmptyResult()
