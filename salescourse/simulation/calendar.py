"""Russian production calendar 2024–2026: working days and holidays.

Kept as data, not computed: a later release of a holiday library may change a date, and
with it every company. A test compares the table with the `holidays` package.
Source: resolutions of the Government of the Russian Federation on transferred days off.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

ONE_DAY, ONE_MONTH = np.timedelta64(1, "D"), np.timedelta64(1, "M")
FIRST, LAST = np.datetime64("2024-01-01", "D"), np.datetime64("2026-12-31", "D")

NEW_YEAR, DEFENDER, WOMEN = "Новогодние каникулы", "День защитника Отечества", "8 Марта"
MAY, VICTORY, RUSSIA, UNITY = "Праздник Весны и Труда", "День Победы", "День России", "4 ноября"
MOVED = "Перенесённый выходной"

# (first day, last day, name): days off that are holidays or were moved to a weekday
HOLIDAYS = (
    ("2024-01-01", "2024-01-08", NEW_YEAR),
    ("2024-02-23", "2024-02-23", DEFENDER),
    ("2024-03-08", "2024-03-08", WOMEN),
    ("2024-04-29", "2024-04-30", MOVED),
    ("2024-05-01", "2024-05-01", MAY),
    ("2024-05-09", "2024-05-09", VICTORY),
    ("2024-05-10", "2024-05-10", MOVED),
    ("2024-06-12", "2024-06-12", RUSSIA),
    ("2024-11-04", "2024-11-04", UNITY),
    ("2024-12-30", "2024-12-31", MOVED),
    ("2025-01-01", "2025-01-08", NEW_YEAR),
    ("2025-02-23", "2025-02-23", DEFENDER),
    ("2025-03-08", "2025-03-08", WOMEN),
    ("2025-05-01", "2025-05-01", MAY),
    ("2025-05-02", "2025-05-02", MOVED),
    ("2025-05-08", "2025-05-08", MOVED),
    ("2025-05-09", "2025-05-09", VICTORY),
    ("2025-06-12", "2025-06-12", RUSSIA),
    ("2025-06-13", "2025-06-13", MOVED),
    ("2025-11-03", "2025-11-03", MOVED),
    ("2025-11-04", "2025-11-04", UNITY),
    ("2025-12-31", "2025-12-31", MOVED),
    ("2026-01-01", "2026-01-08", NEW_YEAR),
    ("2026-01-09", "2026-01-09", MOVED),
    ("2026-02-23", "2026-02-23", DEFENDER),
    ("2026-03-08", "2026-03-08", WOMEN),
    ("2026-03-09", "2026-03-09", MOVED),
    ("2026-05-01", "2026-05-01", MAY),
    ("2026-05-09", "2026-05-09", VICTORY),
    ("2026-05-11", "2026-05-11", MOVED),
    ("2026-06-12", "2026-06-12", RUSSIA),
    ("2026-11-04", "2026-11-04", UNITY),
    ("2026-12-31", "2026-12-31", MOVED),
)
WORKING_WEEKENDS = ("2024-04-27", "2024-11-02", "2024-12-28", "2025-11-01")


@lru_cache(maxsize=1)
def days() -> np.ndarray:
    """Every day of the calendar."""
    return np.arange(FIRST, LAST + ONE_DAY)


def months_between(first: np.datetime64, last: np.datetime64) -> np.ndarray:
    """Every month from that of `first` to that of `last`."""
    return np.arange(first.astype("datetime64[M]"), last.astype("datetime64[M]") + ONE_MONTH)


def first_days(months: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The first day of each month and of the month after it, in days from 1970."""
    both = (months, months + ONE_MONTH)
    return tuple(m.astype("datetime64[D]").astype(np.int64) for m in both)


@lru_cache(maxsize=1)
def holiday_names() -> np.ndarray:
    """Name of the holiday of each day, or an empty string."""
    names = np.full(len(days()), "", dtype=object)
    for first, last, name in HOLIDAYS:
        start = int((np.datetime64(first) - FIRST).astype(int))
        stop = int((np.datetime64(last) - FIRST).astype(int)) + 1
        names[start:stop] = name
    return names


@lru_cache(maxsize=1)
def is_workday() -> np.ndarray:
    """Whether each day is a working day."""
    weekday = (days().astype(np.int64) + 3) % 7  # 1970-01-01 was a Thursday
    working = (weekday < 5) & (holiday_names() == "")
    for day in WORKING_WEEKENDS:
        working[int((np.datetime64(day) - FIRST).astype(int))] = True
    return working


@lru_cache(maxsize=1)
def _next() -> np.ndarray:
    """Days from 1970 of the first working day on or after each day."""
    numbers = days().astype(np.int64)
    masked = np.where(is_workday(), numbers, np.iinfo(np.int64).max)
    following = np.minimum.accumulate(masked[::-1])[::-1]
    return np.where(following == np.iinfo(np.int64).max, numbers, following)


def next_workday(day: np.ndarray) -> np.ndarray:
    """The working day on or after each day, in days from 1970 (days beyond the table stay)."""
    index = day - FIRST.astype(np.int64)
    inside = np.clip(index, 0, len(_next()) - 1)
    return np.where(index == inside, _next()[inside], day)


def workdays_between(first: np.datetime64, last: np.datetime64) -> int:
    """Working days from `first` to `last`, both included."""
    start, stop = int((first - FIRST).astype(int)), int((last - FIRST).astype(int)) + 1
    return int(is_workday()[start:stop].sum())
