"""Calls with the credentials of a role, so that they can be evaluated with the role's policies."""

from __future__ import annotations

import os
import re
import threading
import time
from collections import deque
from itertools import count
from typing import Any, Deque, Dict, Iterator, List, Optional, Tuple

from moto.iam.models import iam_backends
from moto.sts.models import AssumedRole, sts_backends
from werkzeug.wrappers import Request

from .calls import CREDENTIAL
from .service_models import Checked

CALLS: Deque[Dict[str, Any]] = deque(maxlen=100_000)
NUMBERS = count(1)
LOCK = threading.Lock()

# Members that name the resource, are conditions or decide what else the caller must be allowed; nothing else is kept, for
# it may hold secrets.
NAMES = (
    *("Bucket", "Key", "VersionId", "Prefix", "Delimiter", "MaxKeys"),
    *("QueueUrl", "QueueName", "SecretId", "UserPoolId", "DistributionId", "logGroupName", "logStreamName"),
    *("RoleName", "PolicyArn", "PolicyName", "PermissionsBoundary", "OpenIDConnectProviderArn"),
    *("FunctionName", "Qualifier"),
    *("ResourceArn", "resourceArn", "ServiceNamespace", "PrivateDnsEnabled", "ManageMasterUserPassword"),
)
# Members with tags: `Tags`, `UserPoolTags`, `TagSpecifications`.
TAGS = re.compile(r"tag(s|specifications?)$", re.IGNORECASE)
# Headers of S3 for which another permission is needed.
HEADERS = ("x-amz-tagging", "x-amz-acl")
# The access control list that needs none.
PRIVATE = "private"
ROLE_ARN = re.compile(r"arn:aws[\w-]*:iam::\d{12}:role/[\w+=,.@/-]+")


def note(environ: dict, checked: Optional[Checked]) -> None:
    """Remembers a call, signed by its header or by its URL; `checked` is None where no model knows the operation."""
    request = Request(environ)
    found = signer(request)
    if found is None:
        return
    role, region, service, presigned = found
    parameters = {} if checked is None else checked.parameters
    entry = {
        "time": time.time(),
        "role": role.role_arn,
        "session": role.session_name,
        "region": region,
        "service": service,
        "operation": "" if checked is None else checked.operation.name,
        "presigned": presigned,
        "method": request.method,
        "path": request.path,
        "headers": [name for name in HEADERS if request.headers.get(name, PRIVATE) != PRIVATE],
        "names": {name: str(parameters[name]) for name in NAMES if isinstance(parameters.get(name), (str, int))},
        "keys": keys_in(parameters),
        "tagged": is_tagged(parameters),
        "passedRoles": [] if service in ("iam", "sts") else sorted(set(roles_in(parameters))),
        "boundary": boundary_of(parameters) if service == "iam" else "",
    }
    with LOCK:  # a poll between the number and the entry would never see the entry
        CALLS.append({"number": next(NUMBERS), **entry})


def signer(request: Request) -> Optional[Tuple[AssumedRole, str, str, bool]]:
    """The role whose credentials signed a request, the region and the service that it is for."""
    header = CREDENTIAL.search(request.headers.get("Authorization", ""))
    match = header or CREDENTIAL.search(f"Credential={request.args.get('X-Amz-Credential', '')}/")
    if match is None:
        return None
    key, region, service = match.groups()
    role = sts_backends[account()]["aws"].get_assumed_role_from_access_key(key)
    return None if role is None else (role, region, service, header is None)


def keys_in(parameters: Dict[str, Any]) -> List[Dict[str, str]]:
    """Keys of a request to delete many objects, and the versions that it names."""
    objects = (parameters.get("Delete") or {}).get("Objects", []) if isinstance(parameters.get("Delete"), dict) else []
    versions = [("key", "Key"), ("version", "VersionId")]
    return [{name: one[member] for name, member in versions if member in one} for one in objects]


def is_tagged(parameters: Dict[str, Any]) -> bool:
    """Whether a request has tags. `EnableECSManagedTags` and `propagateTags` are texts."""
    return any(TAGS.search(name) and isinstance(value, (list, dict)) and value for name, value in parameters.items())


def roles_in(value: Any) -> Iterator[str]:
    """ARNs of roles among the parameters: the service is passed them."""
    if isinstance(value, str) and ROLE_ARN.fullmatch(value):
        yield value
    elif isinstance(value, (dict, list)):
        for member in value.values() if isinstance(value, dict) else value:
            yield from roles_in(member)


def boundary_of(parameters: Dict[str, Any]) -> str:
    """ARN of the permissions boundary that the role has before the call; empty where there is none."""
    # A copy: another thread may create a role meanwhile.
    roles = list(iam_backends[account()]["aws"].roles.values())
    named = next((role for role in roles if role.name == parameters.get("RoleName")), None)
    return (named.permissions_boundary_arn if named is not None else None) or ""


def account() -> str:
    return os.environ.get("MOTO_ACCOUNT_ID", "123456789012")


def after(number: int) -> List[Dict[str, Any]]:
    """The calls since one that was seen."""
    return [one for one in list(CALLS) if one["number"] > number]
