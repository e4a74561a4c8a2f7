"""ECS: service attributes that moto drops."""

from __future__ import annotations

from typing import Any, Callable

from moto.core.utils import camelcase_to_underscores
from moto.ecs.responses import EC2ContainerServiceResponse

from ..registry import replaces

KEPT = (
    "availabilityZoneRebalancing",
    "capacityProviderStrategy",
    "deploymentConfiguration",
    "enableECSManagedTags",
    "enableExecuteCommand",
    "healthCheckGracePeriodSeconds",
    "placementConstraints",
    "placementStrategy",
    "serviceConnectConfiguration",
)


@replaces(EC2ContainerServiceResponse, "create_service", "ecs", "CreateService", "drops " + ", ".join(KEPT))
def create_service(original: Callable, self: EC2ContainerServiceResponse) -> Any:
    result = original(self)
    service = result.result["service"]
    for name in KEPT:
        value = self._get_param(name)
        if value is not None:
            setattr(service, camelcase_to_underscores(name), value)
    if self._get_param("capacityProviderStrategy"):
        service.launch_type = None
    return result
