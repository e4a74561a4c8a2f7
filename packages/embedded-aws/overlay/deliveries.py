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


def refusal(what: str, arn: str, services: Tuple[str, ...] = COMMON) -> Optional[str]:
    """Why a target is not supported, in one sentence; None if it is."""
    parts = arn.split(":")
    if len(parts) >= 6 and parts[2] in services:
        return None
    return f"{what} can't run in this embedded AWS: it delivers to {', '.join(services)}, not to {arn}"


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
