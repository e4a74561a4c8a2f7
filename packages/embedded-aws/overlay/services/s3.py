"""S3: bucket policies, log delivery checks, replication, deletion of versions, events, and finished uploads."""

from __future__ import annotations

import json
import time
from typing import Any, Callable, Dict, Iterator, Optional

from flask import request
from moto.core.responses import ActionResult
from moto.events.models import events_backends
from moto.iam.access_control import IAMPolicy, PermissionResult
from moto.s3 import notifications
from moto.moto_api._internal import mock_random
from moto.s3.exceptions import NoSuchUpload, ReplicationConfigurationNotFoundError, S3ClientError
from moto.s3.models import FakeBucket, FakeDeleteMarker, FakeKey, S3Backend
from moto.s3.responses import S3Response

from ..access import denial
from ..deliveries import deliver
from ..registry import replaces
from .events import stamp

PLAIN_HTTP = {"Bool": {"aws:SecureTransport": "false"}}
LOGGING = "logging.s3.amazonaws.com"
S3 = "s3.amazonaws.com"


@replaces(FakeBucket, "_log_permissions_enabled_policy", "s3", "PutBucketLogging", "fails on a policy with the principal \"*\"")
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


@replaces(FakeBucket, "get_permission", "s3", "(all of objects)", "ignores conditions: a statement that denies plain HTTP denies all requests")
def get_permission(original: Callable, self: FakeBucket, action: str, resource: str) -> Any:
    """Treats requests as TLS, although this server uses plain HTTP on the loopback interface."""
    if self.policy is None:
        return original(self, action, resource)
    policy = json.loads(self.policy)
    kept = [one for one in policy["Statement"] if one.get("Condition") != PLAIN_HTTP]
    if not kept:
        return PermissionResult.NEUTRAL
    document = json.dumps({**policy, "Statement": kept})
    return IAMPolicy(document).is_action_permitted(action, resource)


@replaces(FakeDeleteMarker, "dispose", "s3", "DeleteObjects", "fails to delete a delete marker")
def dispose(_original: Any, _self: FakeDeleteMarker, garbage: bool = False) -> None:
    """A delete marker has no content to release."""


@replaces(FakeKey, "__setstate__", "s3", "HeadObject", "forgets the sizes of an object's parts when it reads a saved state")
def load_key(original: Callable, self: FakeKey, kept: Dict[str, Any]) -> None:
    """The content of a part is released when its upload is completed; its size is not."""
    original(self, kept)
    self.contentsize = kept["contentsize"]


NO_UPLOAD = "fails with a Python error if the upload was aborted or completed"


@replaces(S3Backend, "upload_part", "s3", "UploadPart", NO_UPLOAD)
@replaces(S3Backend, "upload_part_copy", "s3", "UploadPartCopy", NO_UPLOAD)
@replaces(S3Backend, "complete_multipart_upload", "s3", "CompleteMultipartUpload", NO_UPLOAD)
def of_an_upload(original: Callable, self: S3Backend, bucket: str, upload: str, *more: Any, **named: Any) -> Any:
    if upload not in self.get_bucket(bucket).multiparts:
        raise NoSuchUpload(upload_id=upload)
    return original(self, bucket, upload, *more, **named)


@replaces(S3Response, "get_bucket_notification", "s3", "GetBucketNotificationConfiguration", "does not return the EventBridge configuration")
def get_bucket_notification(original: Callable, self: S3Response) -> Any:
    status, headers, body = original(self)
    configuration = self.backend.get_bucket_notification_configuration(self.bucket_name)
    if configuration is None or configuration.event_bridge is None:
        return status, headers, body
    text = (body.decode() if isinstance(body, bytes) else body).rstrip()
    # an empty tag if there is no other content
    start = text[:-2] + ">" if text.endswith("/>") else text[: text.rindex("</")]
    return status, headers, f"{start}<EventBridgeConfiguration/></NotificationConfiguration>"


@replaces(notifications, "_get_s3_event", "s3", "(events of a bucket)", "omits the object's version and the sequencer")
def get_s3_event(original: Callable, event_name: str, bucket: FakeBucket, key: Any, notification_id: str) -> Any:
    event = original(event_name, bucket, key, notification_id)
    described = event["Records"][0]["s3"]["object"]
    described["sequencer"] = f"{time.time_ns():016X}"
    if bucket.is_versioned and getattr(key, "version_id", None):
        described["versionId"] = key.version_id
    return event


@replaces(S3Response, "get_bucket_replication", "s3", "GetBucketReplication", "does not return SourceSelectionCriteria and encryption")
def get_bucket_replication(_original: Callable, self: S3Response) -> Any:
    self.data["Action"] = "GetBucketReplication"
    replication = self.backend.get_bucket_replication(self.bucket_name)
    if not replication:
        raise ReplicationConfigurationNotFoundError(bucket_name=self.bucket_name)
    rules = [{**rule, "DeleteMarkerReplication": {"Status": "Disabled"}, "Filter": {"Prefix": ""}} for rule in replication["Rule"]]
    return self.serialized(ActionResult({"ReplicationConfiguration": {"Role": replication["Role"], "Rules": rules}}))


# Bucket events that can occur here.
HAPPENING = (
    *("s3:ObjectCreated:Put", "s3:ObjectCreated:Post", "s3:ObjectCreated:Copy", "s3:ObjectCreated:CompleteMultipartUpload"),
    *("s3:ObjectRemoved:Delete", "s3:ObjectTagging:Put", "s3:ObjectTagging:Delete", "s3:ObjectAcl:Put"),
    *("s3:ObjectRestore:Post", "s3:ObjectRestore:Completed"),
)


@replaces(S3Backend, "put_bucket_notification_configuration", "s3", "PutBucketNotificationConfiguration", "accepts events that never occur, and destinations to which S3 may not send")
def put_notification(original: Callable, self: S3Backend, bucket_name: str, notification_config: Dict[str, Any]) -> None:
    for event in events_in(notification_config):
        if not any(one == event or (event.endswith(":*") and one.startswith(event[:-1])) for one in HAPPENING):
            message = f"The event {event} of the bucket {bucket_name} can't run in this embedded AWS: it never occurs"
            raise S3ClientError("InvalidArgument", message)
    bucket = self.get_bucket(bucket_name)
    for arn in [] if skips_validation() else destinations_in(notification_config):
        reason = denial({"service": S3, "arn": bucket.arn}, arn)
        if reason is not None:
            raise S3ClientError("InvalidArgument", f"Unable to validate the following destination configurations: {arn}: {reason}")
    original(self, bucket_name, notification_config)


def skips_validation() -> bool:
    return request.headers.get("x-amz-skip-destination-validation", "").lower() == "true"


def destinations_in(configuration: Dict[str, Any]) -> Iterator[str]:
    for kind in ("Topic", "Queue", "CloudFunction"):
        for one in listed(configuration.get(f"{kind}Configuration") or []):
            yield one[kind]


def events_in(configuration: Dict[str, Any]) -> Iterator[str]:
    for kind in ("Topic", "Queue", "CloudFunction"):
        for one in listed(configuration.get(f"{kind}Configuration") or []):
            yield from listed(one["Event"])


@replaces(notifications, "send_event", "s3", "PutObject", "sends an ObjectTagging event for each stored object")
def send_event(original: Callable, account_id: str, event_name: Any, bucket: FakeBucket, key: Any) -> None:
    tags = event_name == notifications.S3NotificationEvent.OBJECT_TAGGING_PUT_EVENT
    if not tags or "tagging" in request.args:
        original(account_id, event_name, bucket, key)


@replaces(notifications, "_invoke_awslambda", "s3", "(events of a bucket to functions)", "calls functions in Docker, while the object is stored")
def invoke(_original: Callable, _account: str, event: Dict[str, Any], arn: str, _region: str) -> None:
    deliver({"Arn": arn}, event, {"service": S3, "arn": bucket_in(event)})


@replaces(notifications, "_send_sqs_message", "s3", "(events of a bucket to queues)", "delivers whatever the queue's policy says")
def send_to_queue(_original: Callable, account: str, event: Dict[str, Any], name: str, region: str) -> None:
    deliver({"Arn": f"arn:aws:sqs:{region}:{account}:{name}"}, event, {"service": S3, "arn": bucket_in(event)})


@replaces(notifications, "_send_sns_message", "s3", "(events of a bucket to topics)", "delivers whatever the topic's policy says")
def send_to_topic(_original: Callable, _account: str, event: Dict[str, Any], arn: str, _region: str) -> None:
    deliver({"Arn": arn}, event, {"service": S3, "arn": bucket_in(event)})


def bucket_in(event: Dict[str, Any]) -> str:
    """ARN of the bucket of an event, or of the test event of a new notification."""
    return event["Records"][0]["s3"]["bucket"]["arn"] if "Records" in event else f"arn:aws:s3:::{event['Bucket']}"


REASONS = {
    "s3:ObjectCreated:Put": "PutObject",
    "s3:ObjectCreated:Post": "POST Object",
    "s3:ObjectCreated:Copy": "CopyObject",
    "s3:ObjectCreated:CompleteMultipartUpload": "CompleteMultipartUpload",
    "s3:ObjectRemoved:Delete": "DeleteObject",
}


@replaces(notifications, "_send_event_bridge_message", "s3", "(events of a bucket to EventBridge)", "sends to all buses, with one event id, and with eTag for etag")
def send_to_event_bridge(_original: Callable, account_id: str, bucket: FakeBucket, event_name: str, key: Any) -> None:
    """https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html"""
    described = {"key": key.name, "size": key.size, "etag": key.etag.replace('"', ""), "sequencer": f"{time.time_ns():016X}"}
    if bucket.is_versioned and getattr(key, "version_id", None):
        described["version-id"] = key.version_id
    detail = {"version": "0", "bucket": {"name": bucket.name}, "object": described, "request-id": f"{time.time_ns():016X}", "requester": account_id}
    reason = REASONS.get(str(getattr(event_name, "value", event_name)))
    event = {
        "version": "0",
        "id": str(mock_random.uuid4()),
        "detail-type": notifications._detail_type(event_name),
        "source": "aws.s3",
        "account": account_id,
        "time": stamp(time.time()),
        "region": bucket.region_name,
        "resources": [bucket.arn],
        "detail": {**detail, "reason": reason} if reason else detail,
    }
    for rule in list(events_backends[account_id][bucket.region_name].event_buses["default"].rules.values()):
        rule.send_to_targets(event)
