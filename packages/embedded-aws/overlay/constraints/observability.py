"""CloudWatch and its logs."""

from __future__ import annotations

from typing import Optional

from . import Call, refuses

CLOUDWATCH = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference"
LOGS = "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference"

RETENTION_DAYS = [
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731),
    *(1_096, 1_827, 2_192, 2_557, 2_922, 3_288, 3_653),
]
SHORT_PERIODS_SECONDS = (10, 20, 30)
MINUTE, HOUR, DAY = 60, 3_600, 86_400
MAX_DAYS_OF_HOURS = 7
MAX_METRICS = 10


@refuses("InvalidParameterException", f"{LOGS}/API_PutRetentionPolicy.html", "logs.PutRetentionPolicy")
def retention_is_one_of_the_offered(call: Call) -> Optional[str]:
    days = call.parameters.get("retentionInDays")
    if days in RETENTION_DAYS:
        return None
    return f"1 validation error detected: Value '{days}' at 'retentionInDays' failed to satisfy constraint: Member must satisfy enum value set: {RETENTION_DAYS}"


@refuses("ValidationError", f"{CLOUDWATCH}/API_PutMetricAlarm.html", "cloudwatch.PutMetricAlarm")
def period_is_of_minutes(call: Call) -> Optional[str]:
    period = call.parameters.get("Period")
    if period is None or period in SHORT_PERIODS_SECONDS or period > 0 and period % MINUTE == 0:
        return None
    return "Period must be 10, 20, 30 or a multiple of 60"


@refuses("ValidationError", f"{CLOUDWATCH}/API_PutMetricAlarm.html", "cloudwatch.PutMetricAlarm")
def evaluation_ends_within_a_day_or_a_week(call: Call) -> Optional[str]:
    period, periods = call.parameters.get("Period"), call.parameters.get("EvaluationPeriods") or 1
    if period is None:
        return None
    longest = MAX_DAYS_OF_HOURS * DAY if period >= HOUR else DAY
    if period * periods <= longest:
        return None
    return f"Metrics cannot be checked across more than {longest // DAY} days (EvaluationPeriods * Period must be <= {longest})"


@refuses("ValidationError", f"{CLOUDWATCH}/API_PutMetricAlarm.html", "cloudwatch.PutMetricAlarm")
def breaches_are_within_the_evaluation(call: Call) -> Optional[str]:
    breaches, periods = call.parameters.get("DatapointsToAlarm"), call.parameters.get("EvaluationPeriods")
    if breaches is None or periods is None or breaches <= periods:
        return None
    return f"The datapoints to alarm must be less than or equal to the evaluation periods, {periods}"


@refuses("LimitExceeded", "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-limits.html", "cloudwatch.PutMetricAlarm")
def metrics_of_an_alarm_are_few(call: Call) -> Optional[str]:
    metrics = [query for query in call.parameters.get("Metrics") or [] if query.get("MetricStat")]
    return None if len(metrics) <= MAX_METRICS else f"An alarm can have at most {MAX_METRICS} metrics"
