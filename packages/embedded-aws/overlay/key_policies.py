"""Whether the policy of a KMS key lets an AWS service use it on its own behalf."""

from __future__ import annotations

import json
import re
from typing import Any, Dict, Iterable, List, Tuple

from moto.kms.models import Key, kms_backends

# The condition operators that policies of keys need here; a statement with any other is not met.
EQUAL, LIKE = ("StringEquals", "ArnEquals"), ("StringLike", "ArnLike")


def lets_use(key: str, place: Tuple[str, str], service: str, actions: Iterable[str], context: Dict[str, str]) -> bool:
    """Whether a key, by its id, ARN or alias, lets a service perform all actions. `place` is account and region.

    Services are in no account, so that only a statement that names them lets them in. The policies of AWS's own keys
    such as alias/aws/sns name none.
    """
    found = key_of(key, place)
    if found is None:
        return False
    statements = listed(json.loads(found.policy)["Statement"])
    return all(allows(statements, service, action, context) for action in actions)


def key_of(key: str, place: Tuple[str, str]) -> Any:
    """A key of the region; None if there is none, or if it is AWS's own."""
    backend = kms_backends[place[0]][place[1]]
    name = key.split(":", 5)[5] if key.startswith("arn:") else key
    if name.startswith("alias/aws/"):
        return None
    key_id = backend.get_key_id_from_alias(name) if name.startswith("alias/") else name.removeprefix("key/")
    found = backend.keys.get(key_id)
    return found if isinstance(found, Key) and found.enabled else None


def allows(statements: List[Dict[str, Any]], service: str, action: str, context: Dict[str, str]) -> bool:
    concerned = [one["Effect"] for one in statements if concerns(one, service, action, context)]
    return "Allow" in concerned and "Deny" not in concerned


def concerns(statement: Dict[str, Any], service: str, action: str, context: Dict[str, str]) -> bool:
    principal = statement.get("Principal", {})
    named = principal == "*" or service in listed(principal.get("Service", []))
    acts = any(like(pattern.lower(), action.lower()) for pattern in listed(statement.get("Action", [])))
    return named and acts and is_met(statement.get("Condition", {}), context)


def is_met(conditions: Dict[str, Dict[str, Any]], context: Dict[str, str]) -> bool:
    known = {name.lower(): value for name, value in context.items()}
    for operator, keys in conditions.items():
        for name, wanted in keys.items():
            value = known.get(name.lower())
            if value is None or not any(compare(operator, one, value) for one in listed(wanted)):
                return False
    return True


def compare(operator: str, wanted: str, value: str) -> bool:
    return wanted == value if operator in EQUAL else operator in LIKE and like(wanted, value)


def like(pattern: str, value: str) -> bool:
    text = "".join({"*": ".*", "?": "."}.get(letter, re.escape(letter)) for letter in pattern)
    return re.fullmatch(text, value, re.DOTALL) is not None


def listed(value: Any) -> List[Any]:
    return value if isinstance(value, list) else [value]
