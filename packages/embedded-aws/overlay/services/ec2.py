"""EC2: descriptions of security group rules."""

from __future__ import annotations

from typing import Any, Callable, Optional

from moto.ec2.models.security_groups import SecurityGroupRule

from ..registry import replaces


@replaces(SecurityGroupRule, "__init__", "ec2", "AuthorizeSecurityGroupEgress", "drops the description of a rule whose peer is a group or a prefix list")
def create(original: Callable, self: SecurityGroupRule, *arguments: Any, **named: Any) -> None:
    original(self, *arguments, **named)
    sources = [source for source in [*arguments, *named.values()] if isinstance(source, dict)]
    self.given_description = next((source["Description"] for source in sources if "Description" in source), None)


def description(self: SecurityGroupRule) -> Optional[str]:
    return self.ip_range.get("Description") or self.given_description


SecurityGroupRule.description = property(description)
