"""IAM's quotas. Source of all: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"""

from __future__ import annotations

import re
from typing import Optional

from moto.iam.models import iam_backends

from . import Call, refuses

QUOTAS = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"

MAX_MANAGED_POLICY = 6_144
MAX_INLINE_POLICIES_OF_A_ROLE = 10_240
MAX_TRUST_POLICY = 2_048
MAX_ATTACHED_POLICIES = 10


def size_of(document: str) -> int:
    """Number of characters that IAM counts: all but white space."""
    return len(re.sub(r"\s", "", document))


def role_of(call: Call) -> Optional[object]:
    roles = iam_backends[call.account]["aws"].roles.values()
    return next((role for role in roles if role.name == call.parameters.get("RoleName")), None)


@refuses("LimitExceeded", QUOTAS, "iam.CreatePolicy", "iam.CreatePolicyVersion")
def managed_policy_fits(call: Call) -> Optional[str]:
    if size_of(call.parameters.get("PolicyDocument") or "") <= MAX_MANAGED_POLICY:
        return None
    return f"Cannot exceed quota for PolicySize: {MAX_MANAGED_POLICY}"


@refuses("LimitExceeded", QUOTAS, "iam.PutRolePolicy")
def inline_policies_fit(call: Call) -> Optional[str]:
    role = role_of(call)
    policies = {} if role is None else {name: str(text) for name, text in role.policies.items()}
    policies[call.parameters["PolicyName"]] = call.parameters.get("PolicyDocument") or ""
    if sum(size_of(text) for text in policies.values()) <= MAX_INLINE_POLICIES_OF_A_ROLE:
        return None
    return f"Maximum policy size of {MAX_INLINE_POLICIES_OF_A_ROLE} bytes exceeded for role {call.parameters['RoleName']}"


@refuses("LimitExceeded", QUOTAS, "iam.CreateRole", "iam.UpdateAssumeRolePolicy")
def trust_policy_fits(call: Call) -> Optional[str]:
    document = call.parameters.get("AssumeRolePolicyDocument") or call.parameters.get("PolicyDocument") or ""
    if size_of(document) <= MAX_TRUST_POLICY:
        return None
    return f"Cannot exceed quota for ACLSizePerRole: {MAX_TRUST_POLICY}"


@refuses("LimitExceeded", QUOTAS, "iam.AttachRolePolicy")
def policies_of_a_role_are_few(call: Call) -> Optional[str]:
    role = role_of(call)
    attached = set() if role is None else set(role.managed_policies)
    if len(attached | {call.parameters["PolicyArn"]}) <= MAX_ATTACHED_POLICIES:
        return None
    return f"Cannot exceed quota for PoliciesPerRole: {MAX_ATTACHED_POLICIES}"
