"""EventBridge Scheduler: runs schedules, and rejects unsupported targets."""

from __future__ import annotations

import re
from typing import Any, Callable, Dict

from moto.moto_api._internal import mock_random
from moto.scheduler.exceptions import ValidationException
from moto.scheduler.models import EventBridgeSchedulerBackend, Schedule, scheduler_backends

from .. import schedules
from ..access import Sender, trust_denial
from ..deliveries import deliver, refusal
from ..registry import replaces
from ..schedule_expressions import parse
from .events import stamp

MOTO = "accepts expressions and targets that never run, settings that it ignores, and roles that Scheduler may not assume"
CONTEXT = re.compile(r"<aws\.scheduler\.([a-z-]+)>")


def checked(original: Callable, self: EventBridgeSchedulerBackend, **settings: Any) -> Schedule:
    zone = settings.get("schedule_expression_timezone") or "UTC"
    if parse(settings["schedule_expression"], 0, zone) is None:
        raise ValidationException(f"Invalid Schedule Expression {settings['schedule_expression']}.")
    what = f"the schedule {settings['name']}"
    why = refusal(what, settings["target"])
    if why is None and settings["flexible_time_window"]["Mode"] != "OFF":
        why = f"FlexibleTimeWindow of {what} can't run in this embedded AWS: schedules run when they are due, mode OFF"
    if why:
        raise ValidationException(why)
    group = settings.get("group_name") or "default"
    arn = f"arn:aws:scheduler:{self.region_name}:{self.account_id}:schedule/{group}/{settings['name']}"
    if trust_denial(sender_of(arn, settings["target"]), self.account_id):
        raise ValidationException("The execution role you provide must allow AWS EventBridge Scheduler to assume the role.")
    return original(self, **settings)


def sender_of(schedule: str, target: Dict[str, Any]) -> Sender:
    return {"service": "scheduler.amazonaws.com", "arn": schedule, "role": target["RoleArn"]}


@replaces(EventBridgeSchedulerBackend, "create_schedule", "scheduler", "CreateSchedule", MOTO)
def create(original: Callable, self: EventBridgeSchedulerBackend, **settings: Any) -> Schedule:
    return checked(original, self, **settings)


@replaces(EventBridgeSchedulerBackend, "update_schedule", "scheduler", "UpdateSchedule", MOTO)
def update(original: Callable, self: EventBridgeSchedulerBackend, **settings: Any) -> Schedule:
    return checked(original, self, **settings)


@schedules.source
def tick(since: float, now: float) -> None:
    """Delivers due schedules; completed ones are deleted if configured."""
    for _account, _region, backend in list(scheduler_backends.iter_backends()):
        for group in list(backend.schedule_groups.values()):
            for schedule in list(group.schedules.values()):
                if comes_due(schedule, since, now):
                    deliver(schedule.target, input_of(schedule, now), sender_of(schedule.arn, schedule.target))
                    over = schedule.schedule_expression.startswith("at(")
                    if over and schedule.action_after_completion == "DELETE":
                        group.delete_schedule(schedule.name)


def comes_due(schedule: Schedule, since: float, now: float) -> bool:
    started = float(schedule.start_date or schedule.creation_date)
    due = parse(schedule.schedule_expression, started, schedule.schedule_expression_timezone)
    if due is None or schedule.state != "ENABLED":
        return False
    begun = not schedule.start_date or float(schedule.start_date) <= now
    ended = bool(schedule.end_date) and float(schedule.end_date) < now
    return begun and not ended and due(since, now)


def input_of(schedule: Schedule, now: float) -> Any:
    execution = str(mock_random.uuid4())
    context: Dict[str, str] = {
        "schedule-arn": schedule.arn,
        "scheduled-time": stamp(now),
        "execution-id": execution,
        "attempt-number": "1",
    }
    given = schedule.target.get("Input")
    if given:
        return CONTEXT.sub(lambda match: context.get(match[1], match[0]), given)
    _, _, _, region, account, _ = schedule.arn.split(":", 5)
    return {
        "version": "0",
        "id": execution,
        "detail-type": "Scheduled Event",
        "source": "aws.scheduler",
        "account": account,
        "time": stamp(now),
        "region": region,
        "resources": [schedule.arn],
        "detail": "{}",
    }
