"""The production calendar against the `holidays` package."""

from __future__ import annotations

import holidays
import numpy as np
import pandas as pd

from salescourse.simulation import calendar


def test_working_days_are_those_of_the_holidays_package():
    known = holidays.country_holidays("RU", years=(2024, 2025, 2026))
    ours = dict(zip(calendar.days().astype(object), calendar.is_workday().tolist(), strict=True))
    differ = [day for day, working in ours.items() if known.is_working_day(day) != working]
    assert differ == []


def test_working_days_of_a_few_months_known_by_heart():
    def count(month):
        first = np.datetime64(month, "M")
        return calendar.workdays_between(
            first.astype("datetime64[D]"), (first + 1).astype("datetime64[D]") - 1
        )

    assert [count(m) for m in ("2025-01", "2025-05", "2025-07", "2025-10")] == [17, 18, 23, 23]


def test_next_workday_skips_the_new_year():
    day = np.array([np.datetime64("2026-01-01", "D").astype(np.int64)])
    assert pd.Timestamp(int(calendar.next_workday(day)[0]), unit="D") == pd.Timestamp("2026-01-12")


def test_next_workday_stays_on_a_working_day():
    day = np.array([np.datetime64("2026-09-28", "D").astype(np.int64)])
    assert calendar.next_workday(day)[0] == day[0]
