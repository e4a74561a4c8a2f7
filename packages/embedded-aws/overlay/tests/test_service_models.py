"""Requests with one planted fault each, made from the models of the services that the product uses."""

from __future__ import annotations

import datetime
import http.client
import io
import itertools
import json
import unittest
import urllib.error
import urllib.request
from typing import Any, Dict, Iterator, List, NamedTuple, Tuple
from urllib.parse import urlencode

from botocore.exceptions import ClientError
from botocore.model import OperationModel, Shape
from botocore.serialize import create_serializer
from moto.core.utils import get_service_model

from overlay.service_models import PARSERS, check, matches, protocol_of

from .test_overlay import WithServer

# Names that requests are signed for, with the names of the models.
SERVICES = {
    "acm": "acm",
    "amplify": "amplify",
    "apigateway": "apigateway",
    "application-autoscaling": "application-autoscaling",
    "backup": "backup",
    "budgets": "budgets",
    "cloudfront": "cloudfront",
    "cognito-idp": "cognito-idp",
    "dynamodb": "dynamodb",
    "ec2": "ec2",
    "ecr": "ecr",
    "ecs": "ecs",
    "elasticache": "elasticache",
    "elasticloadbalancing": "elbv2",
    "events": "events",
    "grafana": "grafana",
    "iam": "iam",
    "kms": "kms",
    "lambda": "lambda",
    "logs": "logs",
    "monitoring": "cloudwatch",
    "rds": "rds",
    "route53": "route53",
    "s3": "s3",
    "scheduler": "scheduler",
    "secretsmanager": "secretsmanager",
    "sns": "sns",
    "sqs": "sqs",
    "ssm": "ssm",
    "sts": "sts",
    "tagging": "resourcegroupstaggingapi",
    "wafv2": "wafv2",
    "xray": "xray",
}
# Members of members that faults are planted in.
MAX_DEPTH = 4
# Faults that are planted in members of one operation, and as many in elements of its lists and maps: of EC2's hundreds of
# members as many as of a small operation's.
MAX_FAULTS_PER_OPERATION = 25
# Every so many faults, one is sent over HTTP.
SENT_INTERVAL = 50

# Has the address of ListBuckets, at another host.
EXCLUDED = ["ListDirectoryBuckets"]


class Fault(NamedTuple):
    """A request's parameters with one member that the model does not allow."""

    kind: str
    member: str
    # Of the operation, or of that part of it that the fault is in.
    parameters: Any


def sample(shape: Shape, depth: int = 0) -> Any:
    """The smallest value of a shape, without regard to patterns."""
    kind = shape.type_name
    if depth > 2 * MAX_DEPTH:  # a shape may hold itself
        return {} if kind in ("structure", "map") else [] if kind == "list" else "x"
    if kind == "structure":
        if getattr(shape, "is_tagged_union", False):
            name = next(iter(shape.members))
            return {name: sample(shape.members[name], depth + 1)}
        required = shape.metadata.get("required", []) if depth <= MAX_DEPTH else []
        return {name: sample(shape.members[name], depth + 1) for name in required}
    if kind == "list":
        return [sample(shape.member, depth + 1)] * max(1, shape.metadata.get("min", 1))
    if kind == "map":
        return {sample(shape.key, depth + 1): sample(shape.value, depth + 1)}
    if kind == "string":
        return (shape.metadata.get("enum") or ["x" * max(1, shape.metadata.get("min", 1))])[0]
    if kind in ("integer", "long", "float", "double"):
        return max(1, shape.metadata.get("min", 1))
    return {"boolean": True, "blob": b"x", "timestamp": datetime.datetime(2026, 1, 1)}[kind]


def bad_values(shape: Shape, in_json: bool, in_path: bool) -> Iterator[Tuple[str, Any]]:
    """Values that break one constraint each, with the constraint's name."""
    kind, limits = shape.type_name, shape.metadata
    if kind == "string":
        if in_json:
            yield "type", 17
        if limits.get("max", 1 << 20) < 1 << 20:
            yield "max", "x" * (limits["max"] + 1)
        if limits.get("min", 0) > (1 if in_path else 0):
            yield "min", "x" * (limits["min"] - 1)
        if limits.get("enum"):
            yield "enum", "no such value"
        if "pattern" in limits:
            length = max(1, limits.get("min", 1))
            wrong = [text for text in ("\x7f" * length, " " * length, "~" * length) if not matches(limits["pattern"], text)]
            yield from [("pattern", text) for text in wrong[:1]]
    if kind in ("integer", "long", "float", "double"):
        if in_json:
            yield "type", True
        if "max" in limits:
            yield "max", limits["max"] + 1
        if "min" in limits:
            yield "min", limits["min"] - 1
    if kind == "boolean" and in_json:
        yield "type", "perhaps"
    if kind == "list" and limits.get("max", 1 << 10) < 1 << 10:
        yield "max", [sample(shape.member)] * (limits["max"] + 1)


def faults_in(shape: Shape, in_json: bool, name: str = "", depth: int = 0) -> Iterator[Fault]:
    """Faults of one structure and of those in it; the parameters are those of the structure."""
    for member, inner in shape.members.items():
        path = f"{name}.{member}".lstrip(".")
        location = inner.serialization.get("location")
        base = {**sample(shape, depth)}
        if getattr(shape, "is_tagged_union", False):
            base = {}
        if member in shape.metadata.get("required", []) and location != "uri":
            yield Fault("required", path, {key: value for key, value in base.items() if key != member})
        for kind, value in bad_values(inner, in_json and location is None, location == "uri"):
            yield Fault(kind, path, {**base, member: value})
        if depth < MAX_DEPTH and inner.type_name == "structure" and not inner.is_document_type:
            for fault in faults_in(inner, in_json, path, depth + 1):
                yield fault._replace(parameters={**base, member: fault.parameters})
        if depth < MAX_DEPTH and inner.type_name == "list" and inner.member.type_name == "structure":
            for fault in faults_in(inner.member, in_json, f"{path}[0]", depth + 1):
                yield fault._replace(parameters={**base, member: [fault.parameters]})


def element_faults_in(shape: Shape, in_json: bool, name: str = "", depth: int = 0) -> Iterator[Fault]:
    """Faults in elements of a structure's lists and in keys and values of its maps; the parameters are the structure's."""
    for member, inner in shape.members.items():
        path = f"{name}.{member}".lstrip(".")
        for fault in faults_within(inner, in_json and "location" not in inner.serialization, path, depth):
            base = {} if getattr(shape, "is_tagged_union", False) else sample(shape, depth)
            yield fault._replace(parameters={**base, member: fault.parameters})


def faults_within(shape: Shape, in_json: bool, path: str, depth: int) -> Iterator[Fault]:
    """Faults in the parts of a value; the parameters are the value."""
    if depth == MAX_DEPTH:
        return
    if shape.type_name == "structure" and not shape.is_document_type:
        yield from element_faults_in(shape, in_json, path, depth + 1)
    if shape.type_name == "list":
        inner = f"{path}[0]"
        yield from (Fault(kind, inner, [value]) for kind, value in bad_values(shape.member, in_json, False))
        for fault in faults_within(shape.member, in_json, inner, depth + 1):
            yield fault._replace(parameters=[fault.parameters])
    if shape.type_name == "map":
        yield from faults_within_map(shape, in_json, path, depth)


def faults_within_map(shape: Shape, in_json: bool, path: str, depth: int) -> Iterator[Fault]:
    for kind, key in bad_values(shape.key, False, False):
        yield Fault(kind, f"{path} (key: {key})", {key: sample(shape.value)})
    key = sample(shape.key)
    inner = f"{path}.{key}"
    yield from (Fault(kind, inner, {key: value}) for kind, value in bad_values(shape.value, in_json, False))
    if shape.value.type_name == "structure":
        for fault in faults_in(shape.value, in_json, inner, depth + 1):
            yield fault._replace(parameters={key: fault.parameters})
    for fault in faults_within(shape.value, in_json, inner, depth + 1):
        yield fault._replace(parameters={key: fault.parameters})


def environ_of(signed_for: str, operation: OperationModel, parameters: Dict[str, Any]) -> dict:
    """The request as the server sees it, serialized by botocore."""
    model = operation.service_model
    protocol = next(one for one in model.metadata.get("protocols") or [model.protocol] if one in PARSERS)
    request = create_serializer(protocol, include_validation=False).serialize_to_request(parameters, operation)
    body = request["body"]
    headers = dict(request["headers"])
    if protocol in ("query", "ec2"):
        body = urlencode(body, doseq=True)
        headers["Content-Type"] = "application/x-www-form-urlencoded; charset=utf-8"
    if isinstance(body, str):
        body = body.encode()
    path, _, query = request["url_path"].partition("?")
    query = "&".join(filter(None, [query, urlencode(request["query_string"], doseq=True)]))
    environ = {
        "REQUEST_METHOD": request["method"],
        "PATH_INFO": path,
        "REQUEST_URI": f"{path}?{query}",
        "QUERY_STRING": query,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
        "wsgi.url_scheme": "http",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "HTTP_AUTHORIZATION": f"AWS4-HMAC-SHA256 Credential=KEY/20260101/us-east-1/{signed_for}/aws4_request",
    }
    for name, value in headers.items():
        key = name.upper().replace("-", "_")
        environ[key if key == "CONTENT_TYPE" else f"HTTP_{key}"] = str(value)
    return environ


def read(environ: dict) -> bytes:
    return environ["wsgi.input"].getvalue()


def planted(name: str) -> Iterator[Tuple[OperationModel, Fault]]:
    model = get_service_model(name)
    in_json = protocol_of(model, "application/json") in ("json", "rest-json")
    for operation_name in model.operation_names:
        operation = model.operation_model(operation_name)
        if operation.input_shape is None or operation.endpoint:  # a member in the host name
            continue
        for faults in (faults_in, element_faults_in):
            found = itertools.islice(faults(operation.input_shape, in_json), MAX_FAULTS_PER_OPERATION)
            yield from ((operation, fault) for fault in found)


def is_sent(fault: Fault, protocol: str) -> bool:
    """Whether the fault is in the request at all: forms have no empty structures."""
    if protocol not in ("query", "ec2"):
        return True
    value: Any = fault.parameters
    for name in fault.member.replace("[0]", "").split(".")[: -1 if fault.kind == "required" else None]:
        value = value[name]
        value = value[0] if isinstance(value, list) else value
    return value != {} or value is fault.parameters


def is_other_operation(operation: OperationModel, fault: Fault) -> bool:
    """Whether the request without the member is another operation's: CopyObject without its source is PutObject."""
    member = operation.input_shape.members.get(fault.member)
    in_address = member is not None and member.serialization.get("location") in ("header", "querystring")
    return fault.kind == "required" and in_address and operation.service_model.service_name == "s3"


class Planted(NamedTuple):
    """A fault in a request of an operation."""

    signed_for: str
    operation: OperationModel
    fault: Fault

    def __str__(self) -> str:
        return f"{self.operation.service_model.service_name}.{self.operation.name}: {self.fault.kind} of {self.fault.member}"

    @property
    def environ(self) -> dict:
        return environ_of(self.signed_for, self.operation, self.fault.parameters)


def all_planted() -> Iterator[Planted]:
    for signed_for, name in SERVICES.items():
        for operation, fault in planted(name):
            excluded = operation.name in EXCLUDED or operation.deprecated
            if not excluded and is_sent(fault, operation.service_model.protocol):
                yield Planted(signed_for, operation, fault)


class Models(unittest.TestCase):
    maxDiff = None

    def test_no_planted_fault_passes(self) -> None:
        passed: List[str] = []
        count = 0
        for one in all_planted():
            count += 1
            found = check(one.environ, read)
            is_same = found is not None and found.operation.name == one.operation.name
            if not is_same and is_other_operation(one.operation, one.fault):
                continue
            if not is_same:
                passed.append(f"{one}: taken for {'none' if found is None else found.operation.name}")
            elif one.fault.member not in [violation.member for violation in found.violations]:
                passed.append(f"{one}: {found.message}")
        self.assertGreater(count, 5_000)
        self.assertEqual("\n".join(passed[:150]), "", f"{len(passed)} of {count} faults pass")


class Refusals(WithServer):
    """A refusal as an AWS client reads it: one request for each protocol."""

    def client(self, service: str) -> Any:
        return self.server.client(service, parameter_validation=False)

    def report(self) -> Dict[str, Any]:
        with urllib.request.urlopen(f"{self.server.endpoint}/moto-api/overlay/refusals") as answer:
            return json.load(answer)

    def assert_refused(self, call: Any, member: str) -> None:
        with self.assertRaises(ClientError) as raised:
            call()
        error = raised.exception.response
        self.assertEqual(error["Error"]["Code"], "ValidationException")
        self.assertIn(f"at '{member}' failed to satisfy constraint", error["Error"]["Message"])
        self.assertEqual(error["ResponseMetadata"]["HTTPStatusCode"], 400)
        self.assertIn(error["Error"]["Message"], [one["message"] for one in self.report()["refused"]])

    def test_json(self) -> None:
        self.assert_refused(lambda: self.client("logs").put_retention_policy(logGroupName="a b", retentionInDays=1), "logGroupName")

    def test_query(self) -> None:
        self.assert_refused(lambda: self.client("iam").create_role(RoleName="r"), "AssumeRolePolicyDocument")

    def test_ec2(self) -> None:
        self.assert_refused(lambda: self.client("ec2").create_vpc(CidrBlock="10.0.0.0/16", InstanceTenancy="shared"), "InstanceTenancy")

    def test_rest_json(self) -> None:
        self.assert_refused(lambda: self.client("lambda").update_function_configuration(FunctionName="f", MemorySize=64), "MemorySize")

    def test_rest_xml(self) -> None:
        versioning = {"Status": "On"}
        self.assert_refused(
            lambda: self.client("s3").put_bucket_versioning(Bucket="b", VersioningConfiguration=versioning),
            "VersioningConfiguration.Status",
        )

    def send(self, environ: dict) -> Tuple[int, str]:
        """Sends a request as it is, without a client; returns status and body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port)
        names = [name for name in environ if name.startswith("HTTP_")]
        headers = {name[5:].replace("_", "-"): environ[name] for name in names}
        if "CONTENT_TYPE" in environ:
            headers["Content-Type"] = environ["CONTENT_TYPE"]
        connection.request(environ["REQUEST_METHOD"], environ["REQUEST_URI"], read(environ), headers)
        answer = connection.getresponse()
        try:
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def test_a_sample_of_the_planted_faults_is_refused_by_the_server(self) -> None:
        passed: List[str] = []
        sampled = list(itertools.islice(all_planted(), 0, None, SENT_INTERVAL))
        for one in sampled:
            environ = one.environ
            status, body = self.send(environ)
            # A reply to HEAD has no body.
            if status != 400 or ("ValidationException" not in body and environ["REQUEST_METHOD"] != "HEAD"):
                passed.append(f"{one}: {status} {body[:200]}")
        self.assertEqual("\n".join(passed), "")
        self.assertGreater(len({one.signed_for for one in sampled}), len(SERVICES) // 2)

    def test_a_request_that_conforms_to_its_model_is_answered(self) -> None:
        self.client("logs").create_log_group(logGroupName="kept")
        groups = self.client("logs").describe_log_groups(logGroupNamePrefix="kept")["logGroups"]
        self.assertEqual([group["logGroupName"] for group in groups], ["kept"])

    def test_an_operation_that_no_model_knows_is_reported(self) -> None:
        headers = {
            "Authorization": "AWS4-HMAC-SHA256 Credential=KEY/20260101/us-east-1/sqs/aws4_request",
            "X-Amz-Target": "AmazonSQS.NoSuchOperation",
        }
        request = urllib.request.Request(self.server.endpoint, b"{}", headers)
        with self.assertRaises(urllib.error.HTTPError):
            urllib.request.urlopen(request)
        self.assertIn("sqs: NoSuchOperation", self.report()["unknown"])
