"""Whether AWS would let a service deliver to a queue, topic or function."""

from __future__ import annotations

import json
import re
from typing import Any, Dict, NamedTuple, Optional

from moto.awslambda.exceptions import UnknownFunctionException
from moto.awslambda.models import lambda_backends
from moto.sns.models import sns_backends
from moto.sqs.models import sqs_backends
from moto.utilities.arns import parse_arn

from .evaluator import EVALUATOR
from .key_policies import key_of
from .role_policies import policies_of, role_of

ACTIONS = {"sqs": "sqs:SendMessage", "sns": "sns:Publish", "lambda": "lambda:InvokeFunction"}
# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html#compatibility-with-aws-services
KEY_ACTIONS = ("kms:GenerateDataKey", "kms:Decrypt")
EVENTS = "events.amazonaws.com"

# The service that delivers, the ARN of the bucket, topic, rule or schedule, and the role that the service assumes for
# it, if any: `{"service": "s3.amazonaws.com", "arn": "arn:aws:s3:::uploads"}`.
Sender = Dict[str, str]


class Receiver(NamedTuple):
    """What permits deliveries to a queue, topic or function."""

    # JSON; empty without a policy.
    policy: str
    # Id, ARN or alias of its KMS key; empty without one.
    key: str


def denial(sender: Sender, target: str) -> Optional[str]:
    """Why AWS would not deliver to a target, in one clause; None if it would."""
    arn = parse_arn(target)
    if arn.service not in ACTIONS:
        return None
    receiver = receiver_of(target)
    if receiver is None:
        return f"{target} does not exist"
    reason = trust_denial(sender, arn.account) if "role" in sender else None
    if reason is not None:
        return f"{sender['service']} may not assume {sender['role']}: {reason}"
    request = {"action": ACTIONS[arn.service], "resource": target, "context": context_of(sender, arn)}
    reason = decide(sender, request, receiver.policy)
    if reason is not None:
        return f"{actor(sender)} may not {ACTIONS[arn.service]}: {reason}"
    reason = key_denial(sender, arn, receiver.key) if receiver.key else None
    return None if reason is None else f"{actor(sender)} may not use the key {receiver.key}: {reason}"


def actor(sender: Sender) -> str:
    return sender.get("role", sender["service"])


def receiver_of(target: str) -> Optional[Receiver]:
    """None if there is no such queue, topic or function."""
    arn = parse_arn(target)
    if arn.service == "sqs":
        queue = sqs_backends[arn.account][arn.region].queues.get(arn.resource_id)
        return None if queue is None else Receiver(queue.policy or "", queue.kms_master_key_id or "")
    if arn.service == "sns":
        topic = sns_backends[arn.account][arn.region].topics.get(target)
        return None if topic is None else Receiver(topic.policy, topic.kms_master_key_id or "")
    try:
        statements = lambda_backends[arn.account][arn.region].get_function(target).policy.statements
    except UnknownFunctionException:
        return None
    return Receiver(json.dumps({"Version": "2012-10-17", "Statement": statements}) if statements else "", "")


def trust_denial(sender: Sender, account: str) -> Optional[str]:
    """Why the service may not assume its role, by the role's trust policy.

    Scheduler gives IAM the ARN of the schedule's group:
    https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
    """
    role = role_of(sender["role"])
    if role is None:
        return "there is no such role"
    source = re.sub(r":schedule/([^/]+)/.+", r":schedule-group/\1", sender["arn"])
    request = {
        "action": "sts:AssumeRole",
        "resource": role.arn,
        "principal": f"Service:{sender['service']}",
        "context": {"aws:SourceArn": source, "aws:SourceAccount": account},
    }
    return EVALUATOR.denial(request, {"resource": {"trust policy": role.assume_role_policy_document}})


def key_denial(sender: Sender, target: Any, key: str) -> Optional[str]:
    """Why the sender may not encrypt with the key of a queue or topic."""
    found = key_of(key, (target.account, target.region))
    if found is None:
        # AWS's own keys let in the account's roles, and no service.
        own = "role" in sender and key.split(":")[-1].startswith("alias/aws/")
        return None if own else "there is no such enabled key, or its policy is AWS's"
    context = context_of(sender, target, uses_key=True)
    requests = [{"action": action, "resource": found.arn, "context": context} for action in KEY_ACTIONS]
    reasons = [decide(sender, request, found.policy) for request in requests]
    return next((reason for reason in reasons if reason is not None), None)


def decide(sender: Sender, request: Dict[str, Any], policy: str) -> Optional[str]:
    """Why the sender may not do what is requested, by the resource's policy and those of its role."""
    policies = {"resource": {"its policy": policy}} if policy else {}
    if "role" not in sender:
        return EVALUATOR.denial({**request, "principal": f"Service:{sender['service']}"}, policies)
    role = role_of(sender["role"])
    if role is None:
        return "there is no such role"
    session = f"AWS:arn:aws:sts::{role.account_id}:assumed-role/{role.name}/{sender['service'].split('.')[0]}"
    return EVALUATOR.denial({**request, "principal": session, "roleArn": role.arn}, {**policies, **policies_of(role)})


def context_of(sender: Sender, target: Any, uses_key: bool = False) -> Dict[str, str]:
    """The condition keys of a request to a target, or to its KMS key.

    EventBridge sends no rule and no account to SNS and KMS.
    """
    secure = {"aws:SecureTransport": "true"}
    if "role" in sender:
        via = {"kms:ViaService": f"{target.service}.{target.region}.amazonaws.com", "kms:CallerAccount": target.account}
        return {**secure, **(via if uses_key else {}), "aws:PrincipalArn": sender["role"]}
    service = {"aws:PrincipalIsAWSService": "true", "aws:PrincipalServiceName": sender["service"]}
    if sender["service"] == EVENTS and (uses_key or target.service == "sns"):
        return {**secure, **service}
    return {**secure, **service, "aws:SourceArn": sender["arn"], "aws:SourceAccount": target.account}
