"""All services: unimplemented actions fail immediately."""

from __future__ import annotations

import json
from typing import Any, Callable

from moto.core.responses import BaseResponse

from ..registry import replaces


@replaces(BaseResponse, "call_action", "all", "(unimplemented actions)", "answers 500, which AWS SDKs retry for minutes")
def call_action(original: Callable, self: BaseResponse) -> Any:
    try:
        return original(self)
    except NotImplementedError as error:
        headers = {
            "status": "501",
            "x-amzn-errortype": "NotImplementedException",
            "Content-Type": "application/json",
        }
        return 501, headers, json.dumps({"__type": "NotImplementedException", "message": str(error)})
