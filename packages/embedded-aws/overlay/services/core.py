"""All services: unimplemented actions fail immediately."""

from __future__ import annotations

from typing import Any, Callable

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
