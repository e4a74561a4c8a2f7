"""Refuses AWS calls that neither moto nor the overlay implements, at once and in one sentence."""

from __future__ import annotations

import json
from typing import Any, Callable, Dict, Iterable, List, Optional, Tuple

from moto.core.exceptions import ServiceException

from .calls import CREDENTIAL, action_of
from .service_models import Checked, error_reply, model_of

CODE = "NotImplementedException"
# SDKs do not retry 501; they retry 500 for minutes.
STATUS = 501
# Start of the page with which Flask answers unknown paths of a service of moto.
NO_ROUTE = b"<!doctype html>"
# Key of the WSGI environment under which the server stores the validated request.
REQUEST = "overlay.request"


class NotImplementedException(ServiceException):
    """Defined here because moto derives the service from an exception's module."""

    code = CODE


def refusal(service: str, action: str, protocol: Optional[str] = None) -> Tuple[Dict[str, str], str]:
    """Headers and body of the error; JSON if the service's protocol is unknown."""
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
    """Answers every call of a service that moto lacks."""
    match = CREDENTIAL.search(environ.get("HTTP_AUTHORIZATION", ""))
    service = match[3] if match else "an unsigned request,"
    request: Optional[Checked] = environ.get(REQUEST)
    action = action_of(environ) if request is None else request.operation.name
    headers, text = refusal(service, action, None if request is None else request.protocol)
    content = text.encode()
    start_response(f"{STATUS} Not Implemented", [*headers.items(), ("Content-Length", str(len(content)))])
    return [content]


def routed(moto: Callable, environ: dict, start_response: Callable) -> Iterable[bytes]:
    """moto's answer, or the refusal if its service lacks the path."""
    started: List[Tuple[str, list]] = []

    def note(status: str, headers: list, _error: Any = None) -> Callable:
        started.append((status, headers))
        return lambda _: None

    parts = moto(environ, note)
    status, headers = started[-1]
    if status.startswith("404") and CREDENTIAL.search(environ.get("HTTP_AUTHORIZATION", "")):
        content = b"".join(parts)
        getattr(parts, "close", lambda: None)()
        if content.startswith(NO_ROUTE):
            return application(environ, start_response)
        parts = [content]
    start_response(status, headers)
    return parts
