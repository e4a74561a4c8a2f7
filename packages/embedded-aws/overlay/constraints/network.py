"""EC2 and Elastic Load Balancing."""

from __future__ import annotations

from typing import Any, Dict, List, Optional

from moto.ec2.models import ec2_backends

from ..services.ec2 import CLOUDFRONT_LIST
from . import Call, refuses

EC2 = "https://docs.aws.amazon.com/vpc/latest/userguide"
ELB = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application"

MAX_RULES = 60
# Rules that CloudFront's prefix list of origins counts for. Source: CloudFront's page about its locations and addresses.
CLOUDFRONT_WEIGHT = 55


def has_internet_gateway(call: Call, vpc_id: str) -> bool:
    gateways = ec2_backends[call.account][call.region].internet_gateways.values()
    return any(gateway.vpc is not None and gateway.vpc.id == vpc_id for gateway in gateways)


def subnets_of(call: Call) -> List[Any]:
    ids = call.parameters.get("Subnets") or [
        mapping["SubnetId"] for mapping in call.parameters.get("SubnetMappings") or []
    ]
    return ec2_backends[call.account][call.region].describe_subnets(ids) if ids else []


@refuses("Gateway.NotAttached", f"{EC2}/nat-gateway-troubleshooting.html", "ec2.CreateNatGateway")
def nat_gateway_reaches_the_internet(call: Call) -> Optional[str]:
    if call.parameters.get("ConnectivityType") == "private":
        return None
    backend = ec2_backends[call.account][call.region]
    for subnet in backend.describe_subnets([call.parameters["SubnetId"]]):
        if not has_internet_gateway(call, subnet.vpc_id):
            return f"Network {subnet.vpc_id} has no Internet gateway attached"
    return None


@refuses("InvalidSubnet", f"{ELB}/application-load-balancers.html#subnets-load-balancer", "elbv2.CreateLoadBalancer")
def public_balancer_reaches_the_internet(call: Call) -> Optional[str]:
    if call.parameters.get("Scheme") == "internal" or call.parameters.get("Type") == "gateway":
        return None
    vpcs = {subnet.vpc_id for subnet in subnets_of(call)}
    missing = sorted(vpc_id for vpc_id in vpcs if not has_internet_gateway(call, vpc_id))
    return f"VPC {missing[0]} has no internet gateway" if missing else None


@refuses("ValidationError", f"{ELB}/application-load-balancers.html#subnets-load-balancer", "elbv2.CreateLoadBalancer")
def balancer_is_in_two_zones(call: Call) -> Optional[str]:
    zones = {subnet.availability_zone for subnet in subnets_of(call)}
    if call.parameters.get("Type", "application") != "application" or len(zones) >= 2:
        return None
    return "At least two subnets in two different Availability Zones must be specified"


def lists_of(permission: Dict[str, Any]) -> List[str]:
    return [given["PrefixListId"] for given in permission.get("PrefixListIds") or []]


@refuses(
    "InvalidPrefixListID.NotFound",
    "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html",
    *("ec2.AuthorizeSecurityGroupIngress", "ec2.AuthorizeSecurityGroupEgress"),
)
def prefix_lists_exist(call: Call) -> Optional[str]:
    known = ec2_backends[call.account][call.region].managed_prefix_lists
    named = [one for permission in call.parameters.get("IpPermissions") or [] for one in lists_of(permission)]
    missing = [one for one in named if one not in known]
    return f"The prefix list ID '{missing[0]}' does not exist" if missing else None


def weight_of_list(call: Call, list_id: str) -> int:
    """How many rules a prefix list counts for: as many as it may have entries."""
    known = ec2_backends[call.account][call.region].managed_prefix_lists.get(list_id)
    if known is not None and known.prefix_list_name == CLOUDFRONT_LIST:
        return CLOUDFRONT_WEIGHT
    return int(getattr(known, "max_entries", None) or 1)


def weights_of(call: Call, permission: Dict[str, Any]) -> Dict[str, int]:
    """How many rules a permission counts for, for IPv4 and for IPv6; groups and prefix lists count for both."""
    groups = len(permission.get("UserIdGroupPairs") or [])
    both = groups + sum(weight_of_list(call, one) for one in lists_of(permission))
    return {
        "IPv4": both + len(permission.get("IpRanges") or []),
        "IPv6": both + len(permission.get("Ipv6Ranges") or []),
    }


def permission_of(rule: Any) -> Dict[str, Any]:
    """A rule of moto as the permission that made it."""
    if rule.prefix_list_id:
        return {"PrefixListIds": [{"PrefixListId": rule.prefix_list_id}]}
    kind = "IpRanges" if "CidrIp" in rule.ip_range else "Ipv6Ranges" if rule.ip_range else "UserIdGroupPairs"
    return {kind: [rule.ip_range or rule.source_group]}


@refuses("RulesPerSecurityGroupLimitExceeded", f"{EC2}/amazon-vpc-limits.html#vpc-limits-security-groups", "ec2.AuthorizeSecurityGroupIngress")
def rules_fit_into_the_group(call: Call) -> Optional[str]:
    group = ec2_backends[call.account][call.region].get_security_group_from_id(call.parameters.get("GroupId"))
    if group is None:
        return None
    permissions = [permission_of(rule) for rule in group.ingress_rules]
    weights = [weights_of(call, one) for one in [*permissions, *(call.parameters.get("IpPermissions") or [])]]
    if all(sum(weight[family] for weight in weights) <= MAX_RULES for family in ("IPv4", "IPv6")):
        return None
    return "The maximum number of rules per security group has been reached."
