"""Lambda: configuration that moto forgets, and code that can be downloaded."""

from __future__ import annotations

from typing import Any, Callable, Dict, Tuple
from urllib.parse import unquote

from moto.awslambda.models import LambdaFunction, lambda_backends

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


@routes.path(r"/moto-api/overlay/lambda/.+")
def download(environ: dict, _body: bytes) -> Tuple[int, object, None]:
    """The zip that was uploaded, byte for byte."""
    account, region, name, version = unquote(environ["PATH_INFO"]).split("/")[4:8]
    function = lambda_backends[account][region].get_function(name, version)
    return 200, function.code_bytes, None
