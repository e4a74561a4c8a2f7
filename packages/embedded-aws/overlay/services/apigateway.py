"""API Gateway: tags of REST APIs, and changes of an authorizer's user pools. Tags of stages are moto's."""

from __future__ import annotations

import re
from typing import Any, Callable, Dict, List
from urllib.parse import parse_qs

from moto.apigateway.models import Authorizer, apigateway_backends

from .. import rest, routes
from ..registry import ENTRIES, Entry, replaces

API = re.compile(r"arn:aws[\w-]*:apigateway:[\w-]+::/restapis/(\w+)")

for action in ("GetTags", "TagResource", "UntagResource"):
    ENTRIES.append(Entry("apigateway", action, "stores tags of stages only"))


@routes.service("apigateway", r"/tags/arn:[^:]+:apigateway:[^:]+::/restapis/\w+")
def tags(environ: dict, body: bytes) -> rest.Reply:
    request = rest.read(environ, body)
    found = API.fullmatch(environ["PATH_INFO"].split("/tags/", 1)[1])
    backend = apigateway_backends[request.account][request.region]
    api = backend.apis.get(found.group(1)) if found else None
    if api is None:
        return rest.error(404, "NotFoundException", "Invalid API identifier specified")
    if request.method == "PUT":
        api.tags = {**(api.tags or {}), **request.body["tags"]}
    elif request.method == "DELETE":
        names = parse_qs(environ.get("QUERY_STRING", "")).get("tagKeys", [])
        api.tags = {name: value for name, value in (api.tags or {}).items() if name not in names}
    else:
        return rest.reply({"tags": api.tags or {}})
    return rest.reply({}, 204)


PROVIDER_ARNS = "/providerARNs"


@replaces(Authorizer, "apply_operations", "apigateway", "UpdateAuthorizer", "fails for user pools")
def apply_operations(original: Callable, self: Authorizer, operations: List[Dict[str, Any]]) -> Authorizer:
    for operation in operations:
        if operation["path"] == PROVIDER_ARNS:
            arns = [arn for arn in self.provider_arns or [] if arn != operation["value"]]
            self.provider_arns = [*arns, operation["value"]] if operation["op"] == "add" else arns
    return original(self, [one for one in operations if one["path"] != PROVIDER_ARNS])
