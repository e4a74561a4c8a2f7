"""Route 53 zones with given ids, which an account has before Terraform."""

from __future__ import annotations

import os
from typing import Dict, List

from moto.route53.models import route53_backends


def add(names: Dict[str, str]) -> List[str]:
    """Creates the zones that the account lacks, from domains by zone id; returns their ids."""
    account = os.environ.get("MOTO_ACCOUNT_ID", "123456789012")
    backend = route53_backends[account]["aws"]
    added = [zone_id for zone_id in names if zone_id not in backend.zones]
    for zone_id in added:
        zone = backend.create_hosted_zone(f"{names[zone_id]}.", private_zone=False)
        # Route 53 chooses the id itself.
        del backend.zones[zone.resource_id]
        zone.resource_id = zone_id
        backend.zones[zone_id] = zone
    return added
