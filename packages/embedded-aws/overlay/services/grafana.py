"""Managed Grafana, which moto lacks: workspaces.

Keeps what it is given and asks for what AWS requires. There is no Grafana behind the endpoint that it returns.
"""

from __future__ import annotations

import string
import time
from typing import Any, Dict
from urllib.parse import parse_qs

from .. import rest, routes
from ..registry import ENTRIES, Entry
from ..rest import Reply, Request

ENTRIES.append(Entry("grafana", "(all of workspaces)", "has no Managed Grafana"))


@routes.service("grafana")
def grafana(environ: dict, body: bytes) -> Reply:
    request = rest.read(environ, body)
    if request.path[0] == "tags":
        return tags(request, environ)
    if len(request.path) == 1:
        return create(request)
    held, name = request.things(), request.path[1]
    if name not in held:
        return unknown(name)
    if request.path[2:] == ["configuration"]:
        return configuration(request, held[name])
    if request.path[2:] == ["authentication"]:
        return authentication(request, held[name]["workspace"]["authentication"])
    if request.method == "DELETE":
        return rest.reply({"workspace": {**held.pop(name)["workspace"], "status": "DELETING"}}, 202)
    if request.method == "PUT":
        return update(request, held[name]["workspace"])
    return rest.reply({"workspace": held[name]["workspace"]})


def create(request: Request) -> Reply:
    lacking = rest.missing(request, ["accountAccessType", "authenticationProviders", "permissionType"])
    if lacking:
        return rest.error(400, "ValidationException", f"{', '.join(lacking)} must be given")
    body, name, now = request.body, "g-" + rest.identifier(10, string.hexdigits[:16]), time.time()
    workspace: Dict[str, Any] = {
        "id": name,
        "status": "ACTIVE",
        "created": now,
        "modified": now,
        "name": body.get("workspaceName", ""),
        "description": body.get("workspaceDescription", ""),
        "accountAccessType": body["accountAccessType"],
        "permissionType": body["permissionType"],
        "dataSources": body.get("workspaceDataSources", []),
        "notificationDestinations": body.get("workspaceNotificationDestinations", []),
        "organizationalUnits": body.get("workspaceOrganizationalUnits", []),
        "workspaceRoleArn": body.get("workspaceRoleArn", ""),
        "grafanaVersion": body.get("grafanaVersion", "10.4"),
        "endpoint": f"{name}.grafana-workspace.{request.region}.amazonaws.com",
        "tags": body.get("tags", {}),
        "authentication": {
            "providers": body["authenticationProviders"],
            "samlConfigurationStatus": "NOT_CONFIGURED",
        },
    }
    request.things()[name] = {"workspace": workspace, "configuration": body.get("configuration", "{}")}
    return rest.reply({"workspace": workspace}, 202)


# Members of a workspace, by the members of a request that set them.
UPDATED = {
    "accountAccessType": "accountAccessType",
    "permissionType": "permissionType",
    "workspaceDataSources": "dataSources",
    "workspaceDescription": "description",
    "workspaceName": "name",
    "workspaceNotificationDestinations": "notificationDestinations",
    "workspaceOrganizationalUnits": "organizationalUnits",
    "workspaceRoleArn": "workspaceRoleArn",
}


def update(request: Request, workspace: Dict[str, Any]) -> Reply:
    workspace.update({UPDATED[name]: value for name, value in request.body.items() if name in UPDATED})
    workspace["modified"] = time.time()
    return rest.reply({"workspace": workspace}, 202)


def authentication(request: Request, held: Dict[str, Any]) -> Reply:
    if request.method == "POST":
        held["providers"] = request.body["authenticationProviders"]
    return rest.reply({"authentication": held})


def configuration(request: Request, held: Dict[str, Any]) -> Reply:
    if request.method == "PUT":
        held["configuration"] = request.body["configuration"]
        return rest.reply({}, 202)
    version = held["workspace"]["grafanaVersion"]
    return rest.reply({"configuration": held["configuration"], "grafanaVersion": version})


def tags(request: Request, environ: dict) -> Reply:
    name = request.path[-1]
    if name not in request.things():
        return unknown(name)
    kept = request.things()[name]["workspace"]["tags"]
    if request.method == "POST":
        kept.update(request.body["tags"])
    if request.method == "DELETE":
        for tag in parse_qs(environ.get("QUERY_STRING", "")).get("tagKeys", []):
            kept.pop(tag, None)
    return rest.reply({"tags": kept})


def unknown(name: str) -> Reply:
    return rest.error(404, "ResourceNotFoundException", f"workspace {name} does not exist")
