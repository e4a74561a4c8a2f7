"""All services: unimplemented actions fail immediately, and a request finds its service fast."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Callable, Tuple

from moto import backends
from moto.core.responses import BaseResponse
from moto.core.utils import get_service_model

from .. import unsupported
from ..registry import replaces


@replaces(BaseResponse, "call_action", "all", "(unimplemented actions)", "answers 500, which AWS SDKs retry for minutes")
def call_action(original: Callable, self: BaseResponse) -> Any:
    try:
        return original(self)
    except NotImplementedError:
        model = get_service_model(self.boto3_service_name)
        protocol = self.determine_response_protocol(model)
        headers, body = unsupported.refusal(self.service_name, self._get_action(), protocol)
        return unsupported.STATUS, {"status": str(unsupported.STATUS), **headers}, body


@replaces(backends, "list_of_moto_modules", "all", "(each request)", "lists its folders for each request, a fifth of its time")
@lru_cache(maxsize=None)
def list_of_moto_modules(original: Callable) -> Tuple[str, ...]:
    return tuple(original())
