"""CloudWatch Logs: keys of log groups, and the bucket policies of log deliveries.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-V2-S3.html
"""

from __future__ import annotations

import json
from typing import Any, Callable, Dict, Optional

from moto.logs.exceptions import LogsClientError, ResourceNotFoundException
from moto.logs.models import Delivery, DeliverySource, LogGroup, LogsBackend
from moto.logs.responses import LogsResponse
from moto.s3.models import FakeBucket, s3_backends

from ..key_policies import lets_use
from ..registry import replaces

# KMS actions that CloudWatch Logs needs; source: the first page above.
ACTIONS = ("kms:Encrypt", "kms:Decrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo", "kms:GenerateDataKey", "kms:DescribeKey")

# Folders of services in buckets of deliveries without a prefix.
SERVICE_FOLDERS = {"cloudfront": "CloudFront"}


@replaces(LogsBackend, "create_log_group", "logs", "CreateLogGroup", "accepts keys that CloudWatch Logs may not use")
def create_log_group(original: Callable, self: LogsBackend, log_group_name: str, tags: Dict[str, str], **named: Any) -> LogGroup:
    if named.get("kmsKeyId"):
        check_key(self, log_group_name, named["kmsKeyId"])
    return original(self, log_group_name, tags, **named)


def check_key(backend: LogsBackend, group: str, key: str) -> None:
    """Raises AWS's error. Source of its text: https://github.com/hashicorp/terraform-provider-aws/issues/29282."""
    place = (backend.account_id, backend.region_name)
    arn = f"arn:aws:logs:{backend.region_name}:{backend.account_id}:log-group:{group}"
    service = f"logs.{backend.region_name}.amazonaws.com"
    if not lets_use(key, place, service, ACTIONS, {"kms:EncryptionContext:aws:logs:arn": arn}):
        message = f"The specified KMS key does not exist or is not allowed to be used with Arn '{arn}'"
        raise LogsClientError("AccessDeniedException", message)


def group_of(self: LogsResponse) -> LogGroup:
    found = self.logs_backend.groups.get(self._get_param("logGroupName"))
    if found is None:
        raise ResourceNotFoundException()
    return found


@replaces(LogsResponse, "associate_kms_key", "logs", "AssociateKmsKey", "not implemented")
def associate(_original: Optional[Callable], self: LogsResponse) -> str:
    group, key = group_of(self), self._get_param("kmsKeyId")
    check_key(self.logs_backend, group.name, key)
    group.kms_key_id = key
    return "{}"


@replaces(LogsResponse, "disassociate_kms_key", "logs", "DisassociateKmsKey", "not implemented")
def disassociate(_original: Optional[Callable], self: LogsResponse) -> str:
    group_of(self).kms_key_id = None
    return "{}"


@replaces(LogsBackend, "create_delivery", "logs", "CreateDelivery", "adds no statement to the policy of the bucket")
def create_delivery(original: Callable, self: LogsBackend, **named: Any) -> Delivery:
    delivery = original(self, **named)
    destinations = self.delivery_destinations.values()
    destination = next(one for one in destinations if one.arn == delivery.delivery_destination_arn)
    if destination.delivery_destination_type == "S3":
        resource = destination.delivery_destination_configuration["destinationResourceArn"]
        allow_delivery(resource, self.delivery_sources[delivery.delivery_source_name], self.account_id)
    return delivery


def allow_delivery(destination: str, source: DeliverySource, account: str) -> None:
    """Appends a statement to a bucket's policy, unless it has that statement. `destination`: `arn:aws:s3:::BUCKET[/PREFIX]`."""
    name, _, prefix = destination.partition(":::")[2].partition("/")
    bucket: Optional[FakeBucket] = s3_backends[account]["aws"].buckets.get(name)
    if bucket is None:
        return
    policy = json.loads(bucket.policy or b'{"Version": "2012-10-17", "Id": "AWSLogDeliveryWrite20150319"}')
    statements = policy.setdefault("Statement", [])
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "delivery.logs.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": f"arn:aws:s3:::{name}/{prefix or f'AWSLogs/{account}/{SERVICE_FOLDERS.get(source.service, source.service)}'}/*",
        "Condition": {
            "StringEquals": {"aws:SourceAccount": account, "s3:x-amz-acl": "bucket-owner-full-control"},
            "ArnLike": {"aws:SourceArn": source.arn},
        },
    }
    if not any({**one, "Sid": None} == {**statement, "Sid": None} for one in statements):
        statements.append({"Sid": f"AWSLogDeliveryWrite{len(statements) + 1}", **statement})
        bucket.policy = json.dumps(policy).encode()
