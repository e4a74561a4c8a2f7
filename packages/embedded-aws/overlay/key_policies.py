"""Whether the policy of a KMS key lets an AWS service use it on its own behalf."""

from __future__ import annotations

from typing import Any, Dict, Iterable, Tuple

from moto.kms.models import Key, kms_backends

from .evaluator import EVALUATOR


def lets_use(key: str, place: Tuple[str, str], service: str, actions: Iterable[str], context: Dict[str, str]) -> bool:
    """Whether a key, by its id, ARN or alias, lets a service perform all actions. `place` is account and region.

    Services are in no account, so that only a statement that names them lets them in. The policies of AWS's own keys
    such as alias/aws/sns name none.
    """
    found = key_of(key, place)
    if found is None:
        return False
    principal = f"Service:{service}"
    policies = {"resource": {"key policy": found.policy}}
    requests = [{"action": action, "resource": found.arn, "principal": principal, "context": context} for action in actions]
    return all(EVALUATOR.denial(request, policies) is None for request in requests)


def key_of(key: str, place: Tuple[str, str]) -> Any:
    """A key of the region; None if there is none, or if it is AWS's own."""
    backend = kms_backends[place[0]][place[1]]
    name = key.split(":", 5)[5] if key.startswith("arn:") else key
    if name.startswith("alias/aws/"):
        return None
    key_id = backend.get_key_id_from_alias(name) if name.startswith("alias/") else name.removeprefix("key/")
    found = backend.keys.get(key_id)
    return found if isinstance(found, Key) and found.enabled else None
