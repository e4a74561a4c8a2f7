"""Route 53: records that are created again."""

from __future__ import annotations

from typing import Any, Callable, Dict, List

from moto.route53.models import FakeZone, Route53Backend

from ..registry import replaces


@replaces(Route53Backend, "change_resource_record_sets", "route53", "ChangeResourceRecordSets", "takes a deleted record for one that exists")
def change(original: Callable, self: Route53Backend, zoneid: str, change_list: List[Dict[str, Any]]) -> None:
    zone = self.get_hosted_zone(zoneid)
    for one in change_list:
        if one["Action"] == "CREATE" and not exists(zone, one["ResourceRecordSet"]):
            # Moto looks for an equal change in the zone's history, whose names have no dot at their end; `in` removes it.
            while one in zone.rr_changes:
                zone.rr_changes.remove(one)
    original(self, zoneid, change_list)


def exists(zone: FakeZone, record: Dict[str, Any]) -> bool:
    name = record["Name"].rstrip(".")
    return any(one.name.rstrip(".") == name and one.type == record["Type"] for one in zone.rrsets)
