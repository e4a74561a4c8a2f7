"""Resource Groups Tagging API: without deleted resources."""

from __future__ import annotations

from typing import Any, Callable, Dict, Iterator

from moto.resourcegroupstaggingapi.models import ResourceGroupsTaggingAPIBackend

from ..registry import replaces


@replaces(ResourceGroupsTaggingAPIBackend, "_get_resources_generator", "tagging", "GetResources", "returns deleted ECS services, clusters and task definitions")
def get_resources(original: Callable, self: ResourceGroupsTaggingAPIBackend, *arguments: Any, **named: Any) -> Iterator[Dict[str, Any]]:
    ecs = self.ecs_backend
    definitions = [one for revisions in ecs.task_definitions.values() for one in revisions.values()]
    known = [*ecs.services.values(), *ecs.clusters.values(), *definitions]
    gone = {one.arn for one in known if one.status == "INACTIVE"}
    for resource in original(self, *arguments, **named):
        if resource["ResourceARN"] not in gone:
            yield resource
