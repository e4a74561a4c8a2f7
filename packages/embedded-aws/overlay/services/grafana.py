"""Managed Grafana, which moto lacks: workspaces, their sign-in and the roles of users.

Stores workspaces and checks the members that AWS requires. No Grafana runs at the returned endpoint.
"""

from __future__ import annotations

import string
import time
from typing import Any, Dict, List
from urllib.parse import parse_qs, unquote

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
        return authentication(request, held[name])
    if request.path[2:] == ["permissions"]:
        return permissions(request, environ, held[name])
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
    request.things()[name] = {
        "workspace": workspace,
        "configuration": body.get("configuration", "{}"),
        "saml": {},
        "permissions": [],
    }
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
    summary = held["workspace"]["authentication"]
    if request.method == "POST":
        summary["providers"] = request.body["authenticationProviders"]
        if "SAML" in summary["providers"] and "samlConfiguration" in request.body:
            held["saml"] = request.body["samlConfiguration"]
            summary["samlConfigurationStatus"] = "CONFIGURED"
    shown: Dict[str, Any] = {"providers": summary["providers"]}
    if "SAML" in summary["providers"]:
        shown["saml"] = {"status": summary["samlConfigurationStatus"], "configuration": held["saml"]}
    return rest.reply({"authentication": shown})


def permissions(request: Request, environ: dict, held: Dict[str, Any]) -> Reply:
    """Roles of users and groups; a user or group has one role."""
    entries: List[Dict[str, Any]] = held["permissions"]
    if request.method == "PATCH":
        for instruction in request.body["updateInstructionBatch"]:
            for user in instruction["users"]:
                entries[:] = [one for one in entries if one["user"] != user]
                if instruction["action"] == "ADD":
                    entries.append({"role": instruction["role"], "user": user})
        return rest.reply({"errors": []})
    query = parse_qs(environ.get("QUERY_STRING", ""))
    filters = {"type": query.get("userType", []), "id": query.get("userId", [])}
    found = [
        one
        for one in entries
        if all(not values or one["user"][name] in values for name, values in filters.items())
    ]
    return rest.reply({"permissions": found})


def configuration(request: Request, held: Dict[str, Any]) -> Reply:
    if request.method == "PUT":
        held["configuration"] = request.body["configuration"]
        return rest.reply({}, 202)
    version = held["workspace"]["grafanaVersion"]
    return rest.reply({"configuration": held["configuration"], "grafanaVersion": version})


def tags(request: Request, environ: dict) -> Reply:
    # The path ends with the ARN, whose slashes are escaped or not.
    name = unquote(request.path[-1]).rpartition("/")[2]
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
