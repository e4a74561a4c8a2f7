"""When schedules are due, by the examples of AWS's documentation."""

from __future__ import annotations

import unittest
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from overlay.schedule_expressions import parse


def seconds(text: str, zone: str = "UTC") -> float:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp()


class ScheduleExpressions(unittest.TestCase):
    def due(self, expression: str, since: str, now: str, created: str = "2026-01-01T00:00:00") -> bool:
        due = parse(expression, seconds(created))
        assert due is not None, expression
        return due(seconds(since), seconds(now))

    def days(self, expression: str, year: int, month: int) -> list:
        """Days of a month on which it is due."""
        first = datetime(year, month, 1)
        days = [first + timedelta(days=day) for day in range(31)]
        within = [day for day in days if day.month == month]
        return [day.day for day in within if self.due(expression, (day - timedelta(seconds=1)).isoformat(), (day + timedelta(hours=23)).isoformat())]

    def test_a_cron_expression_is_due_once_in_its_minute(self) -> None:
        self.assertTrue(self.due("cron(0 10 * * ? *)", "2026-03-04T09:59:59", "2026-03-04T10:00:00"))
        self.assertFalse(self.due("cron(0 10 * * ? *)", "2026-03-04T10:00:00", "2026-03-04T10:00:59"))
        self.assertTrue(self.due("cron(15 12 * * ? *)", "2026-03-04T12:14:59.5", "2026-03-04T12:15:00.5"))
        self.assertFalse(self.due("cron(15 12 * * ? *)", "2026-03-04T12:13:59", "2026-03-04T12:14:01"))
        self.assertTrue(self.due("cron(0/15 * * * ? *)", "2026-03-04T12:29:59", "2026-03-04T12:30:01"))
        self.assertFalse(self.due("cron(0/15 * * * ? *)", "2026-03-04T12:30:59", "2026-03-04T12:44:59"))

    def test_the_days_of_a_cron_expression_are_those_of_the_documentation(self) -> None:
        for expression, month, days in [
            ("cron(0 18 ? * MON-FRI *)", 8, [3, 4, 5, 6, 7, 10, 11, 12, 13, 14, 17, 18, 19, 20, 21, 24, 25, 26, 27, 28, 31]),
            ("cron(0 8 1 * ? *)", 3, [1]),
            ("cron(0 8 L * ? *)", 2, [28]),
            ("cron(0 8 LW * ? *)", 2, [27]),
            ("cron(0 8 1W * ? *)", 8, [3]),
            ("cron(0 8 15W * ? *)", 8, [14]),
            ("cron(0 8 15W * ? *)", 11, [16]),
            ("cron(0 8 ? * 5L *)", 11, [26]),
            ("cron(0 8 ? * 3#2 *)", 11, [10]),
            ("cron(0 8 ? * L *)", 11, [7, 14, 21, 28]),
            ("cron(0 8 ? JAN,MAR SUN *)", 2, []),
            ("cron(0 8 ? * SUN 2027)", 11, []),
        ]:
            self.assertEqual((expression, self.days(expression, 2026, month)), (expression, days))

    def test_a_time_zone_follows_summer_time_and_a_repeated_hour_counts_once(self) -> None:
        rome = "Europe/Rome"
        due = parse("cron(0 9 * * ? *)", 0, rome)
        assert due is not None
        for utc in ("2026-07-01T07:00:00", "2026-01-01T08:00:00"):
            self.assertTrue(due(seconds(utc) - 1, seconds(utc)))
        night = parse("cron(30 2 * * ? *)", 0, rome)
        assert night is not None
        hours = [seconds(f"2026-10-25T0{hour}:30:00") for hour in range(3)]
        self.assertEqual([night(one - 1, one) for one in hours], [True, False, False])

    def test_a_rate_counts_from_its_creation(self) -> None:
        made = "2026-01-01T00:00:10"
        self.assertFalse(self.due("rate(5 minutes)", "2026-01-01T00:00:10", "2026-01-01T00:05:09", created=made))
        self.assertTrue(self.due("rate(5 minutes)", "2026-01-01T00:05:09", "2026-01-01T00:05:10", created=made))
        self.assertFalse(self.due("rate(1 minute)", "2025-12-31T00:00:00", "2026-01-01T00:00:09", created=made))

    def test_a_time_is_due_once_in_its_time_zone(self) -> None:
        due = parse("at(2026-11-20T13:00:00)", 0, "America/Sao_Paulo")
        assert due is not None
        moment = seconds("2026-11-20T16:00:00")
        self.assertEqual([due(moment - 1, moment), due(moment, moment + 60)], [True, False])

    def test_expressions_that_aws_rejects_are_rejected(self) -> None:
        for expression in (
            *("rate(1 minutes)", "rate(5 minute)", "rate(0 minutes)", "rate(5 seconds)", "cron(0 10 * * * *)", "cron(0 10 ? * ? *)"),
            *("cron(60 10 * * ? *)", "cron(0 24 * * ? *)", "cron(0 10 * 13 ? *)", "cron(0 10 ? * 8 *)", "cron(0 10 * * ?)"),
            *("cron(0 10 5-1 * ? *)", "cron(0/0 10 * * ? *)", "cron(0 10 ? * FOO *)", "at(2026-11-20)", "at(2026-13-20T13:00:00)", "hourly"),
        ):
            self.assertIsNone(parse(expression, 0), expression)


if __name__ == "__main__":
    unittest.main()
