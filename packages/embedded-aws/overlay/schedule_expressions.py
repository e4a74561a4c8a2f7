"""Expressions of schedules: `rate(5 minutes)`, `cron(0 12 * * ? *)`, `at(2026-01-31T12:00:00)`.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import datetime, timedelta, timezone, tzinfo
from typing import Callable, List, Optional, Set
from zoneinfo import ZoneInfo

MONTHS = {name: place for place, name in enumerate("JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split(), 1)}
DAYS = {name: place for place, name in enumerate("SUN MON TUE WED THU FRI SAT".split(), 1)}
SECONDS = {"minute": 60, "hour": 3_600, "day": 86_400}
RATE = re.compile(r"rate\((\d+) (minute|hour|day)(s?)\)")
CRON = re.compile(r"cron\((\S+) (\S+) (\S+) (\S+) (\S+) (\S+)\)")
AT = re.compile(r"at\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\)")

# Whether a schedule is due after the first and up to the second time; all are seconds since 1970.
Due = Callable[[float, float], bool]


def zone_of(name: str) -> tzinfo:
    """Time zone by name; UTC needs no database."""
    return timezone.utc if name == "UTC" else ZoneInfo(name)


def parse(expression: str, created: float, zone: str = "UTC") -> Optional[Due]:
    """Parses an expression; None if AWS would reject it."""
    try:
        return rate(expression, created) or at(expression, zone) or cron(expression, zone)
    except (ValueError, KeyError):
        return None


def rate(expression: str, created: float) -> Optional[Due]:
    match = RATE.fullmatch(expression)
    if match is None or int(match[1]) == 0 or (int(match[1]) == 1) == bool(match[3]):
        return None
    period = int(match[1]) * SECONDS[match[2]]
    return lambda since, now: max(0, (now - created) // period) > max(0, (since - created) // period)


def at(expression: str, zone: str) -> Optional[Due]:
    match = AT.fullmatch(expression)
    if match is None:
        return None
    moment = datetime.fromisoformat(match[1]).replace(tzinfo=zone_of(zone)).timestamp()
    return lambda since, now: since < moment <= now


def cron(expression: str, zone: str) -> Optional[Due]:
    match = CRON.fullmatch(expression)
    if match is None:
        return None
    minute, hour, day, month, weekday, year = match.groups()
    # One of the two selects days; the other must be `?`.
    if (day == "?") == (weekday == "?"):
        return None
    minutes, hours = values(minute, 0, 59), values(hour, 0, 23)
    months, years = values(month, 1, 12, MONTHS), values(year, 1970, 2199)
    on_day = weekdays(weekday) if day == "?" else month_days(day)
    local = zone_of(zone)

    def matches(moment: datetime) -> bool:
        here = moment.astimezone(local)
        # An hour that occurs twice counts once.
        if here.fold or here.minute not in minutes or here.hour not in hours:
            return False
        return here.month in months and here.year in years and on_day(here)

    def due(since: float, now: float) -> bool:
        first = int(since // 60 + 1)
        moments = (datetime.fromtimestamp(60 * one, timezone.utc) for one in range(first, int(now // 60) + 1))
        return any(matches(moment) for moment in moments)

    return due


def number(text: str, least: int, most: int, names: Optional[dict] = None) -> int:
    value = names[text.upper()] if names and not text.isdigit() else int(text)
    if not least <= value <= most:
        raise ValueError(text)
    return value


def values(field: str, least: int, most: int, names: Optional[dict] = None) -> Set[int]:
    """A field: `*`, `5`, `1-5`, `0/15`, `*/15`, or a comma-separated list."""
    found: Set[int] = set()
    for part in field.split(","):
        span, _, step = part.partition("/")
        low, dash, high = span.partition("-")
        first = least if span == "*" else number(low, least, most, names)
        last = number(high, least, most, names) if dash else (most if step or span == "*" else first)
        if last < first or (step and int(step) < 1):
            raise ValueError(field)
        found.update(range(first, last + 1, int(step or 1)))
    return found


def weekday_of(moment: datetime) -> int:
    """1 is Sunday."""
    return moment.isoweekday() % 7 + 1


def weekdays(field: str) -> Callable[[datetime], bool]:
    """Days of the week; `L` is Saturday, `5L` the last Thursday of a month, `3#2` the second Tuesday."""
    last, nth = re.fullmatch(r"(\w+)L", field), re.fullmatch(r"(\w+)#([1-5])", field)
    if last:
        wanted = number(last[1], 1, 7, DAYS)
        return lambda moment: weekday_of(moment) == wanted and moment.day + 7 > length(moment)
    if nth:
        wanted, place = number(nth[1], 1, 7, DAYS), int(nth[2])
        return lambda moment: weekday_of(moment) == wanted and (moment.day - 1) // 7 + 1 == place
    days = values("7" if field == "L" else field, 1, 7, DAYS)
    return lambda moment: weekday_of(moment) in days


def month_days(field: str) -> Callable[[datetime], bool]:
    """Days of the month; `L` is the last, `15W` the weekday nearest to the 15th, `LW` the last weekday."""
    if field == "L":
        return lambda moment: moment.day == length(moment)
    near = re.fullmatch(r"(\d+|L)W", field)
    if near:
        wanted = None if near[1] == "L" else number(near[1], 1, 31)
        return lambda moment: moment.day == nearest_weekday(moment, min(wanted or 31, length(moment)))
    days = values(field, 1, 31)
    return lambda moment: moment.day in days


def length(moment: datetime) -> int:
    """Days of its month."""
    return monthrange(moment.year, moment.month)[1]


def nearest_weekday(moment: datetime, day: int) -> int:
    """The weekday nearest to a day, in the same month."""
    there = moment.replace(day=day)
    candidates: List[datetime] = [there + timedelta(days=days) for days in (0, -1, 1, -2, 2)]
    return next(one.day for one in candidates if one.month == there.month and one.isoweekday() <= 5)
