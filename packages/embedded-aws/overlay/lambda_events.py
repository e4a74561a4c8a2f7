"""Events that services send to functions asynchronously: kept until the functions' runner has handled them."""

from __future__ import annotations

import threading
import time
from typing import Any, Dict, List

from .store import things

WAITING = threading.Condition()


def held(account: str) -> Dict[str, Dict[str, Any]]:
    """Events by number; later runs have greater numbers."""
    return things(account, "us-east-1", "lambda-events")


def put(function_arn: str, event: Any, sender: Dict[str, str]) -> None:
    """Queues an event for a function. The sender is a service and a resource's ARN, or a role."""
    account = function_arn.split(":")[4]
    with WAITING:
        events = held(account)
        number = max([time.time_ns() // 1000, *(one["number"] + 1 for one in events.values())])
        events[str(number)] = {
            "number": number,
            "functionArn": function_arn,
            "event": event,
            "sender": sender,
            "time": time.time(),
        }
        WAITING.notify_all()


def after(account: str, number: int, wait_seconds: float) -> List[Dict[str, Any]]:
    """Events after a number; waits a while for the first."""
    def found() -> List[Dict[str, Any]]:
        return [one for one in held(account).values() if one["number"] > number]

    with WAITING:
        WAITING.wait_for(found, wait_seconds)
        return sorted(found(), key=lambda one: one["number"])


def remove(account: str, number: str) -> bool:
    with WAITING:
        return held(account).pop(number, None) is not None
