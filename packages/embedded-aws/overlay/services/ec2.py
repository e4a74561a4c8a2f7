"""EC2: descriptions of security group rules, and the ids of AWS's prefix lists."""

from __future__ import annotations

from typing import Any, Callable, Optional

from moto.ec2.models.managed_prefixes import ManagedPrefixListBackend
from moto.ec2.models.security_groups import SecurityGroupRule

from ..registry import replaces

CLOUDFRONT_LIST = "com.amazonaws.global.cloudfront.origin-facing"
# Its id by region, the same in every account. Source: `aws ec2 describe-managed-prefix-lists`, as public code quotes it.
CLOUDFRONT_LIST_IDS = {
    "us-east-1": "pl-3b927c52",
    "us-east-2": "pl-b6a144df",
    "us-west-1": "pl-4ea04527",
    "us-west-2": "pl-82a045eb",
    "ca-central-1": "pl-38a64351",
    "sa-east-1": "pl-5da64334",
    "eu-central-1": "pl-a3a144ca",
    "eu-west-1": "pl-4fa04526",
    "eu-west-2": "pl-93a247fa",
    "eu-west-3": "pl-75b1541c",
    "eu-north-1": "pl-fab65393",
    "ap-northeast-1": "pl-58a04531",
    "ap-south-1": "pl-9aa247f3",
    "ap-southeast-1": "pl-31a34658",
    "ap-southeast-2": "pl-b8a742d1",
}


@replaces(SecurityGroupRule, "__init__", "ec2", "AuthorizeSecurityGroupEgress", "drops the description of a rule whose peer is a group or a prefix list")
def create(original: Callable, self: SecurityGroupRule, *arguments: Any, **named: Any) -> None:
    original(self, *arguments, **named)
    sources = [source for source in [*arguments, *named.values()] if isinstance(source, dict)]
    self.given_description = next((source["Description"] for source in sources if "Description" in source), None)


def description(self: SecurityGroupRule) -> Optional[str]:
    return self.ip_range.get("Description") or self.given_description


SecurityGroupRule.description = property(description)


@replaces(ManagedPrefixListBackend, "create_default_pls", "ec2", "DescribeManagedPrefixLists", "creates CloudFront's prefix list with a new id in each run")
def create_default_lists(original: Callable, self: ManagedPrefixListBackend) -> None:
    original(self)
    known = CLOUDFRONT_LIST_IDS.get(self.region_name)
    if known is None:
        return
    found = next(one for one in self.managed_prefix_lists.values() if one.prefix_list_name == CLOUDFRONT_LIST)
    del self.managed_prefix_lists[found.id]
    found.id = known
    found.prefix_list_arn = found.arn(self.region_name, found.owner_id)
    self.managed_prefix_lists[known] = found
