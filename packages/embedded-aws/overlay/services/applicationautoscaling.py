"""Application Auto Scaling: tags of scalable targets, and ARNs of policies."""

from __future__ import annotations

import json
from typing import Any, Callable, Dict, Optional

from moto.applicationautoscaling.models import ApplicationAutoscalingBackend, FakeApplicationAutoscalingPolicy
from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse

from ..registry import replaces

Response = ApplicationAutoScalingResponse


def tags(self: Response, arn: str) -> Dict[str, str]:
    held = self.applicationautoscaling_backend.__dict__.setdefault("overlay_tags", {})
    return held.setdefault(arn, {})


@replaces(Response, "register_scalable_target", "application-autoscaling", "RegisterScalableTarget", "responds without the target's ARN, and drops its tags")
def register(original: Callable, self: Response) -> str:
    original(self)
    body = json.loads(self.body)
    [target] = self.applicationautoscaling_backend.describe_scalable_targets(
        body["ServiceNamespace"], [body["ResourceId"]], body.get("ScalableDimension")
    )
    tags(self, target.arn).update(body.get("Tags") or {})
    return json.dumps({"ScalableTargetARN": target.arn})


@replaces(Response, "list_tags_for_resource", "application-autoscaling", "ListTagsForResource", "not implemented")
def list_tags(_original: Optional[Callable], self: Response) -> str:
    return json.dumps({"Tags": tags(self, json.loads(self.body)["ResourceARN"])})


@replaces(Response, "tag_resource", "application-autoscaling", "TagResource", "not implemented")
def tag(_original: Optional[Callable], self: Response) -> str:
    body: Dict[str, Any] = json.loads(self.body)
    tags(self, body["ResourceARN"]).update(body["Tags"])
    return "{}"


@replaces(Response, "untag_resource", "application-autoscaling", "UntagResource", "not implemented")
def untag(_original: Optional[Callable], self: Response) -> str:
    body: Dict[str, Any] = json.loads(self.body)
    for name in body["TagKeys"]:
        tags(self, body["ResourceARN"]).pop(name, None)
    return "{}"


@replaces(
    ApplicationAutoscalingBackend,
    "put_scaling_policy",
    "application-autoscaling",
    "PutScalingPolicy",
    "returns a new ARN for a replaced policy, which its alarms do not have",
)
def put_scaling_policy(original: Callable, self: ApplicationAutoscalingBackend, **named: Any) -> FakeApplicationAutoscalingPolicy:
    key = FakeApplicationAutoscalingPolicy.formulate_key(
        named["service_namespace"], named["resource_id"], named["scalable_dimension"], named["policy_name"]
    )
    before = self.policies.get(key)
    policy = original(self, **named)
    if before is not None:
        policy.policy_arn, policy.creation_time = before.policy_arn, before.creation_time
    return policy
