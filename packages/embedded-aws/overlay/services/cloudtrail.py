"""CloudTrail: trails by their ARN, as Terraform names them."""

from __future__ import annotations

from typing import Callable

from moto.cloudtrail.models import CloudTrailBackend as Backend

from ..registry import replaces


@replaces(Backend, "start_logging", "cloudtrail", "StartLogging", "fails on an ARN")
def start_logging(original: Callable, self: Backend, name: str) -> None:
    original(self, self.get_trail(name).trail_name)


@replaces(Backend, "stop_logging", "cloudtrail", "StopLogging", "fails on an ARN")
def stop_logging(original: Callable, self: Backend, name: str) -> None:
    original(self, self.get_trail(name).trail_name)


@replaces(Backend, "delete_trail", "cloudtrail", "DeleteTrail", "ignores an ARN")
def delete_trail(original: Callable, self: Backend, name: str) -> None:
    original(self, self.get_trail(name).trail_name)
