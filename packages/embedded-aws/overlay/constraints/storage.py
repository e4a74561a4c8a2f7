"""S3 and AWS Backup."""

from __future__ import annotations

import json
from typing import Any, Dict, List, Optional

from moto.s3.models import s3_backends

from . import Call, refuses

S3 = "https://docs.aws.amazon.com/AmazonS3/latest/userguide"
BACKUP = "https://docs.aws.amazon.com/aws-backup/latest/devguide"

MIN_INFREQUENT_ACCESS_DAYS = 30
INFREQUENT_ACCESS = ("STANDARD_IA", "ONEZONE_IA")
MIN_COLD_DAYS = 90


def bucket_of(call: Call, name: str) -> Any:
    return s3_backends[call.account]["aws"].buckets.get(name)


def lifecycle_rules(call: Call) -> List[Dict[str, Any]]:
    return (call.parameters.get("LifecycleConfiguration") or {}).get("Rules") or []


@refuses("InvalidArgument", f"{S3}/lifecycle-transition-general-considerations.html", "s3.PutBucketLifecycleConfiguration")
def infrequent_access_begins_after_30_days(call: Call) -> Optional[str]:
    for rule in lifecycle_rules(call):
        for transition in rule.get("Transitions") or []:
            days, storage_class = transition.get("Days"), transition.get("StorageClass")
            if storage_class in INFREQUENT_ACCESS and days is not None and days < MIN_INFREQUENT_ACCESS_DAYS:
                return (
                    f"'Days' in Transition action must be greater than or equal to {MIN_INFREQUENT_ACCESS_DAYS} for "
                    f"storageClass '{storage_class}'"
                )
    return None


@refuses("InvalidArgument", f"{S3}/lifecycle-transition-general-considerations.html", "s3.PutBucketLifecycleConfiguration")
def objects_expire_after_their_transitions(call: Call) -> Optional[str]:
    for rule in lifecycle_rules(call):
        end = (rule.get("Expiration") or {}).get("Days")
        for transition in rule.get("Transitions") or []:
            days = transition.get("Days")
            if end is not None and days is not None and end <= days:
                return "'Days' in the Expiration action for filter must be greater than 'Days' in the Transition action"
    return None


@refuses("AccessDenied", f"{S3}/access-control-block-public-access.html", "s3.PutBucketPolicy")
def public_policies_are_blocked(call: Call) -> Optional[str]:
    bucket = bucket_of(call, call.parameters["Bucket"])
    block = bucket and bucket.public_access_block
    if not block or str(block.block_public_policy).lower() != "true":
        return None
    document = call.parameters.get("Policy") or "{}"
    statements = json.loads(document if isinstance(document, str) else document.decode()).get("Statement") or []
    for statement in statements if isinstance(statements, list) else [statements]:
        principal = statement.get("Principal")
        anyone = principal == "*" or isinstance(principal, dict) and principal.get("AWS") in ("*", ["*"])
        if statement.get("Effect") == "Allow" and anyone and not statement.get("Condition"):
            return "User is not authorized to perform: s3:PutBucketPolicy because public policies are blocked by the BlockPublicPolicy block public access setting."
    return None


@refuses("AccessControlListNotSupported", f"{S3}/about-object-ownership.html", "s3.PutBucketAcl")
def enforced_ownership_takes_no_acl(call: Call) -> Optional[str]:
    bucket = bucket_of(call, call.parameters["Bucket"])
    ownership = str(getattr(bucket, "ownership_rule", None) or "") if bucket else ""
    if "BucketOwnerEnforced" not in ownership:
        return None
    return "The bucket does not allow ACLs"


@refuses("InvalidRequest", f"{S3}/replication.html#replication-requirements", "s3.PutBucketReplication")
def replicas_have_versions(call: Call) -> Optional[str]:
    names = [call.parameters["Bucket"]]
    for rule in (call.parameters.get("ReplicationConfiguration") or {}).get("Rules") or []:
        names.append(rule["Destination"]["Bucket"].split(":")[-1])
    for name in names:
        bucket = bucket_of(call, name)
        if bucket is not None and bucket.versioning_status != "Enabled":
            return f"Versioning must be 'Enabled' on the bucket to apply a replication configuration: {name}"
    return None


@refuses("InvalidParameterValueException", f"{BACKUP}/API_Lifecycle.html", "backup.CreateBackupPlan", "backup.UpdateBackupPlan")
def cold_storage_lasts_90_days(call: Call) -> Optional[str]:
    for rule in (call.parameters.get("BackupPlan") or {}).get("Rules") or []:
        for holder in (rule, *(rule.get("CopyActions") or [])):
            lifecycle = holder.get("Lifecycle") or {}
            cold, end = lifecycle.get("MoveToColdStorageAfterDays"), lifecycle.get("DeleteAfterDays")
            if cold is not None and end is not None and end < cold + MIN_COLD_DAYS:
                return f"Invalid lifecycle. DeleteAfterDays cannot be less than {MIN_COLD_DAYS} days apart from MoveToColdStorageAfterDays"
    return None
