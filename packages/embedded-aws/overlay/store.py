"""Data of services that moto lacks, saved and reset with moto's own."""

from __future__ import annotations

from typing import Any, Dict

from moto.core.base_backend import BackendDict, BaseBackend


class OverlayBackend(BaseBackend):
    """Storage by service and name, per account and region."""

    def __init__(self, region_name: str, account_id: str):
        super().__init__(region_name, account_id)
        self.things: Dict[str, Dict[str, Any]] = {}


BACKENDS = BackendDict(OverlayBackend, "overlay", use_boto3_regions=False, additional_regions=["us-east-1"])


def things(account: str, region: str, service: str) -> Dict[str, Any]:
    """A service's data; changes of the dictionary are stored."""
    held = BACKENDS[account]["us-east-1"].things
    return held.setdefault(f"{service}/{region}", {})
