"""The cycle and mature months, worked out by hand."""

from __future__ import annotations

import doctest
import functools
import importlib
import sys
from pathlib import Path

import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from handmade import Lead, firm, paid, upto

from salescourse import funnel, measures
from salescourse.company import Company
from salescourse.errors import StudentError


@pytest.fixture
def company():
    """Paid cycles of 20, 40 and 30 days; one duplicate and one test among the leads."""
    return firm(
        [
            paid("сайт", 1, "2026-01-10", "2026-01-30", 10_000),
            Lead("сайт", 1, "2026-01-12", upto("Переговоры")),
            paid("реклама", 1, "2026-02-05", "2026-03-17", 20_000),
            paid("сайт", 2, "2026-03-03", "2026-04-02", 30_000),
            Lead("сайт", 1, "2026-05-04", upto("Квалификация"), "открыта"),
            paid("сайт", 1, "2026-01-11", "2026-05-01", 1, mark="дубль"),
            Lead("сайт", 1, "2026-02-06", mark="тест"),
        ],
        asof="2026-05-31",
    )


def month(text: str) -> pd.Timestamp:
    return pd.Timestamp(f"{text}-01")


def test_clean_leads_leave_out_duplicates_and_tests(company):
    assert measures.clean_leads(company)["lead_id"].tolist() == [1, 2, 3, 4, 5]


def test_cycle_is_the_median_and_the_ninetieth_percentile_of_paid_deals(company):
    # 20, 30, 40 days: the 90th percentile stands 0.8 of the way from 30 to 40
    assert measures.cycle(company) == pytest.approx((30, 38))


def test_a_month_is_mature_when_the_long_cycle_has_passed_since_its_end(company):
    # from 30 April 31 days have passed, fewer than 38; from 31 March 61
    assert measures.last_mature_month(company) == month("2026-03")
    assert measures.mature(company, 2) == [month("2026-02"), month("2026-03")]


def test_a_month_that_ended_exactly_a_long_cycle_ago_is_mature():
    leads = [paid("сайт", 1, "2026-01-05", "2026-02-04", 1)]  # 30 days
    assert measures.last_mature_month(firm(leads, "2026-03-30")) == month("2026-02")
    assert measures.last_mature_month(firm(leads, "2026-03-29")) == month("2026-01")


@pytest.mark.parametrize("wrong", [0, -1, 2.5, "6", None, True, 4])
def test_mature_refuses_what_is_not_a_number_of_months_there_are(company, wrong):
    with pytest.raises(StudentError):
        measures.mature(company, wrong)


def test_cycle_needs_a_payment():
    with pytest.raises(StudentError, match="нет оплаченных"):
        measures.cycle(firm([Lead("сайт", 1, "2026-01-01")], "2026-05-31"))


def test_a_list_of_months_is_the_students_own(company):
    measures.mature(company, 3).clear()
    assert len(measures.mature(company, 3)) == 3


@pytest.mark.parametrize(
    "helper",
    [getattr(measures, n) for n in ("clean_leads", "cycle", "last_mature_month", "mature")]
    + [getattr(funnel, n) for n in funnel.__all__ if n not in ("TRANSITIONS", "name", "person")],
)
def test_every_helper_shows_the_pandas_and_the_excel_way(helper):
    assert helper.working.pandas and helper.working.excel
    assert helper.__doc__ and any("а" <= letter <= "я" for letter in helper.__doc__)


class Demo:
    """Loads the demo company once for all examples."""

    load = staticmethod(functools.cache(Company.load))


PARTS = ("causes", "cohorts", "leads", "leak", "levers", "people", "report", "sellers")


@pytest.mark.parametrize("name", ["measures", *(f"funnel.{part}" for part in PARTS)])
def test_examples_in_docstrings_run(name):
    module = importlib.import_module(f"salescourse.{name}")
    names = {"Company": Demo, "funnel": funnel, "measures": measures}
    found = doctest.testmod(module, extraglobs=names)
    assert found.attempted and not found.failed
