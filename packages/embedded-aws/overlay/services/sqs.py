"""SQS: redrive policies in their original form."""

from __future__ import annotations

import json
from typing import Any, Dict

from moto.sqs.models import Queue

from ..registry import ENTRIES, Entry

ATTRIBUTE = "RedriveAllowPolicy"

# moto only accepts known attributes, and stores them in snake case.
Queue.BASE_ATTRIBUTES = [*Queue.BASE_ATTRIBUTES, ATTRIBUTE]
Queue.redrive_allow_policy = None
ENTRIES.append(Entry("sqs", "SetQueueAttributes", "drops RedriveAllowPolicy: the provider waits for it until it gives up"))

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
ENTRIES.append(Entry("sqs", "GetQueueAttributes", "writes RedrivePolicy with blanks"))
