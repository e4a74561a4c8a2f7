"""Lambda: configuration that moto drops, code download, unique permissions, and events."""

from __future__ import annotations

import os
import threading
from typing import Any, Callable, Dict, Optional, Tuple
from urllib.parse import parse_qs, unquote

from moto.awslambda.exceptions import InvalidParameterValueException, LambdaClientError
from moto.awslambda.models import LambdaBackend, LambdaFunction, lambda_backends

from .. import lambda_events, location, routes
from ..registry import replaces

KEPT = {"DeadLetterConfig": "dead_letter_config", "LoggingConfig": "logging_config"}


@replaces(LambdaFunction, "__init__", "lambda", "CreateFunction", "drops DeadLetterConfig and LoggingConfig")
def create(original: Callable, self: LambdaFunction, account_id: str, spec: Dict[str, Any], *more: Any, **named: Any) -> None:
    original(self, account_id, spec, *more, **named)
    for name, attribute in KEPT.items():
        setattr(self, attribute, spec.get(name))


@replaces(LambdaBackend, "create_function", "lambda", "CreateFunction", "accepts functions that can't run here")
def create_function(original: Callable, self: LambdaBackend, spec: Dict[str, Any]) -> LambdaFunction:
    """Only zips with Node.js can run here."""
    lacks = [
        *(["no images"] if spec.get("PackageType") == "Image" else []),
        *(["no layers"] if spec.get("Layers") else []),
        *([] if str(spec.get("Runtime", "nodejs")).startswith("nodejs") else [f"no {spec['Runtime']}"]),
    ]
    if lacks:
        name = spec["FunctionName"]
        raise InvalidParameterValueException(f"the function {name} can't run in this embedded AWS: it only runs zips with Node.js, {' and '.join(lacks)}")
    return original(self, spec)


@replaces(LambdaFunction, "update_configuration", "lambda", "UpdateFunctionConfiguration", "drops DeadLetterConfig and LoggingConfig")
def update(original: Callable, self: LambdaFunction, updates: Dict[str, Any]) -> Any:
    for name, attribute in KEPT.items():
        if name in updates:
            setattr(self, attribute, updates[name])
    return original(self, updates)


@replaces(LambdaFunction, "get_configuration", "lambda", "GetFunctionConfiguration", "does not return DeadLetterConfig and LoggingConfig")
def configuration(original: Callable, self: LambdaFunction, on_create: bool = False) -> Dict[str, Any]:
    result = original(self, on_create)
    if (self.dead_letter_config or {}).get("TargetArn"):
        result["DeadLetterConfig"] = self.dead_letter_config
    logging = {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{self.function_name}"}
    result["LoggingConfig"] = {**logging, **(self.logging_config or {})}
    return result


@replaces(LambdaFunction, "get_code", "lambda", "GetFunction", "returns a location from which the code can't be downloaded")
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


@replaces(LambdaBackend, "add_permission", "lambda", "AddPermission", "adds a duplicate statement, of which RemovePermission removes one")
def add_permission(original: Callable, self: LambdaBackend, function_name: str, qualifier: Optional[str], raw: str) -> Any:
    """AWS rejects a second one. An identical one is treated as a retry after a lost response: the provider would wait
    five minutes after a rejection."""
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
    """The uploaded zip, unchanged."""
    account, region, name, version = unquote(environ["PATH_INFO"]).split("/")[4:8]
    function = lambda_backends[account][region].get_function(name, version)
    return 200, function.code_bytes, None


@replaces(LambdaBackend, "put_function_event_invoke_config", "lambda", "PutFunctionEventInvokeConfig", "accepts destinations to which nothing is sent, and keeps replaced configurations")
def put_event_invoke_config(original: Callable, self: LambdaBackend, function_name: str, config: Dict[str, Any]) -> Dict[str, Any]:
    for name, destination in (config.get("DestinationConfig") or {}).items():
        if (destination or {}).get("Destination"):
            raise InvalidParameterValueException(
                f"{name} of the function {function_name} can't run in this embedded AWS: it does not support destinations such as {destination['Destination']}"
            )
    self.get_function(function_name).event_invoke_config.clear()
    return original(self, function_name, config)


@routes.path(r"/moto-api/overlay/lambda-events")
def waiting_events(environ: dict, _body: bytes) -> Tuple[int, object, None]:
    """Waiting events after `?after=`; waits up to `&wait=` seconds for the first."""
    query = parse_qs(environ.get("QUERY_STRING", ""))
    after, wait = (float(query.get(name, ["0"])[0]) for name in ("after", "wait"))
    return 200, lambda_events.after(own_account(), int(after), wait), None


@routes.path(r"/moto-api/overlay/lambda-events/\d+")
def handled_event(environ: dict, _body: bytes) -> Tuple[int, object, None]:
    """Deletes a handled or failed event."""
    known = environ["REQUEST_METHOD"] == "DELETE" and lambda_events.remove(own_account(), environ["PATH_INFO"].split("/")[-1])
    return (200 if known else 404), {}, None


def own_account() -> str:
    return os.environ.get("MOTO_ACCOUNT_ID", "123456789012")
