"""The last AWS calls: what was called, by which access key."""

from __future__ import annotations

import re
import time
from collections import deque
from typing import Deque, Dict, List

# A deployment makes some ten thousand calls; older ones are forgotten.
CALLS: Deque[Dict[str, object]] = deque(maxlen=50_000)
CREDENTIAL = re.compile(r"Credential=([^/]+)/\d+/([^/]*)/([^/]+)/")


def note(environ: dict) -> None:
    """Remembers a signed call; what is not signed is no AWS call."""
    match = CREDENTIAL.search(environ.get("HTTP_AUTHORIZATION", ""))
    if match is None:
        return
    key, region, service = match.groups()
    target = environ.get("HTTP_X_AMZ_TARGET", "")
    action = target.rpartition(".")[2] or f"{environ['REQUEST_METHOD']} {environ.get('PATH_INFO', '')}"
    CALLS.append({"time": time.time(), "key": key, "region": region, "service": service, "action": action})


def recent() -> List[Dict[str, object]]:
    return list(CALLS)
