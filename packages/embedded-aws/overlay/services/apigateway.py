"""API Gateway: tags of REST APIs. Those of stages are moto's."""

from __future__ import annotations

import re
from urllib.parse import parse_qs

from moto.apigateway.models import apigateway_backends

from .. import rest, routes
from ..registry import ENTRIES, Entry

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
