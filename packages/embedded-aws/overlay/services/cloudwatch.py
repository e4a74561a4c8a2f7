"""CloudWatch: composite alarms, and statistics that moto lacks."""

from __future__ import annotations

import math
import re
from typing import Any, Callable, List, Optional

from moto.cloudwatch.models import Statistics
from moto.cloudwatch.responses import CloudWatchResponse

from ..registry import replaces

PERCENTILE = re.compile(r"^p(\d+(?:\.\d+)?)$")
RANK = re.compile(r"^PR\((\d*\.?\d*):(\d*\.?\d*)\)$")


@replaces(CloudWatchResponse, "put_composite_alarm", "cloudwatch", "PutCompositeAlarm", "stores composite alarms without creating them")
def put_composite_alarm(original: Optional[Callable], self: CloudWatchResponse) -> Any:
    return self.put_metric_alarm()


@replaces(Statistics, "get_statistics_for_type", "cloudwatch", "GetMetricData", "returns neither percentiles nor percentile ranks")
def statistic(original: Callable, self: Statistics, stat: str) -> Optional[float]:
    percentile, rank = PERCENTILE.match(stat), RANK.match(stat)
    if not percentile and not rank:
        return original(self, stat)
    values: List[float] = sorted(self.metric_single_values_list)
    if not values:
        return None
    if percentile:
        return values[max(0, math.ceil(float(percentile.group(1)) / 100 * len(values)) - 1)]
    low, high = (float(bound) if bound else None for bound in rank.groups())
    within = [value for value in values if (low is None or value > low) and (high is None or value <= high)]
    return 100 * len(within) / len(values)
