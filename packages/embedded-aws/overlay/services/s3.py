"""S3: bucket policies, whether a bucket may be logged to, versions that can be deleted, versions in events, and uploads that are over."""

from __future__ import annotations

import json
import time
from typing import Any, Callable, Optional

from moto.iam.access_control import IAMPolicy, PermissionResult
from moto.s3 import notifications
from moto.s3.exceptions import NoSuchUpload
from moto.s3.models import FakeBucket, FakeDeleteMarker, S3Backend
from moto.s3.responses import S3Response

from ..registry import replaces

PLAIN_HTTP = {"Bool": {"aws:SecureTransport": "false"}}
LOGGING = "logging.s3.amazonaws.com"


@replaces(FakeBucket, "_log_permissions_enabled_policy", "s3", "PutBucketLogging", "fails on a policy with a statement for everybody")
def may_log(_original: Callable, _self: Any, target_bucket: FakeBucket, target_prefix: Optional[str]) -> bool:
    policy = json.loads(target_bucket.policy or b"{}")
    where = f"{target_bucket.arn}/{target_prefix or ''}"
    return any(lets_log(statement, where) for statement in policy.get("Statement", []))


def lets_log(statement: Any, where: str) -> bool:
    principal = statement.get("Principal")
    services = listed(principal.get("Service")) if isinstance(principal, dict) else []
    if statement.get("Effect") != "Allow" or LOGGING not in services:
        return False
    if "s3:PutObject" not in listed(statement.get("Action")):
        return False
    return any(where.startswith(resource.rstrip("*")) for resource in listed(statement.get("Resource")))


def listed(value: Any) -> list:
    return value if isinstance(value, list) else [value]


@replaces(FakeBucket, "get_permission", "s3", "(all of objects)", "refuses everybody by a statement that refuses plain HTTP: it reads no conditions")
def get_permission(original: Callable, self: FakeBucket, action: str, resource: str) -> Any:
    """This server stands for AWS behind TLS, although it is reached over plain HTTP on the loopback."""
    if self.policy is None:
        return original(self, action, resource)
    policy = json.loads(self.policy)
    kept = [one for one in policy["Statement"] if one.get("Condition") != PLAIN_HTTP]
    if not kept:
        return PermissionResult.NEUTRAL
    document = json.dumps({**policy, "Statement": kept})
    return IAMPolicy(document).is_action_permitted(action, resource)


@replaces(FakeDeleteMarker, "dispose", "s3", "DeleteObjects", "fails to purge a version that is a delete marker")
def dispose(_original: Any, _self: FakeDeleteMarker, garbage: bool = False) -> None:
    """A delete marker holds no content to let go of."""


NO_UPLOAD = "ends with an error of Python's where the upload was given up or completed"


@replaces(S3Backend, "upload_part", "s3", "UploadPart", NO_UPLOAD)
@replaces(S3Backend, "upload_part_copy", "s3", "UploadPartCopy", NO_UPLOAD)
@replaces(S3Backend, "complete_multipart_upload", "s3", "CompleteMultipartUpload", NO_UPLOAD)
def of_an_upload(original: Callable, self: S3Backend, bucket: str, upload: str, *more: Any, **named: Any) -> Any:
    if upload not in self.get_bucket(bucket).multiparts:
        raise NoSuchUpload(upload_id=upload)
    return original(self, bucket, upload, *more, **named)


@replaces(S3Response, "get_bucket_notification", "s3", "GetBucketNotificationConfiguration", "forgets that a bucket tells EventBridge")
def get_bucket_notification(original: Callable, self: S3Response) -> Any:
    status, headers, body = original(self)
    configuration = self.backend.get_bucket_notification_configuration(self.bucket_name)
    if configuration is None or configuration.event_bridge is None:
        return status, headers, body
    text = (body.decode() if isinstance(body, bytes) else body).rstrip()
    # written as one empty tag when nothing else is told
    start = text[:-2] + ">" if text.endswith("/>") else text[: text.rindex("</")]
    return status, headers, f"{start}<EventBridgeConfiguration/></NotificationConfiguration>"


@replaces(notifications, "_get_s3_event", "s3", "(events of a bucket)", "leaves out the object's version and the event's place in their order")
def get_s3_event(original: Callable, event_name: str, bucket: FakeBucket, key: Any, notification_id: str) -> Any:
    event = original(event_name, bucket, key, notification_id)
    described = event["Records"][0]["s3"]["object"]
    described["sequencer"] = f"{time.time_ns():016X}"
    if bucket.is_versioned and getattr(key, "version_id", None):
        described["versionId"] = key.version_id
    return event
