"""ECS: service attributes that moto drops."""

from __future__ import annotations

import json
from typing import Any, Callable, Iterator

from moto.core.utils import camelcase_to_underscores
from moto.ecs.models import Service, ecs_backends
from moto.ecs.responses import EC2ContainerServiceResponse

from .. import routes
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


@replaces(
    EC2ContainerServiceResponse,
    "update_service",
    "ecs",
    "UpdateService",
    "keeps the task definition of the first deployment",
)
def update_service(original: Callable, self: EC2ContainerServiceResponse) -> Any:
    result = original(self)
    service = result.result["service"]
    for deployment in primary(service):
        if deployment["taskDefinition"] != service.task_definition:
            deployment["taskDefinition"] = service.task_definition
            deployment["rolloutState"] = "IN_PROGRESS"
            deployment["rolloutStateReason"] = f"ECS deployment {deployment['id']} in progress."
    return result


def primary(service: Service) -> Iterator[dict]:
    return (one for one in service.deployments if one["status"] == "PRIMARY")


@routes.path(r"/moto-api/overlay/running-tasks")
def running_tasks(environ: dict, body: bytes) -> Any:
    """Tells how many tasks of a service run outside of moto, which runs none: PUT {cluster, service, running}."""
    told = json.loads(body)
    for backends in ecs_backends.values():
        for backend in backends.values():
            for service in backend.services.values():
                if (service.cluster_name, service.name) == (told["cluster"], told["service"]):
                    run(service, told["running"])
    return 200, {}, None


def run(service: Service, running: int) -> None:
    service.running_count = running
    service.pending_count = max(service.desired_count - running, 0)
    for deployment in primary(service):
        done = running >= service.desired_count
        deployment["runningCount"] = running
        deployment["pendingCount"] = service.pending_count
        deployment["rolloutState"] = "COMPLETED" if done else "IN_PROGRESS"
        state = "completed" if done else "in progress"
        deployment["rolloutStateReason"] = f"ECS deployment {deployment['id']} {state}."
