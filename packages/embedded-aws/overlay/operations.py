"""Finds the operation that a request calls, by the routes of the service's model."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Dict, FrozenSet, List, Mapping, NamedTuple, Optional, Pattern, Tuple

from moto.core.model import OperationModel, ServiceModel
from werkzeug.wrappers import Request

LABEL = re.compile(r"\{([^}+]+)(\+?)\}")


class Route(NamedTuple):
    """How an operation is addressed over HTTP."""

    operation: str
    method: str
    path: Pattern[str]
    # Names of the labels in the path, in their order.
    labels: Tuple[str, ...]
    # Number of characters outside labels; the route with most is the most exact.
    literal_length: int
    # Required query parameters, such as `policy` or `list-type=2`.
    query: FrozenSet[Tuple[str, str]]
    # Required members by location: `("header", "x-amz-copy-source")`.
    required: FrozenSet[Tuple[str, str]]


def find(model: ServiceModel, request: Request, values: Mapping[str, str]) -> Tuple[Optional[str], Dict[str, str]]:
    """Name of the operation and values of the labels in its path; None if the model has no such operation.

    `values` are the query and, for protocols that send a form, its fields.
    """
    target = request.headers.get("X-Amz-Target", "").rpartition(".")[2]
    if target or values.get("Action"):
        return target or values["Action"], {}
    # Labels are percent-encoded, because names can contain slashes.
    path = request.environ.get("REQUEST_URI", request.path).split("?")[0]
    matching = [
        (route, found)
        for route in routes_of(model)
        if route.method == request.method and (found := route.path.fullmatch(path)) and has_query(route, values)
    ]
    if not matching:
        return None, {}
    named = [one for one in matching if one[0].operation == values.get("x-id")]
    route, found = max(named or matching, key=lambda one: exactness(one[0], request, values))
    return route.operation, dict(zip(route.labels, found.groups()))


def has_query(route: Route, values: Mapping[str, str]) -> bool:
    """Whether the query has the parameters of the route."""
    return all(name in values and (not value or values[name] == value) for name, value in route.query)


def exactness(route: Route, request: Request, values: Mapping[str, str]) -> Tuple[int, int, int, int]:
    """Sort key of matching routes, of which S3 has dozens: the greatest is the one that is called."""
    present = sum(name in (request.headers if where == "header" else values) for where, name in route.required)
    return len(route.query), route.literal_length, present - len(route.required), present


@lru_cache(maxsize=None)
def routes_of(model: ServiceModel) -> List[Route]:
    operations = [model.operation_model(name) for name in model.operation_names]
    # The deprecated PutBucketLifecycle has the same address as PutBucketLifecycleConfiguration.
    return [route_of(operation) for operation in operations if not operation.deprecated]


def route_of(operation: OperationModel) -> Route:
    path, _, query = operation.http.get("requestUri", "/").partition("?")
    parts = LABEL.split(path.rstrip("/"))
    # The parts are text, label, "+" if it can contain slashes, text, label, ...
    pattern = re.escape(parts[0])
    for index in range(1, len(parts), 3):
        pattern += ("(.+)" if parts[index + 1] else "([^/]+)") + re.escape(parts[index + 2])
    return Route(
        operation=operation.name,
        method=operation.http.get("method", "POST"),
        path=re.compile(pattern + "/?"),
        labels=tuple(parts[1::3]),
        literal_length=sum(map(len, parts[::3])),
        query=frozenset((part.partition("=")[0], part.partition("=")[2]) for part in query.split("&") if part),
        required=frozenset(required_of(operation)),
    )


def required_of(operation: OperationModel) -> List[Tuple[str, str]]:
    shape = operation.input_shape
    names = [] if shape is None else shape.metadata.get("required", [])
    serializations = [(name, shape.members[name].serialization) for name in names]
    return [
        (serialization["location"], serialization.get("name", name))
        for name, serialization in serializations
        if serialization.get("location") in ("header", "querystring")
    ]
