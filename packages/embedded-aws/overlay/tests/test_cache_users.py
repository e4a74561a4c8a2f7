"""Users and user groups of ElastiCache, and what AWS refuses of them."""

from __future__ import annotations

import time
import unittest
from typing import Any, Callable

from botocore.exceptions import ClientError

from .test_overlay import WithServer

IAM = {"Engine": "redis", "AuthenticationMode": {"Type": "iam"}}
OPEN = {"Engine": "redis", "NoPasswordRequired": True}


class CacheUsers(WithServer):
    def setUp(self) -> None:
        self.cache = self.server.client("elasticache")
        self.made: list[Callable[[], Any]] = []

    def tearDown(self) -> None:
        for undo in reversed(self.made):
            undo()

    def refuses(self, code: str, call: Callable[..., Any], **request: Any) -> None:
        with self.assertRaises(ClientError) as raised:
            call(**request)
        self.assertEqual(raised.exception.response["Error"]["Code"], code)

    def user(self, user_id: str, **more: Any) -> dict:
        request = {"UserId": user_id, "UserName": user_id, "AccessString": "on ~a:* -@all +get", **IAM, **more}
        made = self.cache.create_user(**request)
        self.made.append(lambda: self.cache.delete_user(UserId=user_id))
        return made

    def group(self, group_id: str, *user_ids: str, engine: str = "redis") -> dict:
        made = self.cache.create_user_group(UserGroupId=group_id, Engine=engine, UserIds=list(user_ids))
        self.made.append(lambda: self.cache.delete_user_group(UserGroupId=group_id))
        return made

    def replication_group(self, name: str, **more: Any) -> dict:
        request = {"ReplicationGroupId": name, "ReplicationGroupDescription": "d", "Engine": "redis", "EngineVersion": "7.1"}
        made = self.cache.create_replication_group(**request, **more)["ReplicationGroup"]
        self.made.append(lambda: self.cache.delete_replication_group(ReplicationGroupId=name))
        return made

    def active(self, read: Callable[[], dict]) -> None:
        until = time.monotonic() + 10
        while read()["Status"] != "active":
            self.assertLess(time.monotonic(), until)
            time.sleep(0.1)

    def test_an_access_string_is_returned_in_the_order_of_elasticache(self) -> None:
        forms = {
            "off +get ~keys*": "off ~keys* -@all +get",
            "~objects:* ~items:* ~public:*": "off ~objects:* ~items:* ~public:* -@all",
            "on allkeys allcommands": "on ~* +@all",
            "on %R~a:* ~{b}:* -@all +mget +set": "on %R~a:* ~{b}:* -@all +mget +set",
        }
        for number, (given, returned) in enumerate(forms.items()):
            self.assertEqual(self.user(f"user-{number}", AccessString=given)["AccessString"], returned)

    def test_a_user_that_aws_refuses_is_refused(self) -> None:
        create = {"UserId": "one", "AccessString": "on ~a:* +get"}
        self.refuses("InvalidParameterCombination", self.cache.create_user, **create, UserName="other", **IAM)
        for rule in ("reset", "nopass", ">secret", "#0123"):
            request = {**create, "AccessString": f"on ~a:* +get {rule}"}
            self.refuses("InvalidParameterValue", self.cache.create_user, **request, UserName="one", **IAM)
        valkey = {"Engine": "valkey", "NoPasswordRequired": True}
        self.refuses("InvalidParameterCombination", self.cache.create_user, **create, UserName="one", **valkey)
        password = {"Engine": "redis", "AuthenticationMode": {"Type": "password", "Passwords": ["0123456789abcdef"]}}
        with self.assertRaisesRegex(ClientError, "the user one can't run in this embedded AWS"):
            self.cache.create_user(**create, UserName="one", **password)
        self.refuses("UserNotFound", self.cache.describe_users, UserId="one")
        self.user("one")
        self.refuses("UserAlreadyExists", self.cache.create_user, **create, UserName="one", **IAM)

    def test_a_group_without_default_user_is_only_for_valkey(self) -> None:
        self.user("one")
        self.user("two")
        create = {"UserGroupId": "g", "Engine": "redis"}
        self.refuses("DefaultUserRequired", self.cache.create_user_group, **create, UserIds=["one"])
        self.refuses("UserNotFound", self.cache.create_user_group, **create, UserIds=["default", "none"])
        self.refuses("InvalidParameterValue", self.cache.create_user_group, UserGroupId="g", Engine="memcached", UserIds=["one"])
        self.user("off", UserName="default", AccessString="off ~* -@all", **OPEN, AuthenticationMode={"Type": "no-password-required"})
        self.refuses("DuplicateUserName", self.cache.create_user_group, **create, UserIds=["default", "off"])
        valkey = {"UserGroupId": "v", "Engine": "valkey"}
        self.refuses("InvalidParameterCombination", self.cache.create_user_group, **valkey, UserIds=["one", "off"])
        self.group("v", "one", engine="valkey")
        self.group("g", "off", "one")
        self.refuses("UserGroupAlreadyExists", self.cache.create_user_group, **create, UserIds=["default"])
        remove = {"UserGroupId": "g", "UserIdsToRemove": ["off"]}
        self.refuses("DefaultUserRequired", self.cache.modify_user_group, **remove)
        cache = {"ReplicationGroupId": "r", "ReplicationGroupDescription": "d", "Engine": "redis", "EngineVersion": "7.1"}
        self.refuses(
            "InvalidParameterCombination", self.cache.create_replication_group, **cache, TransitEncryptionEnabled=True, UserGroupIds=["v"]
        )

    def test_what_is_being_modified_is_not_changed_again(self) -> None:
        self.user("one")
        self.user("two")
        self.group("g", "default", "one")
        change = {"UserId": "one", "AccessString": "on ~b:* -@all +get"}
        self.assertEqual(self.cache.modify_user(**change)["Status"], "modifying")
        self.refuses("InvalidUserState", self.cache.modify_user, **change)
        self.refuses("InvalidUserState", self.cache.delete_user, UserId="one")
        self.active(lambda: self.cache.describe_users(UserId="one")["Users"][0])
        self.assertEqual(self.cache.describe_users(UserId="one")["Users"][0]["AccessString"], "on ~b:* -@all +get")
        add = {"UserGroupId": "g", "UserIdsToAdd": ["two"]}
        self.assertEqual(self.cache.modify_user_group(**add)["UserIds"], ["default", "one", "two"])
        self.refuses("InvalidUserGroupState", self.cache.modify_user_group, **add)
        self.refuses("InvalidUserGroupState", self.cache.delete_user_group, UserGroupId="g")
        self.active(lambda: self.cache.describe_user_groups(UserGroupId="g")["UserGroups"][0])
        self.refuses("InvalidParameterValue", self.cache.modify_user, UserId="default", AccessString="off ~* -@all")

    def test_a_cache_takes_groups_with_tls_only_and_keeps_them_from_deletion(self) -> None:
        self.user("one")
        self.user("off", UserName="default", AccessString="off ~* -@all", **OPEN, AuthenticationMode={"Type": "no-password-required"})
        self.group("g", "off", "one")
        cache = {"ReplicationGroupId": "r", "ReplicationGroupDescription": "d", "Engine": "redis"}
        create, tls = self.cache.create_replication_group, {"TransitEncryptionEnabled": True, "UserGroupIds": ["g"]}
        self.refuses("InvalidParameterCombination", create, **cache, EngineVersion="7.1", UserGroupIds=["g"])
        self.refuses("InvalidParameterCombination", create, **cache, EngineVersion="6.2", **tls)
        self.refuses("UserGroupNotFound", create, **cache, EngineVersion="7.1", TransitEncryptionEnabled=True, UserGroupIds=["none"])
        self.refuses("ReplicationGroupNotFoundFault", self.cache.describe_replication_groups, ReplicationGroupId="r")
        self.replication_group("r", TransitEncryptionEnabled=True)
        change = {"ReplicationGroupId": "r"}
        changed = self.cache.modify_replication_group(**change, UserGroupIdsToAdd=["g"])["ReplicationGroup"]
        self.assertEqual(changed["UserGroupIds"], ["g"])
        [group] = self.cache.describe_user_groups(UserGroupId="g")["UserGroups"]
        self.assertEqual((group["ReplicationGroups"], group["MinimumEngineVersion"]), (["r"], "7.0"))
        self.refuses("InvalidUserGroupState", self.cache.delete_user_group, UserGroupId="g")
        self.refuses("DefaultUserAssociatedToUserGroup", self.cache.delete_user, UserId="off")
        self.refuses("InvalidParameterValue", self.cache.delete_user, UserId="default")
        self.cache.modify_replication_group(**change, UserGroupIdsToRemove=["g"])
        self.assertEqual(self.cache.describe_user_groups(UserGroupId="g")["UserGroups"][0]["ReplicationGroups"], [])

    def test_a_deleted_user_leaves_its_groups(self) -> None:
        self.user("one")
        self.group("g", "default", "one")
        self.made.pop(0)
        self.cache.delete_user(UserId="one")
        self.assertEqual(self.cache.describe_user_groups(UserGroupId="g")["UserGroups"][0]["UserIds"], ["default"])
        self.refuses("InvalidParameterValue", self.cache.modify_user_group, UserGroupId="g", UserIdsToRemove=["one"])


if __name__ == "__main__":
    unittest.main()
