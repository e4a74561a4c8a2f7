"""Keys whose policies let AWS services in or not."""

from __future__ import annotations

import json
import time
from typing import Any, Dict, Optional

from botocore.exceptions import ClientError

from .test_deliveries import lets, policy as document
from .test_overlay import ACCOUNT, WithServer

ROOT = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "kms:*", "Resource": "*"}
USE = ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"]
LOGS = "logs.us-east-1.amazonaws.com"


def to(service: str, condition: Optional[Dict[str, Any]] = None, effect: str = "Allow") -> Dict[str, Any]:
    statement = {"Effect": effect, "Principal": {"Service": service}, "Action": USE, "Resource": "*"}
    return statement if condition is None else {**statement, "Condition": condition}


def logs_of(account: str) -> Dict[str, Any]:
    return to(LOGS, {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": f"arn:aws:logs:us-east-1:{account}:log-group:*"}})


class Keys(WithServer):
    def key(self, *statements: Dict[str, Any]) -> str:
        policy = json.dumps({"Version": "2012-10-17", "Statement": [ROOT, *statements]})
        return self.server.client("kms").create_key(Policy=policy)["KeyMetadata"]["Arn"]

    def test_a_log_group_takes_only_a_key_that_lets_in_cloudwatch_logs(self) -> None:
        logs = self.server.client("logs")
        wrong = {
            "no statement": self.key(),
            "another region": self.key(to("logs.eu-west-1.amazonaws.com")),
            "another account": self.key(logs_of("999999999999")),
            "fewer actions": self.key({**to(LOGS), "Action": "kms:Decrypt"}),
            "a denial": self.key(to(LOGS), to(LOGS, effect="Deny")),
            "no such key": f"arn:aws:kms:us-east-1:{ACCOUNT}:key/00000000-0000-0000-0000-000000000000",
        }
        for case, key in wrong.items():
            with self.subTest(case):
                with self.assertRaisesRegex(ClientError, f"AccessDeniedException.*not allowed to be used with Arn 'arn:aws:logs:us-east-1:{ACCOUNT}:log-group:/refused'"):
                    logs.create_log_group(logGroupName="/refused", kmsKeyId=key)
        self.assertEqual(logs.describe_log_groups(logGroupNamePrefix="/refused")["logGroups"], [])
        key = self.key(logs_of(ACCOUNT))
        logs.create_log_group(logGroupName="/taken", kmsKeyId=key)
        [taken] = logs.describe_log_groups(logGroupNamePrefix="/taken")["logGroups"]
        self.assertEqual(taken["kmsKeyId"], key)

    def test_a_log_group_changes_its_key(self) -> None:
        logs = self.server.client("logs")
        logs.create_log_group(logGroupName="/plain")
        with self.assertRaisesRegex(ClientError, "AccessDeniedException"):
            logs.associate_kms_key(logGroupName="/plain", kmsKeyId=self.key())
        key = self.key(logs_of(ACCOUNT))
        logs.associate_kms_key(logGroupName="/plain", kmsKeyId=key)
        [group] = logs.describe_log_groups(logGroupNamePrefix="/plain")["logGroups"]
        self.assertEqual(group["kmsKeyId"], key)
        logs.disassociate_kms_key(logGroupName="/plain")
        [group] = logs.describe_log_groups(logGroupNamePrefix="/plain")["logGroups"]
        self.assertNotIn("kmsKeyId", group)
        with self.assertRaisesRegex(ClientError, "ResourceNotFoundException"):
            logs.associate_kms_key(logGroupName="/none", kmsKeyId=key)

    def test_a_bucket_notifies_only_a_queue_whose_key_lets_in_s3(self) -> None:
        s3, sqs = self.server.client("s3"), self.server.client("sqs")
        s3.create_bucket(Bucket="uploads")

        def of(arn: str) -> Dict[str, Any]:
            return to("s3.amazonaws.com", {"StringEquals": {"aws:SourceAccount": ACCOUNT}, "ArnLike": {"aws:SourceArn": arn}})

        def notify(name: str, key: Optional[str]) -> None:
            policy = {"Policy": document(lets("s3.amazonaws.com", "sqs:SendMessage"))}
            sqs.create_queue(QueueName=name, Attributes=policy if key is None else {**policy, "KmsMasterKeyId": key})
            queue = {"QueueArn": f"arn:aws:sqs:us-east-1:{ACCOUNT}:{name}", "Events": ["s3:ObjectCreated:*"]}
            s3.put_bucket_notification_configuration(Bucket="uploads", NotificationConfiguration={"QueueConfigurations": [queue]})

        wrong = {"none": self.key(), "other": self.key(of("arn:aws:s3:::others")), "aws": "alias/aws/sqs"}
        for name, key in wrong.items():
            with self.subTest(name), self.assertRaisesRegex(ClientError, "Unable to validate the following destination configurations"):
                notify(name, key)
        self.assertNotIn("QueueConfigurations", s3.get_bucket_notification_configuration(Bucket="uploads"))
        self.server.client("kms").create_alias(AliasName="alias/right", TargetKeyId=self.key(of("arn:aws:s3:::upload?")))
        for name, key in {"right": "alias/right", "plain": None}.items():
            notify(name, key)
            [told] = s3.get_bucket_notification_configuration(Bucket="uploads")["QueueConfigurations"]
            self.assertTrue(told["QueueArn"].endswith(name))

    def test_an_event_reaches_only_targets_whose_key_lets_in_eventbridge(self) -> None:
        events, sqs = self.server.client("events"), self.server.client("sqs")
        account = {"StringEquals": {"aws:SourceAccount": ACCOUNT}}
        keys = {
            "shut": self.key(),
            # Deliveries give KMS no account, so this condition matches nothing
            "conditional": self.key(to("events.amazonaws.com", account)),
            "open": self.key(to("events.amazonaws.com")),
        }
        policy = document(lets("events.amazonaws.com", "sqs:SendMessage"))
        made = {name: {"Policy": policy, "KmsMasterKeyId": key} for name, key in keys.items()}
        urls = {name: sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"] for name, attributes in made.items()}
        events.put_rule(Name="all", EventPattern='{"source": ["test"]}')
        targets = [{"Id": name, "Arn": f"arn:aws:sqs:us-east-1:{ACCOUNT}:{name}"} for name in keys]
        events.put_targets(Rule="all", Targets=targets)
        events.put_events(Entries=[{"Source": "test", "DetailType": "t", "Detail": "{}"}])
        deadline, received = time.monotonic() + 5, []
        while not received and time.monotonic() < deadline:
            received = sqs.receive_message(QueueUrl=urls["open"]).get("Messages", [])
        self.assertEqual(len(received), 1)
        for name in ("shut", "conditional"):
            self.assertNotIn("Messages", sqs.receive_message(QueueUrl=urls[name]))

    def test_a_replication_of_encrypted_objects_is_returned_unchanged(self) -> None:
        s3 = self.server.client("s3")
        for bucket in ("source", "copy"):
            s3.create_bucket(Bucket=bucket)
            s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
        destination = {"Bucket": "arn:aws:s3:::copy", "EncryptionConfiguration": {"ReplicaKmsKeyID": self.key()}}
        selection = {"SseKmsEncryptedObjects": {"Status": "Enabled"}}
        rule = {"ID": "copies", "Status": "Enabled", "Filter": {"Prefix": ""}, "Destination": destination}
        role = f"arn:aws:iam::{ACCOUNT}:role/copies"

        def told(rule: Dict[str, Any]) -> Dict[str, Any]:
            s3.put_bucket_replication(Bucket="source", ReplicationConfiguration={"Role": role, "Rules": [rule]})
            [one] = s3.get_bucket_replication(Bucket="source")["ReplicationConfiguration"]["Rules"]
            return one

        encrypted = told({**rule, "Priority": 1, "DeleteMarkerReplication": {"Status": "Disabled"}, "SourceSelectionCriteria": selection})
        self.assertEqual((encrypted["SourceSelectionCriteria"], encrypted["Destination"]), (selection, destination))
        self.assertNotIn("SourceSelectionCriteria", told({**rule, "Priority": 1, "DeleteMarkerReplication": {"Status": "Disabled"}}))
