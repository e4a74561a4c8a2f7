"""Declaration and list of entries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable, List


@dataclass(frozen=True)
class Entry:
    """A replacement: service, action, and what moto does instead."""

    service: str
    action: str
    moto: str


ENTRIES: List[Entry] = []


def replaces(owner: Any, name: str, service: str, action: str, moto: str) -> Callable[[Callable], Callable]:
    """Replaces `owner.name` with the decorated function.

    The function gets what it replaces as its first argument (None where moto has nothing), then what
    moto's caller passes.
    """

    def put(function: Callable) -> Callable:
        original = getattr(owner, name, None)

        def replacement(*arguments: Any, **named: Any) -> Any:
            return function(original, *arguments, **named)

        replacement.__name__ = name
        setattr(owner, name, replacement)
        ENTRIES.append(Entry(service, action, moto))
        return function

    return put
