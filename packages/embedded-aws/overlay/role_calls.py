"""Calls with a role's credentials, recorded for the evaluation of the role's policies."""

from __future__ import annotations

import json
import os
import re
import time
from collections import deque
from itertools import count
from typing import Any, Callable, Deque, Dict, List, Optional, Tuple
from urllib.parse import parse_qsl

from moto.sts.models import AssumedRole, sts_backends

from .calls import CREDENTIAL
from .operations import operation

CALLS: Deque[Dict[str, Any]] = deque(maxlen=100_000)
NUMBERS = count(1)

# Fields of a body that identify the resource; nothing else is kept, because it may be secret.
NAMES = ("Action", "QueueUrl", "QueueName", "SecretId", "logGroupName", "logStreamName")
# S3 headers that need an additional permission.
HEADERS = ("x-amz-copy-source", "x-amz-tagging", "x-amz-acl")
OBJECT = re.compile(r"<Object>(.*?)</Object>", re.S)


def note(environ: dict, read_body: Callable[[dict], bytes]) -> None:
    """Records a call, signed in its header or URL."""
    query = dict(parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True))
    found = signer(environ, query)
    if found is None:
        return
    role, region, service, presigned = found
    kept = {name: value for name, value in query.items() if not name.lower().startswith("x-amz-")}
    deletes = service == "s3" and environ["REQUEST_METHOD"] == "POST" and "delete" in query
    body = read_body(environ) if deletes or service != "s3" else b""
    CALLS.append(
        {
            "number": next(NUMBERS),
            "time": time.time(),
            "role": role.role_arn,
            "session": role.session_name,
            "region": region,
            "service": service,
            "presigned": presigned,
            "method": environ["REQUEST_METHOD"],
            "path": environ.get("PATH_INFO", "").encode("latin-1").decode("utf-8", "replace"),
            "query": kept,
            "target": environ.get("HTTP_X_AMZ_TARGET", "").rpartition(".")[2],
            "headers": [name for name in HEADERS if f"HTTP_{name.upper().replace('-', '_')}" in environ],
            "names": {} if deletes else names_in(body),
            "keys": keys_in(body) if deletes else [],
        }
    )


def signer(environ: dict, query: Dict[str, str]) -> Optional[Tuple[AssumedRole, str, str, bool]]:
    """Role, region and service of a request's signature."""
    header = CREDENTIAL.search(environ.get("HTTP_AUTHORIZATION", ""))
    match = header or CREDENTIAL.search(f"Credential={query.get('X-Amz-Credential', '')}/")
    if match is None:
        return None
    key, region, service = match.groups()
    account = os.environ.get("MOTO_ACCOUNT_ID", "123456789012")
    role = sts_backends[account]["aws"].get_assumed_role_from_access_key(key)
    return None if role is None else (role, region, service, header is None)


def names_in(body: bytes) -> Dict[str, str]:
    try:
        said = json.loads(body) if body.startswith(b"{") else dict(parse_qsl(body.decode()))
    except ValueError:
        return {}
    return {name: said[name] for name in NAMES if isinstance(said.get(name), str)}


def keys_in(body: bytes) -> List[Dict[str, str]]:
    """Keys and versions of a multi-object delete request."""
    parts = {"key": re.compile("<Key>(.*?)</Key>", re.S), "version": re.compile("<VersionId>(.*?)</VersionId>", re.S)}
    objects = OBJECT.findall(body.decode("utf-8", "replace"))
    return [{name: found[1] for name, part in parts.items() if (found := part.search(one))} for one in objects]


def after(number: int) -> List[Dict[str, Any]]:
    """Calls after a number, with their operations if known."""
    return [{**one, "operation": operation_of(one)} for one in list(CALLS) if one["number"] > number]


def operation_of(call: Dict[str, Any]) -> str:
    return operation(call["service"], call["method"], call["path"], call["names"], call["target"]) or ""
