"""Create calls with their parameters, for comparison with data about AWS such as cfn-lint's."""

from __future__ import annotations

from collections import deque
from typing import Any, Deque, Dict, List, Optional

from .service_models import Checked

# Calls with sizes and versions that AWS may not offer. Parameters of other calls can contain secrets.
OPERATIONS = {
    "ecs.CreateService",
    "ecs.RegisterTaskDefinition",
    "elasticache.CreateReplicationGroup",
    "elbv2.CreateListener",
    "elbv2.CreateLoadBalancer",
    "elbv2.CreateTargetGroup",
    "lambda.CreateFunction",
    "rds.CreateDBInstance",
}
CREATIONS: Deque[Dict[str, Any]] = deque(maxlen=1_000)


def note(checked: Optional[Checked]) -> None:
    """Records a call."""
    if checked is not None and checked.name in OPERATIONS:
        CREATIONS.append({"operation": checked.name, "parameters": without_bytes(checked.parameters)})


def without_bytes(value: Any) -> Any:
    """The value without bytes such as code, which JSON can't represent."""
    if isinstance(value, dict):
        return {key: without_bytes(item) for key, item in value.items() if not isinstance(item, bytes)}
    if isinstance(value, list):
        return [without_bytes(item) for item in value]
    return value


def recent() -> List[Dict[str, Any]]:
    return list(CREATIONS)
