"""Lambda: configuration that moto forgets, code that can be downloaded, and permissions that are there once."""

from __future__ import annotations

import threading
from typing import Any, Callable, Dict, Optional, Tuple
from urllib.parse import unquote

from moto.awslambda.exceptions import LambdaClientError
from moto.awslambda.models import LambdaBackend, LambdaFunction, lambda_backends

from .. import location, routes
from ..registry import replaces

KEPT = {"DeadLetterConfig": "dead_letter_config", "LoggingConfig": "logging_config"}


@replaces(LambdaFunction, "__init__", "lambda", "CreateFunction", "forgets DeadLetterConfig and LoggingConfig")
def create(original: Callable, self: LambdaFunction, account_id: str, spec: Dict[str, Any], *more: Any, **named: Any) -> None:
    original(self, account_id, spec, *more, **named)
    for name, attribute in KEPT.items():
        setattr(self, attribute, spec.get(name))


@replaces(LambdaFunction, "update_configuration", "lambda", "UpdateFunctionConfiguration", "forgets DeadLetterConfig and LoggingConfig")
def update(original: Callable, self: LambdaFunction, updates: Dict[str, Any]) -> Any:
    for name, attribute in KEPT.items():
        if name in updates:
            setattr(self, attribute, updates[name])
    return original(self, updates)


@replaces(LambdaFunction, "get_configuration", "lambda", "GetFunctionConfiguration", "does not tell DeadLetterConfig and LoggingConfig")
def configuration(original: Callable, self: LambdaFunction, on_create: bool = False) -> Dict[str, Any]:
    result = original(self, on_create)
    if (self.dead_letter_config or {}).get("TargetArn"):
        result["DeadLetterConfig"] = self.dead_letter_config
    logging = {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{self.function_name}"}
    result["LoggingConfig"] = {**logging, **(self.logging_config or {})}
    return result


@replaces(LambdaFunction, "get_code", "lambda", "GetFunction", "tells a location from which the code can't be downloaded")
def code(original: Callable, self: LambdaFunction) -> Dict[str, Any]:
    result = original(self)
    if "ZipFile" in self.code or "S3Key" in self.code:
        path = f"lambda/{self.account_id}/{self.region}/{self.function_name}/{self.version}"
        link = f"{location.base_url}/moto-api/overlay/{path}"
        result["Code"] = {"RepositoryType": "S3", "Location": link}
    return result


PERMISSIONS = threading.Lock()


class ResourceConflict(LambdaClientError):
    code = 409

    def __init__(self, message: str) -> None:
        super().__init__("ResourceConflictException", message)


@replaces(LambdaBackend, "add_permission", "lambda", "AddPermission", "adds a statement that is there once more, and RemovePermission removes one of them")
def add_permission(original: Callable, self: LambdaBackend, function_name: str, qualifier: Optional[str], raw: str) -> Any:
    """AWS refuses a second one. The very same one is taken for a request whose answer was lost: the provider would wait
    five minutes for a refused one to be allowed."""
    with PERMISSIONS:
        statements = self.get_function(function_name, qualifier).policy.statements
        known = list(statements)
        added = original(self, function_name, qualifier, raw)
        there = [one for one in known if (one["Sid"], one["Resource"]) == (added["Sid"], added["Resource"])]
        if there:
            statements[:] = [one for one in statements if one is not added]
    if any(one != added for one in there):
        raise ResourceConflict(f"The statement id ({added['Sid']}) provided already exists.")
    return added


@routes.path(r"/moto-api/overlay/lambda/.+")
def download(environ: dict, _body: bytes) -> Tuple[int, object, None]:
    """The zip that was uploaded, byte for byte."""
    account, region, name, version = unquote(environ["PATH_INFO"]).split("/")[4:8]
    function = lambda_backends[account][region].get_function(name, version)
    return 200, function.code_bytes, None
