"""Amplify Hosting, which moto lacks: apps, branches and domain associations.

Stores apps and checks the members that AWS requires. Serves zips that are deployed manually (amplify_hosting.py), builds
nothing, connects to no repository, and checks neither tokens nor who owns a domain.
"""

from __future__ import annotations

import json
import time
from typing import Any, Dict, Optional

import yaml

from .. import rest, routes
from ..registry import ENTRIES, Entry
from ..rest import Reply, Request
from . import amplify_hosting

ENTRIES.extend(Entry("amplify", f"(all of {kind})", "has no Amplify") for kind in ("apps", "branches", "domains"))

APP = {
    "platform": "WEB",
    "description": "",
    "repository": "",
    "buildSpec": "",
    "environmentVariables": {},
    "customRules": [],
    "enableBranchAutoBuild": False,
    "enableBranchAutoDeletion": False,
    "enableBasicAuth": False,
}
BRANCH = {
    "stage": "NONE",
    "framework": "",
    "description": "",
    "ttl": "5",
    "environmentVariables": {},
    "customDomains": [],
    "activeJobId": "",
    "totalNumberOfJobs": "0",
    "enableAutoBuild": True,
    "enableBasicAuth": False,
    "enableNotification": False,
    "enablePerformanceMode": False,
    "enablePullRequestPreview": False,
}
# Amplify never returns repository credentials.
SECRETS = ("accessToken", "oauthToken")


@routes.service("amplify")
def amplify(environ: dict, body: bytes) -> Reply:
    request = rest.read(environ, body)
    if request.path[0] == "tags":
        return tags(request)
    if len(request.path) <= 2:
        return apps(request)
    if request.path[1] not in request.things():
        return unknown(request.path[1])
    if len(request.path) > 4:
        below = {"deployments": amplify_hosting.deployments, "jobs": amplify_hosting.jobs}.get(request.path[4])
        return below(request) if below else rest.error(404, "NotFoundException", f"no {request.path[4]} here")
    kind = {"branches": branches, "domains": domains}.get(request.path[2])
    return kind(request) if kind else rest.error(404, "NotFoundException", f"no {request.path[2]} here")


def apps(request: Request) -> Reply:
    held = request.things()
    if len(request.path) == 1 and request.method == "GET":
        return rest.reply({"apps": [thing for name, thing in held.items() if "/" not in name]})
    if len(request.path) == 1:
        if rest.missing(request, ["name"]):
            return rest.error(400, "BadRequestException", "name is required")
        if (fault := headers_fault(request)) is not None:
            return fault
        name = "d" + rest.identifier(13)
        fixed = {"appId": name, "appArn": request.arn(f"apps/{name}"), "createTime": time.time()}
        held[name] = {**APP, **given(request), **fixed, "defaultDomain": f"{name}.amplifyapp.com"}
    name = request.path[1] if len(request.path) == 2 else name
    if name not in held:
        return unknown(name)
    if request.method == "DELETE":
        for part in [part for part in held if part.startswith(f"{name}/")]:
            del held[part]
        return rest.reply({"app": held.pop(name)})
    if request.method == "POST" and len(request.path) == 2:
        if (fault := headers_fault(request)) is not None:
            return fault
        held[name].update(given(request))
    held[name]["updateTime"] = held[name].get("updateTime", time.time())
    return rest.reply({"app": held[name]})


def branches(request: Request) -> Reply:
    held, app = request.things(), request.path[1]
    name = request.path[3] if len(request.path) > 3 else request.body.get("branchName", "")
    key = f"{app}/branches/{name}"
    if request.method == "POST":
        known = held.get(key, {**BRANCH, "createTime": time.time()})
        fixed = {"branchName": name, "branchArn": request.arn(f"apps/{key}"), "updateTime": time.time()}
        held[key] = {**known, "displayName": name, **given(request), **fixed}
    if key not in held:
        return unknown(key)
    if request.method == "DELETE":
        for part in [part for part in held if part.startswith(f"{key}/")]:
            del held[part]
    return rest.reply({"branch": held.pop(key) if request.method == "DELETE" else held[key]})


def domains(request: Request) -> Reply:
    held, app = request.things(), request.path[1]
    name = request.path[3] if len(request.path) > 3 else request.body.get("domainName", "")
    key = f"{app}/domains/{name}"
    if request.method == "POST":
        settings = request.body.get("subDomainSettings", [])
        held[key] = {
            "domainName": name,
            "domainAssociationArn": request.arn(f"apps/{key}"),
            "domainStatus": "AVAILABLE",
            "statusReason": "",
            "enableAutoSubDomain": request.body.get("enableAutoSubDomain", False),
            "certificateVerificationDNSRecord": f"_proof.{name}. CNAME _proof.acm-validations.aws.",
            "certificate": {"type": "AMPLIFY_MANAGED"},
            "subDomains": [subdomain(one) for one in settings],
        }
    if key not in held:
        return unknown(key)
    return rest.reply({"domainAssociation": held.pop(key) if request.method == "DELETE" else held[key]})


def subdomain(setting: Dict[str, Any]) -> Dict[str, Any]:
    record = f"{setting.get('prefix', '')} CNAME app.cloudfront.net"
    return {"subDomainSetting": setting, "verified": True, "dnsRecord": record}


def tags(request: Request) -> Reply:
    arn = "/".join(request.path[1:])
    found = [thing for thing in request.things().values() if arn in (thing.get("appArn"), thing.get("branchArn"))]
    if not found:
        return unknown(arn)
    kept = found[0].setdefault("tags", {})
    if request.method == "POST":
        kept.update(request.body["tags"])
    return rest.reply({"tags": kept})


def given(request: Request) -> Dict[str, Any]:
    kept = {name: value for name, value in request.body.items() if name not in SECRETS}
    if kept.get("customHeaders"):
        # Amplify accepts YAML with one top-level key, and returns the list below it as JSON.
        kept["customHeaders"] = json.dumps(yaml.safe_load(kept["customHeaders"])["customHeaders"], separators=(",", ":"))
    return kept


def headers_fault(request: Request) -> Optional[Reply]:
    said = request.body.get("customHeaders")
    if not said or isinstance(yaml.safe_load(said), dict) and "customHeaders" in yaml.safe_load(said):
        return None
    message = "Invalid request provided: Invalid spec, yaml parsing error: Invalid spec, top level must be key value pairs"
    return rest.error(400, "BadRequestException", message)


def unknown(name: str) -> Reply:
    return rest.error(404, "NotFoundException", f"{name} does not exist")
