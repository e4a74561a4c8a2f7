"""EventBridge: delivery to all targets of enabled rules, and schedules."""

from __future__ import annotations

import json
import re
import time
from datetime import datetime, timezone
from typing import Any, Callable, Dict, List, Optional

from jsonpath_ng.ext import parse as json_path
from moto.events.exceptions import ValidationException
from moto.events.models import EventsBackend, Rule, events_backends
from moto.moto_api._internal import mock_random

from .. import schedules
from ..access import Sender
from ..deliveries import COMMON, deliver, refusal
from ..registry import replaces
from ..schedule_expressions import parse

TARGETS = (*COMMON, "logs", "events")
PLACEHOLDER = re.compile(r"<([\w.\-]+)>")


@replaces(EventsBackend, "put_rule", "events", "PutRule", "takes schedules that EventBridge refuses, and forgets when a rule was made")
def put_rule(original: Callable, self: EventsBackend, name: str, **settings: Any) -> Rule:
    expression = settings.get("scheduled_expression")
    # Only EventBridge Scheduler supports `at`.
    if expression and (expression.startswith("at(") or parse(expression, 0) is None):
        raise ValidationException("Parameter ScheduleExpression is not valid.")
    rule = original(self, name, **settings)
    rule.created = time.time()
    return rule


@replaces(EventsBackend, "put_targets", "events", "PutTargets", "accepts targets to which nothing is delivered, and ignores their dead-letter queues and retry policies")
def put_targets(original: Callable, self: EventsBackend, name: str, event_bus_arn: Optional[str], targets: List[Dict[str, Any]]) -> None:
    for target in targets:
        why = refusal(f"target {target['Id']} of the rule {name}", target, TARGETS)
        if why is None and ":api-destination/" in target["Arn"]:
            why = f"target {target['Id']} of the rule {name} can't run in this embedded AWS: it does not support API destinations, {target['Arn']}"
        if why:
            raise ValidationException(why)
    original(self, name, event_bus_arn, targets)


@replaces(Rule, "send_to_targets", "events", "PutEvents", "runs disabled rules and schedules by events, delivers to no function or topic, and forgets Input and InputPath")
def send_to_targets(original: Callable, self: Rule, event: Dict[str, Any], transform_input: bool = True) -> None:
    # An archive is a rule of EventBridge's own.
    if self.managed_by or ":::" in "".join(target["Arn"] for target in self.targets):
        return original(self, event, transform_input)
    if self.state != "DISABLED" and self.event_pattern.get_pattern() and self.event_pattern.matches_event(event):
        send(self, event)


def send(rule: Rule, event: Dict[str, Any]) -> None:
    """Delivers an event to the targets of a rule."""
    told = {name: value for name, value in event.items() if name != "ingestion-time"}
    if not isinstance(told["time"], str):
        told["time"] = stamp(float(told["time"]))
    for target in rule.targets:
        content = input_of(rule, target, told)
        if ":event-bus/" in target["Arn"]:
            forward(target["Arn"], told)
        else:
            deliver(target, content, sender_of(rule, target))


def sender_of(rule: Rule, target: Dict[str, Any]) -> Sender:
    """EventBridge, with the target's role if it has one. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html"""
    sender = {"service": "events.amazonaws.com", "arn": rule.arn}
    return {**sender, "role": target["RoleArn"]} if target.get("RoleArn") else sender


def stamp(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def forward(bus: str, event: Dict[str, Any]) -> None:
    """Sends an event to another bus with its id, account and source."""
    _, _, _, region, account, name = bus.split(":")
    for rule in list(events_backends[account][region]._get_event_bus(name.split("/", 1)[1]).rules.values()):
        rule.send_to_targets(dict(event))


def input_of(rule: Rule, target: Dict[str, Any], event: Dict[str, Any]) -> Any:
    """A target's input: the event, a part of it, a constant, or a filled template."""
    if target.get("Input"):
        return target["Input"]
    if target.get("InputPath"):
        return found(target["InputPath"], event)
    transformer = target.get("InputTransformer")
    if not transformer:
        return event
    own = {
        "aws.events.rule-arn": rule.arn,
        "aws.events.rule-name": rule.name,
        "aws.events.event.ingestion-time": stamp(time.time()),
        "aws.events.event": {name: value for name, value in event.items() if name != "detail"},
        "aws.events.event.json": event,
    }
    taken = {name: found(path, event) for name, path in (transformer.get("InputPathsMap") or {}).items()}
    return filled(transformer["InputTemplate"], {**own, **taken})


def found(path: str, event: Dict[str, Any]) -> Any:
    matches = json_path(path).find(event)
    return matches[0].value if matches else None


def filled(template: str, taken: Dict[str, Any]) -> str:
    """Fills a template: values are JSON, without quotation marks inside strings."""
    parts, quoted, end = [], False, 0
    for match in PLACEHOLDER.finditer(template):
        before = template[end : match.start()]
        quoted ^= len(re.findall(r'(?<!\\)"', before)) % 2 == 1
        value = taken.get(match[1], "")
        text = json.dumps(value)
        if quoted:
            text = json.dumps(value if isinstance(value, str) else text)[1:-1]
        parts += [before, text]
        end = match.end()
    return "".join([*parts, template[end:]])


@schedules.source
def tick(since: float, now: float) -> None:
    """Sends an event for each rule that is due."""
    for account, region, backend in list(events_backends.iter_backends()):
        for rule in list(backend.event_buses["default"].rules.values()):
            due = parse(rule.scheduled_expression or "", getattr(rule, "created", 0))
            if due and rule.state != "DISABLED" and due(since, now):
                send(rule, event_of(rule, now))


def event_of(rule: Rule, now: float) -> Dict[str, Any]:
    return {
        "version": "0",
        "id": str(mock_random.uuid4()),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": rule.account_id,
        "time": stamp(now),
        "region": rule.region_name,
        "resources": [rule.arn],
        "detail": {},
    }
