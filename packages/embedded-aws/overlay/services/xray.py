"""X-Ray: groups and sampling rules, which moto lacks. moto handles traces."""

from __future__ import annotations

import time
from typing import Any, Callable, Dict, Optional

from .. import rest, routes
from ..registry import ENTRIES, Entry
from ..rest import Reply, Request

ACTIONS: Dict[str, Callable[[Request], Reply]] = {}


def action(name: str) -> Callable[[Callable[[Request], Reply]], Callable[[Request], Reply]]:
    def put(handler: Callable[[Request], Reply]) -> Callable[[Request], Reply]:
        ACTIONS[name] = handler
        ENTRIES.append(Entry("xray", name, "not implemented"))
        return handler

    return put


def answer(environ: dict, body: bytes) -> Reply:
    request = rest.read(environ, body)
    return ACTIONS[request.path[0]](request)


@action("CreateGroup")
def create_group(request: Request) -> Reply:
    name = request.body["GroupName"]
    if find_group(request) is not None:
        return rest.error(400, "InvalidRequestException", f"Group {name} already exists")
    arn = request.arn(f"group/{name}/{rest.identifier(26).upper()}")
    insights = {"InsightsEnabled": False, "NotificationsEnabled": False}
    group = {
        "GroupName": name,
        "GroupARN": arn,
        "FilterExpression": request.body.get("FilterExpression", ""),
        "InsightsConfiguration": {**insights, **(request.body.get("InsightsConfiguration") or {})},
    }
    request.things()[arn] = {"group": group, "tags": request.body.get("Tags", [])}
    return rest.reply({"Group": group})


@action("GetGroup")
def get_group(request: Request) -> Reply:
    group = find_group(request)
    return rest.reply({"Group": group}) if group else no_group()


@action("UpdateGroup")
def update_group(request: Request) -> Reply:
    group = find_group(request)
    if group is None:
        return no_group()
    changes = ("FilterExpression", "InsightsConfiguration")
    group.update({name: request.body[name] for name in changes if name in request.body})
    return rest.reply({"Group": group})


@action("DeleteGroup")
def delete_group(request: Request) -> Reply:
    group = find_group(request)
    if group is None:
        return no_group()
    del request.things()[group["GroupARN"]]
    return rest.reply({})


@action("CreateSamplingRule")
def create_rule(request: Request) -> Reply:
    rule = dict(request.body["SamplingRule"])
    arn = request.arn(f"sampling-rule/{rule['RuleName']}")
    rule.update(RuleARN=arn, Attributes=rule.get("Attributes") or {})
    record = {"SamplingRule": rule, "CreatedAt": time.time(), "ModifiedAt": time.time()}
    request.things()[arn] = {"record": record, "tags": request.body.get("Tags", [])}
    return rest.reply({"SamplingRuleRecord": record})


@action("GetSamplingRules")
def get_rules(request: Request) -> Reply:
    records = [thing["record"] for thing in request.things().values() if "record" in thing]
    return rest.reply({"SamplingRuleRecords": records})


@action("UpdateSamplingRule")
def update_rule(request: Request) -> Reply:
    update = request.body["SamplingRuleUpdate"]
    record = find_rule(request, update)
    if record is None:
        return no_rule()
    record["SamplingRule"].update(update)
    return rest.reply({"SamplingRuleRecord": record})


@action("DeleteSamplingRule")
def delete_rule(request: Request) -> Reply:
    record = find_rule(request, request.body)
    if record is None:
        return no_rule()
    del request.things()[record["SamplingRule"]["RuleARN"]]
    return rest.reply({"SamplingRuleRecord": record})


@action("ListTagsForResource")
def list_tags(request: Request) -> Reply:
    thing = request.things().get(request.body["ResourceARN"], {})
    return rest.reply({"Tags": thing.get("tags", [])})


@action("TagResource")
def tag(request: Request) -> Reply:
    thing = request.things()[request.body["ResourceARN"]]
    kept = {one["Key"]: one for one in [*thing["tags"], *request.body["Tags"]]}
    thing["tags"] = list(kept.values())
    return rest.reply({})


def find_group(request: Request) -> Optional[Dict[str, Any]]:
    names = (request.body.get("GroupARN"), request.body.get("GroupName"))
    groups = [thing["group"] for thing in request.things().values() if "group" in thing]
    return next((one for one in groups if one["GroupARN"] in names or one["GroupName"] in names), None)


def find_rule(request: Request, by: Dict[str, Any]) -> Optional[Dict[str, Any]]:
    arn = by.get("RuleARN") or request.arn(f"sampling-rule/{by.get('RuleName')}")
    return request.things().get(arn, {}).get("record")


def no_group() -> Reply:
    return rest.error(400, "InvalidRequestException", "Group not found")


def no_rule() -> Reply:
    return rest.error(400, "InvalidRequestException", "Sampling rule does not exist")


routes.service("xray", "/(" + "|".join(ACTIONS) + ")")(answer)
