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

from . import dropped, lambda_events
from .access import Sender, denial

# Services whose resources can be targets.
COMMON = ("lambda", "sqs", "sns")
# Retry policy of targets without one; the provider sends it for schedules.
# https://docs.aws.amazon.com/scheduler/latest/APIReference/API_RetryPolicy.html
DEFAULT_RETRIES = {"MaximumEventAgeInSeconds": 86_400, "MaximumRetryAttempts": 185}


def refusal(what: str, target: Dict[str, Any], services: Tuple[str, ...] = COMMON) -> Optional[str]:
    """Why a target, or one of its settings, is not supported, in one sentence; None if it is."""
    arn = target["Arn"]
    parts = arn.split(":")
    if len(parts) < 6 or parts[2] not in services:
        return f"{what} can't run in this embedded AWS: it delivers to {', '.join(services)}, not to {arn}"
    if (target.get("DeadLetterConfig") or {}).get("Arn"):
        return f"DeadLetterConfig of {what} can't run in this embedded AWS: failed deliveries are dropped and logged"
    retries = {**DEFAULT_RETRIES, **(target.get("RetryPolicy") or {})}
    if retries["MaximumRetryAttempts"] != 0 and retries != DEFAULT_RETRIES:
        return f"RetryPolicy of {what} can't run in this embedded AWS: failed deliveries are not retried, so that only 0 retries and the defaults are accepted"
    return None


def deliver(target: Dict[str, Any], content: Any, sender: Sender) -> None:
    """Delivers JSON or text to a target's ARN. What AWS would not deliver is dropped and noted."""
    arn = parse_arn(target["Arn"])
    text = content if isinstance(content, str) else json.dumps(content)
    if not admits(target["Arn"], sender):
        return
    if arn.service == "lambda":
        lambda_events.put(target["Arn"], json.loads(text), sender)
    elif arn.service == "sqs":
        group = (target.get("SqsParameters") or {}).get("MessageGroupId")
        sqs_backends[arn.account][arn.region].send_message(arn.resource_id, text, group_id=group)
    elif arn.service == "sns":
        sns_backends[arn.account][arn.region].publish(text, target["Arn"])
    elif arn.service == "logs":
        put_log(arn.account, arn.region, arn.resource_id.split(":")[0], text)


def admits(target: str, sender: Sender) -> bool:
    """Whether AWS would deliver to a target; notes why not."""
    reason = denial(sender, target)
    if reason is not None:
        dropped.note(sender["arn"], target, reason)
    return reason is None


def put_log(account: str, region: str, group: str, text: str) -> None:
    backend = logs_backends[account][region]
    if group in backend.groups:
        stream = str(uuid.uuid4())
        backend.create_log_stream(group, stream)
        backend.put_log_events(group, stream, [{"timestamp": int(time.time() * 1000), "message": text}])
