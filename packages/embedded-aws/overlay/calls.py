"""The last AWS calls, with their actions and access keys."""

from __future__ import annotations

import logging
import re
import time
from collections import deque
from typing import Deque, Dict, List

# A deployment makes about ten thousand calls; older ones are dropped.
CALLS: Deque[Dict[str, object]] = deque(maxlen=50_000)
ATTEMPT = re.compile(r"attempt=(\d+)")
CREDENTIAL = re.compile(r"Credential=([^/]+)/\d+/([^/]*)/([^/]+)/")


def action_of(environ: dict) -> str:
    target = environ.get("HTTP_X_AMZ_TARGET", "")
    return target.rpartition(".")[2] or f"{environ.get('REQUEST_METHOD')} {environ.get('PATH_INFO', '')}"


def described(environ: dict) -> str:
    """The action, and the SDK's id of all attempts of a call."""
    return f"{action_of(environ)} ({environ.get('HTTP_AMZ_SDK_INVOCATION_ID', 'no SDK')})"


def note(environ: dict) -> None:
    """Records a signed call; calls of AWS are signed."""
    match = CREDENTIAL.search(environ.get("HTTP_AUTHORIZATION", ""))
    if match is None:
        return
    key, region, service = match.groups()
    action = action_of(environ)
    attempt = ATTEMPT.search(environ.get("HTTP_AMZ_SDK_REQUEST", ""))
    if attempt is not None and int(attempt[1]) > 1:
        logging.info("attempt %s of %s", attempt[1], described(environ))
    CALLS.append({"time": time.time(), "key": key, "region": region, "service": service, "action": action})


def recent() -> List[Dict[str, object]]:
    return list(CALLS)
