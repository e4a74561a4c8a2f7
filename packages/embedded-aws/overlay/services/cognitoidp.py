"""Cognito: tags of user pools."""

from __future__ import annotations

import json
from typing import Any, Callable, Dict, Optional

from moto.cognitoidp.exceptions import ResourceNotFoundError
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
