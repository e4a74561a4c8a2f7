"""Requests that keep to their models and that AWS refuses all the same: limits, combinations and missing resources.

One module per group of services. A constraint is a function with the decorator `@refuses(code, page, *operations)`. It
gets a `Call` and returns the message of the refusal, or None.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Callable, Dict, List, NamedTuple, Optional

from moto.core.exceptions import ServiceException
from werkzeug.exceptions import HTTPException

from ..calls import CREDENTIAL
from ..service_models import Checked

MODULES = ("compute", "databases", "edge", "identity", "linked_roles", "network", "observability", "storage")


class Call(NamedTuple):
    """A signed request."""

    account: str
    region: str
    # The members of its input.
    parameters: Dict[str, Any]


Constraint = Callable[[Call], Optional[str]]


@dataclass(frozen=True)
class Declared:
    """A constraint, the code of AWS's error and the page that documents it."""

    code: str
    page: str
    constraint: Constraint


BY_OPERATION: Dict[str, List[Declared]] = {}


class Refused(NamedTuple):
    """AWS's error for a request."""

    code: str
    message: str


def refuses(code: str, page: str, *operations: str) -> Callable[[Constraint], Constraint]:
    """Declares that the decorated function finds requests of operations, such as `rds.CreateDBInstance`."""

    def declare(constraint: Constraint) -> Constraint:
        for operation in operations:
            BY_OPERATION.setdefault(operation, []).append(Declared(code, page, constraint))
        return constraint

    return declare


def refused(environ: dict, checked: Checked) -> Optional[Refused]:
    """The first refusal of a request."""
    declared = BY_OPERATION.get(checked.name, [])
    signed = CREDENTIAL.search(environ.get("HTTP_AUTHORIZATION", ""))
    if not declared or signed is None:
        return None
    call = Call(os.environ.get("MOTO_ACCOUNT_ID", "123456789012"), signed.group(2), checked.parameters)
    for one in declared:
        try:
            message = one.constraint(call)
        except (ServiceException, HTTPException, ValueError):
            continue  # a resource that does not exist, or text of another form: moto refuses it
        if message is not None:
            return Refused(one.code, message)
    return None


for module in MODULES:
    import_module(f"{__name__}.{module}")
