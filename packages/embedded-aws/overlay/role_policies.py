"""The policies of a role in IAM."""

from __future__ import annotations

import json
from typing import Any, Dict, Optional

from moto.iam.models import Role, iam_backends


def role_of(arn: str) -> Optional[Role]:
    roles = list(iam_backends[arn.split(":")[4]]["aws"].roles.values())
    return next((role for role in roles if role.arn == arn), None)


def policies_of(role: Role) -> Dict[str, Dict[str, str]]:
    """Identity policies and the boundary, if there is one, as JSON by name."""
    managed = {policy.name: default_version(policy) for policy in role.managed_policies.values()}
    policies = {"identity": {**{name: text(document) for name, document in role.policies.items()}, **managed}}
    if role.permissions_boundary_arn:
        boundary = iam_backends[role.account_id]["aws"].managed_policies[role.permissions_boundary_arn]
        policies["boundary"] = {boundary.name: default_version(boundary)}
    return policies


def default_version(policy: Any) -> str:
    return next(text(version.document) for version in policy.versions if version.is_default)


def text(document: Any) -> str:
    return document if isinstance(document, str) else json.dumps(document)
