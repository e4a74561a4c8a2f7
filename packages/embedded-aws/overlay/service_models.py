"""Validates requests against AWS's own service models (botocore's), as AWS does before it looks at any resource.

It checks required members, types, enumerations, lengths, ranges and patterns, of which moto checks few. A request that
violates its model gets 400 `ValidationException` in the protocol of its service.
"""

from __future__ import annotations

import gzip
import json
from functools import lru_cache
from typing import Any, Callable, Dict, List, NamedTuple, Optional, Tuple
from urllib.parse import parse_qsl

import regex
from botocore.exceptions import UnknownServiceError
from botocore.model import Shape
from botocore.validate import ParamValidator, ValidationErrors
from moto.core.exceptions import ServiceException
from moto.core.model import OperationModel, ServiceModel
from moto.core.parse import (
    EC2QueryParser,
    JSONParser,
    QueryParser,
    RequestParser,
    RestJSONParser,
    RestXMLParser,
)
from moto.core.serialize import get_serializer_class
from moto.core.utils import get_service_model
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Request

from .calls import CREDENTIAL
from .operations import find

# botocore's service names by the names in signatures, where they differ.
SERVICES = {
    "elasticloadbalancing": "elbv2",
    "monitoring": "cloudwatch",
    "tagging": "resourcegroupstaggingapi",
}
S3_CONTROL_PATH = "/v20180820/"
# Longest part of a value that a message quotes, in characters.
MAX_QUOTED_LENGTH = 120


class Violation(NamedTuple):
    """A member that violates the model, such as `MemorySize` of `lambda.CreateFunction`."""

    member: str
    constraint: str


class ValidationException(ServiceException):
    """Defined here because moto derives the service from an exception's module."""

    code = "ValidationException"


class Checked(NamedTuple):
    """A request of an operation in the models."""

    operation: OperationModel
    protocol: str
    # Members of the input, without a body of raw bytes.
    parameters: Dict[str, Any]
    violations: List[Violation]

    @property
    def name(self) -> str:
        return f"{self.operation.service_model.service_name}.{self.operation.name}"

    @property
    def message(self) -> str:
        """AWS's message: `1 validation error detected: Value '0' at 'MemorySize' failed to satisfy ...`."""
        count = len(self.violations)
        errors = "1 validation error" if count == 1 else f"{count} validation errors"
        listed = "; ".join(violation.constraint for violation in self.violations)
        return f"{errors} detected: {listed}"

    def error(self, error: ServiceException) -> Tuple[int, bytes, List[Tuple[str, str]]]:
        """Status, body and headers of an error in the service's protocol."""
        body, headers = error_reply(self.operation.service_model, self.protocol, error)
        return 400, body.encode(), headers


def error_reply(
    model: ServiceModel, protocol: str, error: ServiceException
) -> Tuple[str, List[Tuple[str, str]]]:
    """Body and headers of an error, in a protocol of the service."""
    serializer = get_serializer_class(model.service_name, protocol)
    reply = serializer(operation_model=OperationModel({}, model)).serialize(error)
    return reply["body"], [(name, str(value)) for name, value in reply["headers"].items()]


def check(environ: dict, read_body: Callable[[dict], bytes]) -> Optional[Checked]:
    """Validates a request; None if it is unsigned or its operation is in no model."""
    request = Request(environ)
    match = CREDENTIAL.search(request.headers.get("Authorization", ""))
    # A presigned URL names its credential in the query.
    match = match or CREDENTIAL.search(f"Credential={request.args.get('X-Amz-Credential', '')}/")
    if match is None:
        return None
    model = model_of(match.group(3), request.path)
    protocol = None if model is None else protocol_of(model, request.headers.get("Content-Type", ""))
    if model is None or protocol is None:
        return None
    return checked(model, protocol, request, lambda: body_of(environ, read_body))


def checked(
    model: ServiceModel, protocol: str, request: Request, read: Callable[[], bytes]
) -> Optional[Checked]:
    """Finds the operation of a request, and validates its input."""
    body = b"" if protocol.startswith("rest") else read()
    values = request.args
    if protocol in ("query", "ec2"):
        values = MultiDict([*request.args.items(multi=True), *form_of(body)])
    name, path_parameters = find(model, request, values)
    if name is None or name not in model.operation_names:
        return None
    operation = model.operation_model(name)
    if operation.input_shape is None:
        return Checked(operation, protocol, {}, [])
    if protocol.startswith("rest") and not streams(operation):
        body = read()
    parser = PARSERS[protocol](operation)
    try:
        parameters = parser.parse(
            {
                "body": body,
                "headers": request.headers,
                "method": request.method,
                "url_params": path_parameters,
                "url_path": request.path,
                "values": values,
            }
        )
    except Exception as error:  # parsers raise what their libraries do
        violation = Violation("", f"The request can't be parsed: {error}")
        return Checked(operation, protocol, {}, [violation])
    if streams(operation) and request.content_length:
        parameters[operation.input_shape.serialization["payload"]] = b""
    return Checked(operation, protocol, parameters, violations_of(parameters, operation.input_shape))


def violations_of(parameters: Dict[str, Any], shape: Shape) -> List[Violation]:
    found = Violations()
    ModelValidator()._validate(parameters, shape, found, "")
    return found.found


@lru_cache(maxsize=None)
def model_of(signed_for: str, path: str = "") -> Optional[ServiceModel]:
    if signed_for == "s3":
        return get_service_model("s3control" if path.startswith(S3_CONTROL_PATH) else "s3")
    try:
        return get_service_model(SERVICES.get(signed_for, signed_for))
    except UnknownServiceError:
        return None


def protocol_of(model: ServiceModel, content_type: str) -> Optional[str]:
    """Protocol of a request; None if it has no parser here (CBOR)."""
    spoken = model.metadata.get("protocols") or [model.metadata["protocol"]]
    if content_type.startswith("application/cbor"):
        return None
    if content_type.startswith("application/x-www-form-urlencoded"):
        preferred = ("ec2", "query")
    elif "json" in content_type:
        preferred = ("json", "rest-json")
    else:
        preferred = ("rest-xml", "rest-json")
    known = [protocol for protocol in spoken if protocol in PARSERS]
    return next((protocol for protocol in known if protocol in preferred), next(iter(known), None))


def streams(operation: OperationModel) -> bool:
    """Whether the body is raw bytes, such as an S3 object; it is not read."""
    payload = operation.input_shape.serialization.get("payload")
    return payload is not None and operation.input_shape.members[payload].type_name == "blob"


def body_of(environ: dict, read_body: Callable[[dict], bytes]) -> bytes:
    body = read_body(environ)
    return gzip.decompress(body) if environ.get("HTTP_CONTENT_ENCODING") == "gzip" else body


def form_of(body: bytes) -> List[Tuple[str, str]]:
    return parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)


class Unconverted(RequestParser):
    """Keeps invalid numbers and booleans as text, so that the validation reports their member."""

    def _parse_non_payload_attrs(self, request: dict, shape: Shape, members: Dict[str, Shape], parsed: dict) -> None:
        super()._parse_non_payload_attrs(request, shape, members, parsed)
        for name, member in members.items():
            # moto parses a missing list as an empty one.
            if member.serialization.get("location") == "querystring" and parsed.get(name) == []:
                del parsed[name]

    def _converted(self, convert: Callable, shape: Shape, *where: Any) -> Any:
        try:
            return convert(shape, *where)
        except (ValueError, TypeError):
            raw = self._default_handle(shape, *where)
            return raw.text if hasattr(raw, "text") else raw

    def _parse_integer(self, shape: Shape, *where: Any) -> Any:
        return self._converted(super()._parse_integer, shape, *where)

    def _parse_float(self, shape: Shape, *where: Any) -> Any:
        return self._converted(super()._parse_float, shape, *where)

    def _parse_boolean(self, shape: Shape, *where: Any) -> Any:
        raw = self._default_handle(shape, *where)
        text = raw.text if hasattr(raw, "text") else raw
        if isinstance(text, str) and text.lower() not in ("true", "false"):
            return text
        return super()._parse_boolean(shape, *where)

    _parse_long = _parse_integer
    _parse_double = _parse_float


class Query(Unconverted, QueryParser):
    pass


class Ec2Query(Unconverted, EC2QueryParser):
    pass


class RestXml(Unconverted, RestXMLParser):
    def _parse_payload(self, request: dict, shape: Shape, members: Dict[str, Shape], parsed: dict) -> None:
        if not streams(self.operation_model):
            super()._parse_payload(request, shape, members, parsed)


class Json(JSONParser):
    """Keeps JSON values as they are, so that a string for a number is a violation."""

    def _parse_json(self, shape: Shape, value: Any) -> Any:
        return value

    _parse_byte = _parse_short = _parse_integer = _parse_long = _parse_float = _parse_double = _parse_json

    def _parse_structure(self, shape: Shape, value: Any) -> Any:
        return super()._parse_structure(shape, value) if isinstance(value, dict) else value

    def _parse_list(self, shape: Shape, value: Any) -> Any:
        return super()._parse_list(shape, value) if isinstance(value, list) else value

    def _parse_map(self, shape: Shape, value: Any) -> Any:
        return super()._parse_map(shape, value) if isinstance(value, dict) else value


class RestJson(Unconverted, RestJSONParser):
    def _parse_payload(self, request: dict, shape: Shape, members: Dict[str, Shape], parsed: dict) -> None:
        if streams(self.operation_model) or not request["body"]:
            return
        payload = shape.serialization.get("payload")
        if payload is not None and members[payload].type_name == "string":
            parsed[payload] = request["body"].decode()
            return
        body = json.loads(request["body"])
        parser = Json(self.operation_model)
        if payload is not None:
            parsed[payload] = parser._parse_shape(members[payload], body)
            return
        in_body = {name for name, member in members.items() if "location" not in member.serialization}
        members_of_body = parser._parse_shape(shape, body)
        parsed.update({name: value for name, value in members_of_body.items() if name in in_body})


PARSERS = {"ec2": Ec2Query, "json": Json, "query": Query, "rest-json": RestJson, "rest-xml": RestXml}


class Violations(ValidationErrors):
    """Collects the violations that botocore's validator reports, with AWS's texts."""

    def __init__(self) -> None:
        super().__init__()
        self.found: List[Violation] = []

    def report(self, name: str, reason: str, **details: Any) -> None:
        if reason == "missing required field":
            self.add(f"{name}.{details['required_name']}", None, "Member must not be null")
        else:
            self.add(name, details.get("param"), self.rule(reason, details))

    def add(self, name: str, value: Any, rule: str) -> None:
        member = name.lstrip(".")
        quoted = "null" if value is None else f"'{str(value)[:MAX_QUOTED_LENGTH]}'"
        text = f"Value {quoted} at '{member}' failed to satisfy constraint: {rule}"
        self.found.append(Violation(member, text))

    @staticmethod
    def rule(reason: str, details: Dict[str, Any]) -> str:
        if reason == "invalid range":
            return f"Member must have value greater than or equal to {details['min_allowed']}"
        if reason == "invalid length":
            return f"Member must have length greater than or equal to {details['min_allowed']}"
        if reason == "invalid type":
            return f"Member must be of type {' or '.join(details['valid_types'])}"
        return reason


class ModelValidator(ParamValidator):
    """botocore's validator of types, required members and minima, extended by maxima, enumerations and patterns."""

    def _shape_has_constraints(self, shape: Shape) -> bool:
        """Makes botocore validate all lists: without constraints it checks only types, and accepts booleans as numbers."""
        return True

    def _validate_string(self, param: Any, shape: Shape, errors: Violations, name: str) -> None:
        super()._validate_string(param, shape, errors, name)
        if not isinstance(param, str):
            return
        limit_length(param, shape, errors, name)
        allowed = shape.metadata.get("enum")
        if allowed and param not in allowed:
            errors.add(name, param, f"Member must satisfy enum value set: [{', '.join(allowed)}]")
        pattern = shape.metadata.get("pattern")
        if pattern and not matches(pattern, param):
            errors.add(name, param, f"Member must satisfy regular expression pattern: {pattern}")

    def _validate_list(self, param: Any, shape: Shape, errors: Violations, name: str) -> None:
        super()._validate_list(param, shape, errors, name)
        if isinstance(param, list):
            limit_length(param, shape, errors, name)

    def _validate_map(self, param: Any, shape: Shape, errors: Violations, name: str) -> None:
        super()._validate_map(param, shape, errors, name)
        if isinstance(param, dict):
            limit_length(param, shape, errors, name)
            if len(param) < shape.metadata.get("min", 0):
                errors.report(name, "invalid length", param=param, min_allowed=shape.metadata["min"])

    def _validate_integer(self, param: Any, shape: Shape, errors: Violations, name: str) -> None:
        if is_number(param, shape, errors, name):
            super()._validate_integer(param, shape, errors, name)
            limit_value(param, shape, errors, name)

    def _validate_double(self, param: Any, shape: Shape, errors: Violations, name: str) -> None:
        if is_number(param, shape, errors, name):
            super()._validate_double(param, shape, errors, name)
            limit_value(param, shape, errors, name)

    _validate_long = _validate_integer
    _validate_float = _validate_double


def is_number(value: Any, shape: Shape, errors: Violations, name: str) -> bool:
    """Whether a value is a number; reports booleans, which Python treats as numbers."""
    if isinstance(value, bool):
        errors.report(name, "invalid type", param=value, valid_types=[shape.type_name])
    return not isinstance(value, bool)


def limit_length(value: Any, shape: Shape, errors: Violations, name: str) -> None:
    longest = shape.metadata.get("max")
    if longest is not None and len(value) > longest:
        errors.add(name, value, f"Member must have length less than or equal to {longest}")


def limit_value(value: Any, shape: Shape, errors: Violations, name: str) -> None:
    largest = shape.metadata.get("max")
    if largest is not None and isinstance(value, (int, float)) and value > largest:
        errors.add(name, value, f"Member must have value less than or equal to {largest}")


@lru_cache(maxsize=None)
def compiled(pattern: str) -> "regex.Pattern[str]":
    """The models have Java patterns: Python's `re` lacks `\\p{L}`, and Java writes U+10000 as two surrogates."""
    return regex.compile(pattern.replace(r"\uD800\uDC00-\uDBFF\uDFFF", r"\U00010000-\U0010FFFF"))


def matches(pattern: str, text: str) -> bool:
    """Whether a text matches. Without an anchor the whole text must: most patterns were written for Java's `matches`."""
    if pattern.startswith("^") or pattern.endswith("$"):
        return compiled(pattern).search(text) is not None
    return compiled(pattern).fullmatch(text) is not None
