"""Service-linked roles: services work in an account by roles of their own, and a new account has none.

AWS creates the role when the first resource is created, but that creation can fail before IAM knows the role. It fails
always if the caller has no `iam:CreateServiceLinkedRole`.
"""

from __future__ import annotations

from typing import Optional

from moto.iam.models import iam_backends

from . import Call, refuses

RDS = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAM.ServiceLinkedRoles.html"
ELASTICACHE = "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/using-service-linked-roles.html"
ECS = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using-service-linked-roles.html"
AUTOSCALING = "https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-service-linked-roles.html"

CACHES = ("elasticache.CreateReplicationGroup", "elasticache.CreateCacheCluster", "elasticache.CreateServerlessCache")
CAPACITY = ("ecs.CreateService", "ecs.PutClusterCapacityProviders")


def lacks(call: Call, service: str) -> bool:
    """Whether the account has no role of a service, such as `rds.amazonaws.com`."""
    roles = list(iam_backends[call.account]["aws"].roles.values())
    return not any(role.path == f"/aws-service-role/{service}/" for role in roles)


@refuses("InvalidParameterValue", RDS, "rds.CreateDBInstance")
def database_has_a_service_linked_role(call: Call) -> Optional[str]:
    if not lacks(call, "rds.amazonaws.com"):
        return None
    return (
        "Unable to create the resource. Verify that you have permission to create service linked role. Otherwise wait and "
        "try again later"
    )


@refuses("ServiceLinkedRoleNotFoundFault", ELASTICACHE, *CACHES)
def cache_has_a_service_linked_role(call: Call) -> Optional[str]:
    if not lacks(call, "elasticache.amazonaws.com"):
        return None
    return "The service linked role of ElastiCache was not found."


@refuses("InvalidParameterException", ECS, *CAPACITY)
def container_service_has_a_service_linked_role(call: Call) -> Optional[str]:
    if not lacks(call, "ecs.amazonaws.com"):
        return None
    return "Unable to assume the service linked role. Please verify that the ECS service linked role exists."


@refuses("ValidationException", AUTOSCALING, "application-autoscaling.RegisterScalableTarget")
def scaling_has_a_service_linked_role(call: Call) -> Optional[str]:
    service = f"{call.parameters['ServiceNamespace']}.application-autoscaling.amazonaws.com"
    if call.parameters.get("RoleARN") or not lacks(call, service):
        return None
    return f"Unable to assume IAM role: arn:aws:iam::{call.account}:role/aws-service-role/{service}"
