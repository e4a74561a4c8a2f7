"""Budgets: subscribers, tags and updates."""

from __future__ import annotations

import json
from typing import Any, Callable, Dict, List, Optional

from moto.budgets.exceptions import NotFoundException
from moto.budgets.models import Budget, Notification
from moto.budgets.responses import BudgetsResponse as Response

from ..registry import replaces

# Fields that identify a notification.
IDENTIFYING = ("NotificationType", "ComparisonOperator", "Threshold", "ThresholdType")


def tags(self: Response, arn: str) -> Dict[str, str]:
    return self.backend.__dict__.setdefault("overlay_tags", {}).setdefault(arn, {})


def budget_of(self: Response, name: str) -> Budget:
    budgets = self.backend.budgets[self._get_param("AccountId")]
    if name not in budgets:
        raise NotFoundException(f"Unable to get budget: {name} - the budget doesn't exist.")
    return budgets[name]


@replaces(Response, "create_budget", "budgets", "CreateBudget", "drops the tags")
def create(original: Callable, self: Response) -> str:
    original(self)
    arn = f"arn:aws:budgets::{self._get_param('AccountId')}:budget/{self._get_param('Budget')['BudgetName']}"
    tags(self, arn).update({tag["Key"]: tag["Value"] for tag in self._get_param("ResourceTags", [])})
    return "{}"


@replaces(Response, "update_budget", "budgets", "UpdateBudget", "not implemented")
def update(_original: Optional[Callable], self: Response) -> str:
    new = self._get_param("NewBudget")
    budget_of(self, new["BudgetName"]).budget.update(new)
    return "{}"


@replaces(
    Response,
    "describe_subscribers_for_notification",
    "budgets",
    "DescribeSubscribersForNotification",
    "not implemented",
)
def subscribers(_original: Optional[Callable], self: Response) -> str:
    wanted = self._get_param("Notification")
    held: List[Notification] = budget_of(self, self._get_param("BudgetName")).notifications
    for notification in held:
        if all(detail(notification.details, key) == detail(wanted, key) for key in IDENTIFYING):
            return json.dumps({"Subscribers": notification.subscribers})
    raise NotFoundException("Unable to get subscribers - the notification doesn't exist.")


def detail(notification: Dict[str, Any], key: str) -> Any:
    return notification.get(key, "PERCENTAGE" if key == "ThresholdType" else None)


@replaces(Response, "list_tags_for_resource", "budgets", "ListTagsForResource", "not implemented")
def list_tags(_original: Optional[Callable], self: Response) -> str:
    held = tags(self, self._get_param("ResourceARN"))
    return json.dumps({"ResourceTags": [{"Key": key, "Value": value} for key, value in held.items()]})


@replaces(Response, "tag_resource", "budgets", "TagResource", "not implemented")
def tag(_original: Optional[Callable], self: Response) -> str:
    new = {one["Key"]: one["Value"] for one in self._get_param("ResourceTags")}
    tags(self, self._get_param("ResourceARN")).update(new)
    return "{}"


@replaces(Response, "untag_resource", "budgets", "UntagResource", "not implemented")
def untag(_original: Optional[Callable], self: Response) -> str:
    for name in self._get_param("ResourceTagKeys"):
        tags(self, self._get_param("ResourceARN")).pop(name, None)
    return "{}"
