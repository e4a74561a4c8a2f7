"""ElastiCache: users with access strings, and the groups that assign them to caches.

What AWS refuses: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html and auth-iam.html
"""

from __future__ import annotations

import re
import time
from typing import Any, Callable, Dict, Iterable, List, Optional

from moto.core.responses import ActionResult
from moto.elasticache.exceptions import (
    ElastiCacheException,
    InvalidParameterCombinationException,
    InvalidParameterValueException,
    UserNotFound,
)
from moto.elasticache.models import ElastiCacheBackend, ReplicationGroup, User
from moto.elasticache.responses import ElastiCacheResponse

from ..registry import replaces

Response = ElastiCacheResponse
Group = Dict[str, Any]

# Seconds in which a changed user or group can't be changed again.
MODIFYING_SECONDS = 1.0
# Rules of Redis that set passwords, which ElastiCache accepts only as API parameters.
PASSWORD_RULES = re.compile(r"^(reset|resetpass|nopass|[><#!].*)$")
RULE = re.compile(r"\([^)]*\)|\S+")


class DefaultUserRequired(ElastiCacheException):
    code = "DefaultUserRequired"


class DefaultUserAssociatedToUserGroup(ElastiCacheException):
    code = "DefaultUserAssociatedToUserGroup"


class DuplicateUserName(ElastiCacheException):
    code = "DuplicateUserName"


class InvalidUserState(ElastiCacheException):
    code = "InvalidUserState"


class InvalidUserGroupState(ElastiCacheException):
    code = "InvalidUserGroupState"


class UserGroupAlreadyExists(ElastiCacheException):
    code = "UserGroupAlreadyExists"


class UserGroupNotFound(ElastiCacheException):
    code = "UserGroupNotFound"


def groups_of(backend: ElastiCacheBackend) -> Dict[str, Group]:
    """User groups by id, stored in moto's backend, so that a reset clears them too."""
    return backend.__dict__.setdefault("overlay_user_groups", {})


def group_of(backend: ElastiCacheBackend, group_id: str) -> Group:
    if group_id not in groups_of(backend):
        raise UserGroupNotFound(f"User group {group_id} not found.")
    return groups_of(backend)[group_id]


def user_of(backend: ElastiCacheBackend, user_id: str) -> User:
    if user_id not in backend.users:
        raise UserNotFound(user_id)
    return backend.users[user_id]


def normalized(access_string: str) -> str:
    """An access string in the form in which ElastiCache returns it: state, keys, channels, commands."""
    state, keys, channels, commands, selectors = "off", [], [], [], []
    for rule in RULE.findall(access_string):
        if PASSWORD_RULES.match(rule):
            raise InvalidParameterValueException(f"The access string must not contain {rule}.")
        if rule in ("on", "off"):
            state = rule
        elif rule in ("allkeys", "~*"):
            keys = ["~*"]
        elif rule.startswith(("~", "%")):
            keys.append(rule)
        elif rule in ("allchannels", "&*"):
            channels = ["&*"]
        elif rule.startswith("&"):
            channels.append(rule)
        elif rule in ("allcommands", "+@all", "nocommands", "-@all"):
            commands = ["+@all" if rule in ("allcommands", "+@all") else "-@all"]
        elif rule.startswith(("+", "-")):
            commands.append(rule)
        elif rule.startswith("("):
            selectors.append(rule)
        elif rule not in ("resetkeys", "resetchannels", "clearselectors"):
            raise InvalidParameterValueException(f"The access string contains {rule}, which is not a rule.")
    if commands[:1] not in (["+@all"], ["-@all"]):
        commands.insert(0, "-@all")
    return " ".join([state, *keys, *channels, *commands, *selectors])


def settle(user: User) -> User:
    if user.status == "modifying" and time.time() >= user.overlay_active_from:
        user.status = "active"
    return user


def begin_change(user: User) -> None:
    if settle(user).status != "active":
        raise InvalidUserState(f"User {user.id} is not in active state.")
    user.status, user.overlay_active_from = "modifying", time.time() + MODIFYING_SECONDS


def check_authentication(user: User) -> None:
    kind = user.authentication["Type"]
    if kind == "iam" and user.id != user.name:
        raise InvalidParameterCombinationException("User Id and User name must be same for authentication type: iam")
    if kind == "password":
        raise InvalidParameterValueException(
            f"the user {user.id} can't run in this embedded AWS: its users log in with IAM or without a password"
        )
    if user.engine == "valkey" and kind != "iam":
        raise InvalidParameterCombinationException(f"Users with engine valkey must authenticate, {user.id} needs no password.")


@replaces(ElastiCacheBackend, "create_user", "elasticache", "CreateUser", "accepts IAM users whose name differs from their id, and returns access strings as given")
def create_user(original: Callable, self: ElastiCacheBackend, **named: Any) -> User:
    named["user_id"] = named["user_id"].lower()
    named["access_string"] = normalized(named["access_string"])
    user = original(self, **named)
    try:
        check_authentication(user)
    except ElastiCacheException:
        del self.users[user.id]
        raise
    if user.authentication["Type"] == "iam":
        user.minimum_engine_version = "7.0"
    return user


@replaces(ElastiCacheBackend, "describe_users", "elasticache", "DescribeUsers", "does not return the status modifying")
def describe_users(original: Callable, self: ElastiCacheBackend, *arguments: Any, **named: Any) -> List[User]:
    return [settle(user) for user in original(self, *arguments, **named)]


@replaces(Response, "modify_user", "elasticache", "ModifyUser", "not implemented")
def modify_user(_original: Optional[Callable], self: Response) -> ActionResult:
    backend, params = self.elasticache_backend, self._get_params()
    user = user_of(backend, params["UserId"])
    if user.id == "default":
        raise InvalidParameterValueException("The user default can't be modified.")
    before = dict(user.__dict__)
    begin_change(user)
    try:
        if "AccessString" in params:
            user.access_string = normalized(params["AccessString"])
        kind = (params.get("AuthenticationMode") or {}).get("Type")
        if kind is not None:
            user.authentication_type, user.no_password_required = kind, kind == "no-password-required"
        if "Engine" in params:
            user.engine = params["Engine"].lower()
        check_authentication(user)
    except ElastiCacheException:
        user.__dict__.update(before)
        raise
    return ActionResult(user)


@replaces(ElastiCacheBackend, "delete_user", "elasticache", "DeleteUser", "deletes default users of groups; other users stay in their groups, in status deleting until they are described")
def delete_user(_original: Callable, self: ElastiCacheBackend, user_id: str) -> User:
    user = user_of(self, user_id)
    if user.id == "default":
        raise InvalidParameterValueException("The user default can't be deleted.")
    if settle(user).status != "active":
        raise InvalidUserState(f"User {user.id} is not in active state.")
    if user.name == "default" and user.user_group_ids:
        raise DefaultUserAssociatedToUserGroup(f"User {user.id} is the default user of {', '.join(user.user_group_ids)}.")
    for group_id in user.user_group_ids:
        group_of(self, group_id)["UserIds"].remove(user.id)
    user.status = "deleting"
    return self.users.pop(user_id)


def check_members(backend: ElastiCacheBackend, engine: str, user_ids: Iterable[str]) -> None:
    users = [user_of(backend, user_id) for user_id in user_ids]
    names = [user.name for user in users]
    if len(set(names)) < len(names):
        raise DuplicateUserName("The users of a group must have different names.")
    if engine == "redis" and "default" not in names:
        raise DefaultUserRequired("User group needs to contain a user with the user name default.")
    if engine == "redis" and any(user.engine == "valkey" for user in users):
        raise InvalidParameterCombinationException("A user group of engine redis can't contain users of engine valkey.")
    if engine == "valkey" and any(user.no_password_required for user in users):
        raise InvalidParameterCombinationException("Users in a group of engine valkey must authenticate.")


def associate(backend: ElastiCacheBackend, group: Group, user_ids: List[str]) -> None:
    for user_id in set(group["UserIds"]) - set(user_ids):
        user_of(backend, user_id).user_group_ids.remove(group["UserGroupId"])
    for user_id in set(user_ids) - set(group["UserIds"]):
        user_of(backend, user_id).user_group_ids.append(group["UserGroupId"])
    group["UserIds"] = user_ids


def described(backend: ElastiCacheBackend, group: Group) -> Group:
    if group["Status"] == "modifying" and time.time() >= group["active_from"]:
        group["Status"] = "active"
    versions = [user_of(backend, user_id).minimum_engine_version for user_id in group["UserIds"]]
    caches = [one.replication_group_id for one in backend.replication_groups.values() if group["UserGroupId"] in one.user_group_ids]
    shown = {key: value for key, value in group.items() if key != "active_from"}
    return {**shown, "MinimumEngineVersion": max(versions, default="6.0"), "ReplicationGroups": caches}


@replaces(Response, "create_user_group", "elasticache", "CreateUserGroup", "not implemented")
def create_user_group(_original: Optional[Callable], self: Response) -> ActionResult:
    backend, params = self.elasticache_backend, self._get_params()
    group_id, engine = params["UserGroupId"].lower(), params["Engine"].lower()
    if engine not in ("redis", "valkey"):
        raise InvalidParameterValueException(f"Engine must be redis or valkey, not {engine}.")
    if group_id in groups_of(backend):
        raise UserGroupAlreadyExists(f"User group {group_id} already exists.")
    user_ids = params.get("UserIds") or []
    check_members(backend, engine, user_ids)
    arn = f"arn:aws:elasticache:{self.region}:{self.current_account}:usergroup:{group_id}"
    group = {"UserGroupId": group_id, "Engine": engine, "Status": "active", "UserIds": [], "ARN": arn}
    groups_of(backend)[group_id] = group
    associate(backend, group, user_ids)
    backend.tagging_service.tag_resource(arn, [{"Key": tag["Key"], "Value": tag["Value"]} for tag in params.get("Tags") or []])
    return ActionResult(described(backend, group))


@replaces(Response, "describe_user_groups", "elasticache", "DescribeUserGroups", "not implemented")
def describe_user_groups(_original: Optional[Callable], self: Response) -> ActionResult:
    backend, group_id = self.elasticache_backend, self._get_param("UserGroupId")
    found = [group_of(backend, group_id)] if group_id else list(groups_of(backend).values())
    return ActionResult({"UserGroups": [described(backend, group) for group in found]})


@replaces(Response, "modify_user_group", "elasticache", "ModifyUserGroup", "not implemented")
def modify_user_group(_original: Optional[Callable], self: Response) -> ActionResult:
    backend, params = self.elasticache_backend, self._get_params()
    group = group_of(backend, params["UserGroupId"])
    if described(backend, group)["Status"] != "active":
        raise InvalidUserGroupState(f"User group {group['UserGroupId']} is not in active state.")
    removed, added = params.get("UserIdsToRemove") or [], params.get("UserIdsToAdd") or []
    for user_id in removed:
        if user_id not in group["UserIds"]:
            raise InvalidParameterValueException(f"{user_id} is not a member of user group {group['UserGroupId']}.")
    user_ids = [user_id for user_id in group["UserIds"] if user_id not in removed] + added
    check_members(backend, params.get("Engine", group["Engine"]).lower(), user_ids)
    associate(backend, group, user_ids)
    group["Engine"] = params.get("Engine", group["Engine"]).lower()
    group["Status"], group["active_from"] = "modifying", time.time() + MODIFYING_SECONDS
    return ActionResult(described(backend, group))


@replaces(Response, "delete_user_group", "elasticache", "DeleteUserGroup", "not implemented")
def delete_user_group(_original: Optional[Callable], self: Response) -> ActionResult:
    backend = self.elasticache_backend
    group = group_of(backend, self._get_param("UserGroupId"))
    shown = described(backend, group)
    if shown["Status"] != "active" or shown["ReplicationGroups"]:
        why = f"is used by {', '.join(shown['ReplicationGroups'])}" if shown["ReplicationGroups"] else "is not in active state"
        raise InvalidUserGroupState(f"User group {group['UserGroupId']} {why}.")
    associate(backend, group, [])
    del groups_of(backend)[group["UserGroupId"]]
    return ActionResult({**shown, "Status": "deleting"})


def check_cache(backend: ElastiCacheBackend, cache: ReplicationGroup) -> None:
    """Refuses user groups that a cache can't have."""
    for group in [described(backend, group_of(backend, group_id)) for group_id in cache.user_group_ids]:
        if group["Status"] != "active":
            raise InvalidUserGroupState(f"User group {group['UserGroupId']} is not in active state.")
        if not cache.transit_encryption_enabled:
            raise InvalidParameterCombinationException(
                "User group based access control requires encryption-in-transit to be enabled on the replication group."
            )
        if group["Engine"] == "valkey" and cache.engine != "valkey":
            raise InvalidParameterCombinationException(f"User group {group['UserGroupId']} is for caches of engine valkey.")
        if cache.engine_version and float(cache.engine_version[:3]) < float(group["MinimumEngineVersion"]):
            raise InvalidParameterCombinationException(
                f"User group {group['UserGroupId']} needs engine version {group['MinimumEngineVersion']} or later."
            )


@replaces(ElastiCacheBackend, "create_replication_group", "elasticache", "CreateReplicationGroup", "accepts any user groups")
def create_replication_group(original: Callable, self: ElastiCacheBackend, **named: Any) -> ReplicationGroup:
    created = original(self, **named)
    try:
        check_cache(self, created)
    except ElastiCacheException:
        del self.replication_groups[created.replication_group_id]
        raise
    return created


def change_user_groups(self: Response, cache: ReplicationGroup) -> None:
    """Applies the user groups of a ModifyReplicationGroup request."""
    before = cache.user_group_ids
    removed, added = self._get_param("UserGroupIdsToRemove", []), self._get_param("UserGroupIdsToAdd", [])
    kept = [] if self._get_bool_param("RemoveUserGroups") else [one for one in before if one not in removed]
    cache.user_group_ids = kept + added
    try:
        check_cache(self.elasticache_backend, cache)
    except ElastiCacheException:
        cache.user_group_ids = before
        raise
