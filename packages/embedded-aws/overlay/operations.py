"""Operation of a request to a REST API, by botocore's models."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Dict, List, Optional, Pattern, Tuple

import botocore.session
from botocore.exceptions import UnknownServiceError

Route = Tuple[str, Pattern[str], Pattern[str], int, str]


@lru_cache(maxsize=None)
def routes_of(service: str) -> List[Route]:
    """Method, path and name of each operation, the most literal path first."""
    try:
        model = botocore.session.get_session().get_service_model(service)
    except UnknownServiceError:
        return []
    found: List[Route] = []
    for name in model.operation_names:
        http = model.operation_model(name).http
        path = http.get("requestUri", "/").split("?")[0].rstrip("/")
        # Servers get decoded paths, so a name may rarely contain a slash.
        strict, loose = (re.sub(r"\\{\w+\\}", part, re.escape(path)) for part in ("[^/]+", ".+"))
        patterns = (re.compile(re.sub(r"\\{\w+\\\+\\}", ".+", each) + "/?") for each in (strict, loose))
        literal = len(re.sub(r"\{[^}]*\}", "", path))
        found.append((http.get("method", "POST"), *patterns, literal, name))
    return sorted(found, key=lambda route: -route[3])


def operation(service: str, method: str, path: str, names: Dict[str, str], target: str) -> Optional[str]:
    """Operation such as `DescribeTable`; None if the models have no such request."""
    if target or names.get("Action"):
        return target or names["Action"]
    routes = [route for route in routes_of(service) if route[0] == method]
    matching = [name for place in (1, 2) for *route, name in routes if route[place].fullmatch(path)]
    return next(iter(matching), None)
