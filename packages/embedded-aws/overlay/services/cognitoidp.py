"""Cognito: tags of user pools, and what an update of a pool keeps."""

from __future__ import annotations

import json
from typing import Any, Callable, Dict, Optional

from moto.cognitoidp.exceptions import ResourceNotFoundError
from moto.cognitoidp.models import CognitoIdpBackend
from moto.cognitoidp.responses import CognitoIdpResponse

from ..registry import replaces


def tags_of(self: CognitoIdpResponse) -> Dict[str, str]:
    """Tags of the pool that the request names, as `DescribeUserPool` returns them."""
    arn = self._get_param("ResourceArn")
    pool = next((one for one in self.backend.user_pools.values() if one.arn == arn), None)
    if pool is None:
        raise ResourceNotFoundError(f"{arn} does not exist.")
    return pool.extended_config.setdefault("UserPoolTags", {})


@replaces(CognitoIdpResponse, "list_tags_for_resource", "cognito-idp", "ListTagsForResource", "not implemented")
def list_tags(_original: Optional[Callable], self: CognitoIdpResponse) -> str:
    return json.dumps({"Tags": tags_of(self)})


@replaces(CognitoIdpResponse, "tag_resource", "cognito-idp", "TagResource", "not implemented")
def tag(_original: Optional[Callable], self: CognitoIdpResponse) -> str:
    tags_of(self).update(self._get_param("Tags") or {})
    return "{}"


@replaces(CognitoIdpResponse, "untag_resource", "cognito-idp", "UntagResource", "not implemented")
def untag(_original: Optional[Callable], self: CognitoIdpResponse) -> str:
    for name in self._get_param("TagKeys") or []:
        tags_of(self).pop(name, None)
    return "{}"


# What a pool has from its creation on; an update has no parameter for it.
# https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateUserPool.html
KEPT = ("UsernameAttributes", "UsernameConfiguration", "AliasAttributes", "Schema")


@replaces(
    CognitoIdpBackend,
    "update_user_pool",
    "cognito-idp",
    "UpdateUserPool",
    "forgets the attributes that identify users, and the tags",
)
def update_user_pool(
    original: Callable, self: CognitoIdpBackend, user_pool_id: str, extended_config: Dict[str, Any]
) -> None:
    before = self.describe_user_pool(user_pool_id).extended_config
    kept = {name: before[name] for name in (*KEPT, "UserPoolTags") if name in before}
    original(self, user_pool_id, {**kept, **extended_config})
