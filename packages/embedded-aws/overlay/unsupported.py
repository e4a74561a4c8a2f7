"""AWS calls that neither moto nor the overlay answers: refused at once, in one sentence."""

from __future__ import annotations

import json
from typing import Any, Callable, Dict, Iterable, List, Optional, Tuple

from moto.core.exceptions import ServiceException

from .calls import CREDENTIAL, action_of
from .service_models import Checked, error_reply, model_of

CODE = "NotImplementedException"
# No SDK tries it again: after a 500 they do so for minutes.
STATUS = 501
# How the page begins that Flask answers where a service of moto has no such path.
NO_ROUTE = b"<!doctype html>"
# Where the server notes in the environment what the models say of the request.
REQUEST = "overlay.request"


class NotImplementedException(ServiceException):
    """Of this module: moto looks for the model of the service that an exception's module is of."""

    code = CODE


def refusal(service: str, action: str, protocol: Optional[str] = None) -> Tuple[Dict[str, str], str]:
    """Headers and body of the error; in JSON where no model says which protocol the service has."""
    message = (
        f"{service} {action} can't run in this embedded AWS: "
        "add it to packages/embedded-aws/overlay, as its README.md describes"
    )
    model = model_of(service)
    if model is None or protocol is None:
        body = json.dumps({"__type": CODE, "message": message})
        return {"x-amzn-errortype": CODE, "Content-Type": "application/json"}, body
    text, headers = error_reply(model, protocol, NotImplementedException(message))
    return dict(headers), text


def application(environ: dict, start_response: Callable) -> Iterable[bytes]:
    """Answers every call of a service that moto does not have."""
    match = CREDENTIAL.search(environ.get("HTTP_AUTHORIZATION", ""))
    service = match[3] if match else "an unsigned request,"
    request: Optional[Checked] = environ.get(REQUEST)
    action = action_of(environ) if request is None else request.operation.name
    headers, text = refusal(service, action, None if request is None else request.protocol)
    content = text.encode()
    start_response(f"{STATUS} Not Implemented", [*headers.items(), ("Content-Length", str(len(content)))])
    return [content]


def routed(moto: Callable, environ: dict, start_response: Callable) -> Iterable[bytes]:
    """What moto answers, or the refusal where it has the service and not the path."""
    told: List[Tuple[str, list]] = []

    def note(status: str, headers: list, _error: Any = None) -> Callable:
        told.append((status, headers))
        return lambda _: None

    parts = moto(environ, note)
    status, headers = told[-1]
    if status.startswith("404") and CREDENTIAL.search(environ.get("HTTP_AUTHORIZATION", "")):
        content = b"".join(parts)
        getattr(parts, "close", lambda: None)()
        if content.startswith(NO_ROUTE):
            return application(environ, start_response)
        parts = [content]
    start_response(status, headers)
    return parts
