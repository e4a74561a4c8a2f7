"""Resources that an account has before Terraform, with their ids: Route 53 zones and certificates."""

from __future__ import annotations

import os
from typing import Dict, List

from moto.acm.models import CertBundle, acm_backends
from moto.route53.models import route53_backends


def account() -> str:
    return os.environ.get("MOTO_ACCOUNT_ID", "123456789012")


def add(named: Dict[str, Dict[str, str]]) -> List[str]:
    """Creates what the account lacks, from domains by zone id and by certificate ARN; returns the ids and ARNs."""
    return [*add_zones(named.get("zones", {})), *add_certificates(named.get("certificates", {}))]


def add_zones(domains: Dict[str, str]) -> List[str]:
    backend = route53_backends[account()]["aws"]
    added = [zone_id for zone_id in domains if zone_id not in backend.zones]
    for zone_id in added:
        zone = backend.create_hosted_zone(f"{domains[zone_id]}.", private_zone=False)
        # Route 53 chooses the id itself.
        del backend.zones[zone.resource_id]
        zone.resource_id = zone_id
        backend.zones[zone_id] = zone
    return added


def add_certificates(domains: Dict[str, str]) -> List[str]:
    added = []
    for arn, domain in domains.items():
        region = arn.split(":")[3]
        held = acm_backends[account()][region]._certificates
        if arn not in held:
            held[arn] = CertBundle.generate_cert(domain, account(), region)
            held[arn].arn = arn
            added.append(arn)
    return added
