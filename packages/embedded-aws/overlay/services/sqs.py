"""SQS: policies as Terraform wrote them."""

from __future__ import annotations

import json
from typing import Any, Callable, Dict

from moto.sqs.models import Queue

from ..registry import ENTRIES, Entry, replaces

ATTRIBUTE = "RedriveAllowPolicy"

# moto only accepts known attributes, and stores them in snake case.
Queue.BASE_ATTRIBUTES = [*Queue.BASE_ATTRIBUTES, ATTRIBUTE]
Queue.redrive_allow_policy = None
ENTRIES.append(Entry("sqs", "SetQueueAttributes", "drops RedriveAllowPolicy, for which the provider waits until its timeout"))

_attributes = Queue.attributes.fget


def attributes(self: Queue) -> Dict[str, Any]:
    """JSON without spaces, as AWS writes it: Terraform compares the text."""
    result = _attributes(self)
    if self.redrive_policy:
        result["RedrivePolicy"] = json.dumps(self.redrive_policy, separators=(",", ":"))
    if not result.get(ATTRIBUTE):
        result.pop(ATTRIBUTE, None)
    return result


Queue.attributes = property(attributes)
ENTRIES.append(Entry("sqs", "GetQueueAttributes", "returns RedrivePolicy with spaces"))


@replaces(Queue, "_set_attributes", "sqs", "SetQueueAttributes", "drops the policy when another attribute is set")
def set_attributes(original: Callable, self: Queue, attributes: Dict[str, Any], *rest: Any) -> None:
    kept = getattr(self, "_policy_json", None)
    original(self, attributes, *rest)
    if "Policy" not in attributes and kept is not None:
        self._policy_json = kept
