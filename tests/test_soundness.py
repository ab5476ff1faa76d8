"""The proof itself: it must fail on an unsound unit."""

from __future__ import annotations

import pytest

from salescourse import soundness, units
from salescourse.answers import Absolute, Number
from salescourse.company import Company
from salescourse.tasks import Gate, Mistake, Task

CODE = "ROP-7F3A-K"


def count(company: Company) -> float:
    return float(len(company.deals))


def task(**other) -> Task:
    given = {
        "id": "sample-1",
        "title": "Сделки",
        "question": "Сколько сделок?",
        "kind": Number("шт.", Absolute(1)),
        "truth": count,
        "estimator": "число строк",
        "mistakes": (
            Mistake("leads", lambda c: float(len(c.leads)), "Вы посчитали заявки."),
            Mistake("double", lambda c: 2 * count(c), "Вы посчитали дважды."),
        ),
        "points": 2,
    }
    return Task(**{**given, **other})


@pytest.fixture
def unit(monkeypatch):
    """A unit of one task, and what `examine` says of it on one company."""

    def examine(made: Task, gates: tuple[Gate, ...] = (), **ways):
        monkeypatch.setattr(units, "tasks_of", lambda slug: (made,))
        monkeypatch.setattr(units, "gates_of", lambda slug: gates)
        return soundness.examine(CODE, ("sample",), **ways)

    return examine


def right(slug, company):
    return {"sample-1": (count(company),)}


def test_a_sound_task_has_no_remarks(unit):
    found = unit(task(), solve=right, oracles=lambda: {"sample-1": count})
    assert (found.obstacles, found.failures) == ([], [])
    assert all(found.recognised.values())
    assert min(found.margins.values()) > soundness.FAR


def test_a_gated_mistake_near_the_truth_makes_the_company_unfit(unit):
    near = Mistake("near", lambda c: count(c) + 1.5, "Рядом.")
    found = unit(task(mistakes=(near,)))
    assert found.obstacles == ["sample-1: near"]


def test_a_mistake_that_is_not_gated_may_be_near(unit):
    near = Mistake("near", lambda c: count(c) + 1.5, "Рядом.", gated=False)
    found = unit(task(mistakes=(near,)))
    assert (found.obstacles, found.failures, found.margins) == ([], [], {})


def test_a_gate_that_does_not_hold_makes_the_company_unfit(unit):
    found = unit(task(), gates=(Gate("утечка", "утечка видна", lambda c: False),))
    assert found.obstacles == ["sample: утечка"]


def test_a_wrong_solution_is_a_failure(unit):
    found = unit(task(), solve=lambda slug, c: {"sample-1": (count(c) + 100,)})
    assert len(found.failures) == 1 and "решение из тетради" in found.failures[0]


def test_a_missing_solution_is_a_failure(unit):
    assert "нет решения" in unit(task(), solve=lambda slug, c: {}).failures[0]


def test_an_oracle_that_disagrees_is_a_failure(unit):
    found = unit(task(), oracles=lambda: {"sample-1": lambda c: count(c) * 1.1})
    assert len(found.failures) == 1 and "независимый расчёт" in found.failures[0]


def test_a_missing_oracle_is_a_failure(unit):
    assert "независимого" in unit(task(), oracles=dict).failures[0]


def test_two_mistakes_with_one_value_share_a_hint(unit):
    twins = tuple(Mistake(n, lambda c: 2 * count(c), "Дважды.") for n in ("one", "two"))
    found = unit(task(mistakes=twins))
    assert found.failures == []
    assert found.recognised == {("sample-1", "one"): True, ("sample-1", "two"): False}


def test_a_truth_that_earns_nothing_is_an_error_of_ours(unit):
    with pytest.raises(ValueError, match="does not earn"):
        unit(task(truth=lambda c: float("nan")))


def test_codes_are_issued_only_for_fit_companies(monkeypatch):
    monkeypatch.setattr(soundness, "passes", lambda c: len(c.leads) % 2 == 0)
    codes = list(soundness.issue_codes(5, seed=3))
    assert len(set(codes)) == 5
    assert all(len(Company.generate(code).leads) % 2 == 0 for code in codes)
    assert codes == list(soundness.issue_codes(5, seed=3))


def test_a_report_without_enough_fit_codes_is_not_ok():
    unfit = [soundness.Finding(CODE, "price", ["x: y"])] * 4
    report = soundness.Report(unfit, (), 2)
    assert not report.ok
    assert report.shares()[-1] == ("все", 4, 0.0)
    assert report.hindrances() == [("x: y", 1.0)]
    assert "x: y" in report.table() and "годных кодов 0 вместо 2" in report.table()
