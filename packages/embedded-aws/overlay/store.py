"""What services hold that moto lacks: kept with moto's own state, and forgotten at its reset."""

from __future__ import annotations

from typing import Any, Dict

from moto.core.base_backend import BackendDict, BaseBackend


class OverlayBackend(BaseBackend):
    """A place for things by service and name, one for each account and region."""

    def __init__(self, region_name: str, account_id: str):
        super().__init__(region_name, account_id)
        self.things: Dict[str, Dict[str, Any]] = {}


BACKENDS = BackendDict(OverlayBackend, "overlay", use_boto3_regions=False, additional_regions=["us-east-1"])


def things(account: str, region: str, service: str) -> Dict[str, Any]:
    """The things of a service; changing the dictionary changes what is kept."""
    held = BACKENDS[account]["us-east-1"].things
    return held.setdefault(f"{service}/{region}", {})
