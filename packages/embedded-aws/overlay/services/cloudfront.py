"""CloudFront: policies, which moto lacks, and attributes of a distribution that it drops.

Policies are stored and returned as the XML of the request, as on AWS.
"""

from __future__ import annotations

import os
import re
import uuid
from typing import Any, Callable, Dict, Tuple

from moto.cloudfront.models import DefaultCacheBehaviour, Distribution, KeyGroup, Origin, PublicKey, ViewerCertificate, random_id
from moto.cloudfront.responses import CloudFrontResponse
from moto.core.responses import ActionResult

from .. import routes
from ..registry import ENTRIES, Entry, replaces
from ..store import things

NAMESPACE = "http://cloudfront.amazonaws.com/doc/2020-05-31/"
KINDS = {
    "cache-policy": "CachePolicy",
    "origin-request-policy": "OriginRequestPolicy",
    "response-headers-policy": "ResponseHeadersPolicy",
}
PATH = re.compile(r"/2020-05-31/(" + "|".join(KINDS) + r")(?:/([^/]+))?(/config)?")
ENTRIES.extend(Entry("cloudfront", f"(all of {kind})", "not implemented") for kind in KINDS)

Reply = Tuple[int, object, list]


@routes.service("cloudfront", PATH.pattern)
def policies(environ: dict, body: bytes) -> Reply:
    match = PATH.fullmatch(environ["PATH_INFO"])
    assert match is not None
    kind, name, config = match.groups()
    account = os.environ.get("MOTO_ACCOUNT_ID", "123456789012")
    held: Dict[str, str] = things(account, "global", f"cloudfront/{kind}")
    tag, method = KINDS[kind], environ["REQUEST_METHOD"]
    headers = [("ETag", "E1OVERLAY")]
    if method == "POST":
        name = str(uuid.uuid4())
        held[name] = content(body)
        return 201, whole(tag, name, held[name]), headers
    if name is None:
        return 200, listing(tag, held), headers
    if name not in held:
        code = f"<Code>NoSuch{tag}</Code><Message>The {kind} does not exist</Message>"
        return 404, f'<ErrorResponse xmlns="{NAMESPACE}"><Error><Type>Sender</Type>{code}</Error></ErrorResponse>', []
    if method == "DELETE":
        del held[name]
        return 204, "", []
    if method == "PUT":
        held[name] = content(body)
    return 200, held[name] if config else whole(tag, name, held[name]), headers


def content(body: bytes) -> str:
    return re.sub(r"^<\?xml[^>]*\?>", "", body.decode()).strip()


def whole(tag: str, name: str, config: str) -> str:
    inner = f"<Id>{name}</Id><LastModifiedTime>2026-01-01T00:00:00Z</LastModifiedTime>{config}"
    return f'<?xml version="1.0"?><{tag} xmlns="{NAMESPACE}">{inner}</{tag}>'


def listing(tag: str, held: Dict[str, str]) -> str:
    items = "".join(
        f"<{tag}Summary><Type>custom</Type><{tag}><Id>{name}</Id>{config}</{tag}></{tag}Summary>"
        for name, config in held.items()
    )
    inner = f"<MaxItems>100</MaxItems><Quantity>{len(held)}</Quantity><Items>{items}</Items>"
    return f'<?xml version="1.0"?><{tag}List xmlns="{NAMESPACE}">{inner}</{tag}List>'


@replaces(DefaultCacheBehaviour, "__init__", "cloudfront", "CreateDistribution", "returns forwarded values that were not set")
def behaviour(original: Callable, self: DefaultCacheBehaviour, config: Dict[str, Any]) -> None:
    original(self, config)
    if "ForwardedValues" not in config:
        self.forwarded_values = None
    self.function_associations = config.get("FunctionAssociations") or {"Quantity": 0}
    self.lambda_function_associations = config.get("LambdaFunctionAssociations") or {"Quantity": 0}


@replaces(Origin, "__init__", "cloudfront", "CreateDistribution", "drops the access control of an origin")
def origin(original: Callable, self: Origin, config: Dict[str, Any]) -> None:
    original(self, config)
    self.origin_access_control_id = config.get("OriginAccessControlId") or ""
    if "S3OriginConfig" in config:
        identity = config["S3OriginConfig"].get("OriginAccessIdentity") or ""
        self.s3_origin_config = {"OriginAccessIdentity": identity}


@replaces(Distribution, "__init__", "cloudfront", "CreateDistribution", "returns an ARN without the empty region field")
def distribution(original: Callable, self: Distribution, *arguments: Any, **named: Any) -> None:
    original(self, *arguments, **named)
    self.arn = self.arn.replace(":cloudfront:", ":cloudfront::").replace(":::", "::")


@replaces(ViewerCertificate, "__init__", "cloudfront", "CreateDistribution", "returns CloudFront's default certificate in addition to a custom one")
def certificate(original: Callable, self: ViewerCertificate, config: Dict[str, Any]) -> None:
    original(self, config)
    self.ssl_support_method = config.get("SSLSupportMethod")
    if self.acm_certificate_arn:
        self.cloud_front_default_certificate = False
        self.certificate_source = "acm"
        self.certificate = self.acm_certificate_arn


def keep_comment(name: str, action: str, config_name: str, kind: type, config: str) -> None:
    """Stores the comment of a key or key group."""

    @replaces(CloudFrontResponse, name, "cloudfront", action, "drops the comment")
    def create(original: Callable, self: CloudFrontResponse) -> Any:
        result = original(self)
        thing = next(value for value in result.result.values() if isinstance(value, kind))
        thing.comment = (self._get_param(config_name) or {}).get("Comment") or ""
        return result

    configured = getattr(kind, config).fget
    setattr(kind, config, property(lambda self: {**configured(self), "Comment": getattr(self, "comment", "")}))


keep_comment("create_public_key", "CreatePublicKey", "PublicKeyConfig", PublicKey, "public_key_config")
keep_comment("create_key_group", "CreateKeyGroup", "KeyGroupConfig", KeyGroup, "key_group_config")


@replaces(CloudFrontResponse, "delete_key_group", "cloudfront", "DeleteKeyGroup", "not implemented")
def delete_key_group(_original: Any, self: CloudFrontResponse) -> Tuple[str, Dict[str, int]]:
    self.backend.key_groups.pop(self.path.split("/")[-1], None)
    return "", {"status": 204}


@replaces(CloudFrontResponse, "update_key_group", "cloudfront", "UpdateKeyGroup", "not implemented")
def update_key_group(_original: Any, self: CloudFrontResponse) -> ActionResult:
    group = self.backend.get_key_group(self.path.split("/")[-1])
    group.name = self._get_param("KeyGroupConfig.Name")
    group.items = self._get_param("KeyGroupConfig.Items", [])
    group.comment = self._get_param("KeyGroupConfig.Comment") or ""
    group.etag = random_id(length=14)
    return ActionResult({"KeyGroup": group, "ETag": group.etag})
