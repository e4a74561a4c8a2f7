"""Deliveries between services: to queues, topics, functions, log groups and event buses."""

from __future__ import annotations

import json
import time
import uuid
from typing import Any, Dict, Optional, Tuple

from moto.logs.models import logs_backends
from moto.sns.models import sns_backends
from moto.sqs.models import sqs_backends
from moto.utilities.arns import parse_arn

from . import lambda_events
from .key_policies import lets_use

# Services whose resources can be targets.
COMMON = ("lambda", "sqs", "sns")


def refusal(what: str, arn: str, services: Tuple[str, ...] = COMMON) -> Optional[str]:
    """Why a target is not supported, in one sentence; None if it is."""
    parts = arn.split(":")
    if len(parts) >= 6 and parts[2] in services:
        return None
    return f"{what} can't run in this embedded AWS: it delivers to {', '.join(services)}, not to {arn}"


def deliver(target: Dict[str, Any], content: Any, sender: Dict[str, str]) -> None:
    """Delivers JSON or text to a target's ARN. Missing targets, and those whose key the sender may not use, get nothing, as on AWS."""
    arn = parse_arn(target["Arn"])
    text = content if isinstance(content, str) else json.dumps(content)
    if not may_encrypt(arn, target["Arn"], sender):
        return
    if arn.service == "lambda":
        lambda_events.put(target["Arn"], json.loads(text), sender)
    elif arn.service == "sqs" and arn.resource_id in sqs_backends[arn.account][arn.region].queues:
        group = (target.get("SqsParameters") or {}).get("MessageGroupId")
        sqs_backends[arn.account][arn.region].send_message(arn.resource_id, text, group_id=group)
    elif arn.service == "sns" and target["Arn"] in sns_backends[arn.account][arn.region].topics:
        sns_backends[arn.account][arn.region].publish(text, target["Arn"])
    elif arn.service == "logs":
        put_log(arn.account, arn.region, arn.resource_id.split(":")[0], text)


def may_encrypt(arn: Any, target: str, sender: Dict[str, str]) -> bool:
    """Whether a service may use the key of a queue or topic. Senders with a role use it by the role.

    https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services
    """
    queue = sqs_backends[arn.account][arn.region].queues.get(arn.resource_id) if arn.service == "sqs" else None
    topic = sns_backends[arn.account][arn.region].topics.get(target) if arn.service == "sns" else None
    key = (queue and queue.kms_master_key_id) or (topic and topic.kms_master_key_id)
    if not key or "service" not in sender:
        return True
    return lets_use(key, (arn.account, arn.region), sender["service"], ("kms:GenerateDataKey", "kms:Decrypt"), {})


def put_log(account: str, region: str, group: str, text: str) -> None:
    backend = logs_backends[account][region]
    if group in backend.groups:
        stream = str(uuid.uuid4())
        backend.create_log_stream(group, stream)
        backend.put_log_events(group, stream, [{"timestamp": int(time.time() * 1000), "message": text}])
