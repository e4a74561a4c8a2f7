"""Services that moto lacks completely, found by the service in a request's signature."""

from __future__ import annotations

import re
from typing import Callable, Dict, Optional, Pattern, Tuple

from .calls import CREDENTIAL

# environ and body in; status, reply and headers out
Handler = Callable[[dict, bytes], Tuple[int, object, Optional[list]]]

_BY_SERVICE: Dict[Tuple[str, Pattern], Handler] = {}
_BY_PATH: Dict[Pattern, Handler] = {}


def service(name: str, path: str = ".*") -> Callable[[Handler], Handler]:
    """Handles requests signed for a service, at matching paths."""

    def put(handler: Handler) -> Handler:
        _BY_SERVICE[(name, re.compile(path))] = handler
        return handler

    return put


def path(pattern: str) -> Callable[[Handler], Handler]:
    """Handles requests at a path, independent of their signature."""

    def put(handler: Handler) -> Handler:
        _BY_PATH[re.compile(pattern)] = handler
        return handler

    return put


def find(environ: dict) -> Optional[Handler]:
    where = environ.get("PATH_INFO", "")
    for pattern, handler in _BY_PATH.items():
        if pattern.fullmatch(where):
            return handler
    match = CREDENTIAL.search(environ.get("HTTP_AUTHORIZATION", ""))
    if match is None:
        return None
    for (name, pattern), handler in _BY_SERVICE.items():
        if name == match.group(3) and pattern.fullmatch(where):
            return handler
    return None
