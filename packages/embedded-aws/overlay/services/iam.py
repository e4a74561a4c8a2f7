"""IAM: one service-linked role of a service in an account."""

from __future__ import annotations

from typing import Any, Callable

from moto.iam.exceptions import EntityAlreadyExists, InvalidInput
from moto.iam.models import IAMBackend

from ..registry import replaces


@replaces(
    IAMBackend,
    "create_service_linked_role",
    "iam",
    "CreateServiceLinkedRole",
    "answers EntityAlreadyExists for a role that is there, as for other roles",
)
def create_service_linked_role(original: Callable, self: IAMBackend, *arguments: Any, **named: Any) -> Any:
    try:
        return original(self, *arguments, **named)
    except EntityAlreadyExists as error:
        name = str(error.message).split()[3]
        raise InvalidInput(
            f"Service role name {name} has been taken in this account, please try a different suffix."
        ) from error
