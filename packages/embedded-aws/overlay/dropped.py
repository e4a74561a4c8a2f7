"""Deliveries that did not take place, with the reason, for the log of event sources."""

from __future__ import annotations

import threading
from collections import deque
from itertools import count
from typing import Any, Deque, Dict, List
from urllib.parse import parse_qs

from . import routes

DROPPED: Deque[Dict[str, Any]] = deque(maxlen=1_000)
NUMBERS = count(1)
LOCK = threading.Lock()


def note(source: str, target: str, reason: str) -> None:
    """`source` is the ARN of a bucket, topic, rule or schedule."""
    with LOCK:  # a reader between the number and the entry would never see the entry
        DROPPED.append({"number": next(NUMBERS), "source": source, "target": target, "reason": reason})


def after(number: int) -> List[Dict[str, Any]]:
    return [one for one in list(DROPPED) if one["number"] > number]


@routes.path(r"/moto-api/overlay/dropped-deliveries")
def recent(environ: dict, _body: bytes) -> Any:
    """Dropped deliveries after `?after=`, a number."""
    query = parse_qs(environ.get("QUERY_STRING", ""))
    return 200, after(int(query.get("after", ["0"])[0])), None
