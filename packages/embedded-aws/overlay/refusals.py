"""Refuses requests that violate the models of their services or a constraint, and lists them."""

from __future__ import annotations

import logging
from collections import deque
from typing import Deque, Dict, List, Optional, Set, Tuple

from moto.core.exceptions import ServiceException

from . import constraints
from .calls import CREDENTIAL, action_of
from .service_models import Checked, ValidationException

# Members that AWS accepts against its model, such as {"lambda.CreateFunction.MemorySize": "why, and where seen"}.
EXCEPTIONS: Dict[str, str] = {}

REFUSED: Deque[Dict[str, str]] = deque(maxlen=1_000)
# Requests of operations that are in no model; they are not validated.
UNKNOWN: Set[str] = set()
USED_EXCEPTIONS: Set[str] = set()

class Refused(ServiceException):
    """AWS's error for a violated constraint."""


Refusal = Tuple[int, bytes, List[Tuple[str, str]]]


def refusal_of(environ: dict, request: Optional[Checked]) -> Optional[Refusal]:
    """The error response to a request that AWS would refuse; None for other requests."""
    if request is None:
        signed = CREDENTIAL.search(environ.get("HTTP_AUTHORIZATION", ""))
        if signed is not None:
            UNKNOWN.add(f"{signed.group(3)}: {action_of(environ)}")
        return None
    excepted = {f"{request.name}.{violation.member}" for violation in request.violations} & EXCEPTIONS.keys()
    USED_EXCEPTIONS.update(excepted)
    violations = [one for one in request.violations if f"{request.name}.{one.member}" not in excepted]
    if violations:
        error: ServiceException = ValidationException(request._replace(violations=violations).message)
    else:
        found = constraints.refused(environ, request)
        if found is None:
            return None
        error = Refused(found.code, found.message)
    logging.info("refused %s: %s", request.name, error.message)
    REFUSED.append({"operation": request.name, "message": error.message})
    status, body, headers = request.error(error)
    return status, b"" if environ["REQUEST_METHOD"] == "HEAD" else body, headers


def report() -> Dict[str, List]:
    """Refused requests, operations that are in no model, and unused exceptions."""
    return {
        "refused": list(REFUSED),
        "unknown": sorted(UNKNOWN),
        "unusedExceptions": sorted(EXCEPTIONS.keys() - USED_EXCEPTIONS),
    }
