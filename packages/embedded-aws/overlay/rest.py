"""Requests and responses of REST services with JSON."""

from __future__ import annotations

import json
import os
import random
import string
from dataclasses import dataclass
from typing import Any, Dict, List, Tuple
from urllib.parse import unquote

from .calls import CREDENTIAL
from .store import things

Reply = Tuple[int, object, list]


@dataclass
class Request:
    """A request to a service."""

    method: str
    # Segments of the path, decoded: an ARN in one of them stays whole.
    path: List[str]
    body: Dict[str, Any]
    account: str
    region: str
    service: str

    def things(self) -> Dict[str, Any]:
        return things(self.account, self.region, self.service)

    def arn(self, resource: str) -> str:
        return f"arn:aws:{self.service}:{self.region}:{self.account}:{resource}"


def read(environ: dict, body: bytes) -> Request:
    match = CREDENTIAL.search(environ.get("HTTP_AUTHORIZATION", ""))
    region, service = (match.group(2), match.group(3)) if match else ("us-east-1", "")
    raw = environ.get("REQUEST_URI") or environ["PATH_INFO"]
    path = [unquote(segment) for segment in raw.split("?")[0].split("/") if segment]
    account = os.environ.get("MOTO_ACCOUNT_ID", "123456789012")
    return Request(environ["REQUEST_METHOD"], path, json.loads(body or b"{}"), account, region, service)


def reply(body: object, status: int = 200) -> Reply:
    return status, body, []


def error(status: int, code: str, message: str) -> Reply:
    headers = [("x-amzn-errortype", code)]
    return status, {"__type": code, "message": message, "Message": message}, headers


def missing(request: Request, names: List[str]) -> List[str]:
    """Missing required parameters of a request."""
    return [name for name in names if request.body.get(name) in (None, "")]


def identifier(length: int, letters: str = string.ascii_lowercase + string.digits) -> str:
    return "".join(random.choice(letters) for _ in range(length))
