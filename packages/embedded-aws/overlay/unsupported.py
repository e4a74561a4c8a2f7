"""AWS calls that neither moto nor the overlay answers: refused at once, in one sentence."""

from __future__ import annotations

import json
from typing import Any, Callable, Dict, Iterable, List, Optional, Tuple
from xml.sax.saxutils import escape

import botocore.session
from botocore.exceptions import UnknownServiceError

from .calls import CREDENTIAL
from .operations import operation

CODE = "NotImplementedException"
# No SDK tries it again: after a 500 they do so for minutes.
STATUS = 501
# How the page begins that Flask answers where a service of moto has no such path.
NO_ROUTE = b"<!doctype html>"


def refusal(service: str, action: str) -> Tuple[Dict[str, str], str]:
    """Headers and body of the error, in the protocol of the service."""
    message = (
        f"{service} {action} can't run in this embedded AWS: "
        "add it to packages/embedded-aws/overlay/services, as the README.md there describes"
    )
    error = f"<Code>{CODE}</Code><Message>{escape(message)}</Message>"
    protocol = protocol_of(service)
    if service == "s3":
        text = f"<Error>{error}</Error>"
    elif protocol == "ec2":
        text = f"<Response><Errors><Error>{error}</Error></Errors></Response>"
    elif protocol in ("query", "rest-xml"):
        text = f"<ErrorResponse><Error><Type>Sender</Type>{error}</Error></ErrorResponse>"
    else:
        body = json.dumps({"__type": CODE, "message": message})
        return {"x-amzn-errortype": CODE, "Content-Type": "application/json"}, body
    return {"Content-Type": "text/xml"}, text


def protocol_of(service: str) -> Optional[str]:
    try:
        return botocore.session.get_session().get_service_model(service).protocol
    except UnknownServiceError:
        return None


def application(environ: dict, start_response: Callable) -> Iterable[bytes]:
    """Answers every call of a service that moto does not have."""
    match = CREDENTIAL.search(environ.get("HTTP_AUTHORIZATION", ""))
    service = match[3] if match else "an unsigned request,"
    target = environ.get("HTTP_X_AMZ_TARGET", "").rpartition(".")[2]
    method, path = environ["REQUEST_METHOD"], environ.get("PATH_INFO", "")
    action = operation(service, method, path, {}, target) or f"{method} {path}"
    headers, text = refusal(service, action)
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
