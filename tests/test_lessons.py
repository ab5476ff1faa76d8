"""What the course's notebooks promise: prose true of the demo company, no answer given away."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from salescourse import funnel, measures, motivation
from salescourse.authoring import build, expand
from salescourse.authoring.notebooks import forbid_leaks, slug_of
from salescourse.authoring.source import read
from salescourse.charts.stages import CLEAR, ENOUGH, SURE
from salescourse.company import Company
from salescourse.text import parse_number

ROOT = Path(__file__).parents[1]
LESSONS = sorted((ROOT / "notebooks/src").glob("*.py"))
EXERCISES = sorted((ROOT / "exercises/src").glob("*.py"))
SOURCES = [*LESSONS, *EXERCISES]


def name(path: Path) -> str:
    return f"{path.parents[1].name}/{path.stem}"


def student(source: Path):
    if source in LESSONS:
        return expand.lesson(read(source))
    return expand.exercise(read(source), slug_of(source), solved=False)


@pytest.fixture(scope="module")
def demo() -> Company:
    return Company.load("demo")


@pytest.fixture(scope="module")
def months(demo):
    return measures.mature(demo, 12)


# The notebooks are what their sources say -----------------------------------------------------


def test_every_notebook_is_built_from_its_source():
    assert build(check=True) == [], "salescourse build"


@pytest.mark.parametrize("source", SOURCES, ids=name)
def test_no_cell_is_longer_than_twelve_lines_of_code(source):
    for cell in student(source).cells:
        if cell.cell_type == "code":
            assert len(cell.source.splitlines()) <= 12, cell.source


@pytest.mark.parametrize("source", SOURCES, ids=name)
def test_the_first_code_cell_is_harmless_and_installs_on_colab(source):
    first = next(c for c in student(source).cells if c.cell_type == "code")
    assert 'if "google.colab" in sys.modules' in first.source
    assert 'run_line_magic("pip", "install --quiet salescourse")' in first.source
    assert first.source.endswith('print("Готово к работе")')


@pytest.mark.parametrize("source", SOURCES, ids=name)
def test_prose_keeps_to_russian_typography_and_to_an_even_voice(source):
    for cell in student(source).cells:
        if cell.cell_type != "markdown":
            continue
        prose = re.sub(r"`[^`]*`|<!--.*?-->|\]\([^)]*\)", "код", cell.source)
        assert "!" not in prose, prose
        assert not re.search(r'"[а-яё]', prose, re.IGNORECASE), prose
        assert not re.search(r"\w - \w|(?<!\|) -- ", prose), prose
        assert not re.search(r"(?<=\S)  +(?=\S)", prose), prose
        assert not re.search(r"\d [%₽]", prose), prose


@pytest.mark.parametrize("source", EXERCISES, ids=name)
def test_students_get_no_line_of_a_solution(source):
    cells = read(source)
    notebook = student(source)
    forbid_leaks(cells, notebook)
    whole = "\n".join(cell.source for cell in notebook.cells)
    assert "решение\n" not in whole and "salescourse.units" not in whole
    assert not any(cell.get("outputs") for cell in notebook.cells)


@pytest.mark.parametrize("source", EXERCISES, ids=name)
def test_every_task_is_asked_before_it_is_answered_and_worth_its_points(source):
    whole = "\n".join(cell.source for cell in student(source).cells)
    for task in expand.tasks_of(slug_of(source)).values():
        question = whole.index(f"**{task.id}, ")
        answer = whole.find(f'check("{task.id}"')
        assert answer > question or expand.is_text(task), task.id


@pytest.mark.parametrize("source", EXERCISES, ids=name)
def test_an_exercise_holds_no_numeric_answer(source, demo):
    """No number standing in a student's notebook is the demo company's truth."""
    given = "\n".join(cell.source for cell in student(source).cells)
    for task in expand.tasks_of(slug_of(source)).values():
        if type(task.kind).__name__ != "Number":
            continue
        truth = task.truth(demo)
        typed = (parse_number(word) for word in re.findall(r"\d[\d.,\u00a0]*", given))
        near = [t.value for t in typed if t and t.value == pytest.approx(truth, rel=1e-3)]
        assert not near, task.id


# The lesson on the funnel is true of the demo company -------------------------------------------


def test_january_is_the_quietest_month(demo):
    counts = funnel.reached(demo).groupby("month").size()
    assert counts.idxmin().month == 1


def test_the_three_period_filters_give_three_numbers(demo):
    rows = funnel.sales_analysis(demo, "2026-03")
    assert rows["deals"].nunique() == rows["deals_оплачена"].nunique() == 3


def test_the_short_cut_misleads_by_month_and_not_on_average(demo):
    rows = funnel.by_month(demo)
    rows = rows[rows["mature"]].iloc[3:]
    assert (rows["ratio"] - rows["cohort"]).max() >= 2
    assert abs(rows["ratio"].mean() - rows["cohort"].mean()) < 0.6


def test_the_last_cohorts_seem_to_collapse_because_their_deals_are_open(demo):
    rows = funnel.by_month(demo)
    usual = rows.loc[rows["mature"], "cohort"].mean()
    assert rows["cohort"].iloc[-1] < usual / 2
    assert rows["open"].iloc[-1] > 10 * rows.loc[rows["mature"], "open"].mean()


def test_the_answer_wanders_with_the_number_of_months(demo):
    found = [funnel.conversion(demo, measures.mature(demo, last)) for last in (1, 3, 6, 12)]
    assert max(found) - min(found) >= 0.5


def test_the_narrowest_stage_is_qualification(demo, months):
    assert funnel.stages(demo, months)["conversion"].idxmin() == "Квалификация"


def test_many_leads_and_much_money_come_from_different_sources(demo, months):
    rows = funnel.lead_quality(demo, months).drop(index="не указан")
    assert rows["leads"].idxmax() != rows["gp_per_lead"].idxmax()


def test_no_seller_is_a_leak_much_dearer_than_the_next(demo, months):
    rows = funnel.leaks(demo, "owner_id", months)
    first, second = rows.loc[rows["n"] >= ENOUGH, "lost"].nlargest(2)
    assert first / second < CLEAR


def test_one_campaign_outweighs_any_seller(demo, months):
    rows = funnel.leaks(demo, "campaign", months)
    worst = rows.loc[rows["lost"].idxmax()]
    assert (worst["transition"], worst["key"]) == ("Новая заявка → Квалификация", "Сайт: главная")
    assert worst["z"] >= SURE
    assert worst["lost"] > 2 * funnel.leaks(demo, "owner_id", months)["lost"].max()


def test_the_last_line_of_the_leak_in_money_is_the_first_year(demo, months):
    row = funnel.in_money(demo, "Квалификация", "Сайт: главная", months)
    assert row.attrs["captions"][row.columns[-1]].endswith("12 месяцев")
    assert row.iloc[0, -1] > row["lost"].iloc[0]


def test_the_pair_is_turned_over_inside_nearly_every_source(demo):
    months = measures.mature(demo, 18)
    a, b = funnel.simpson_pair(demo)
    rows = funnel.by_source(demo, (a, b), months)["conversion"]
    total, inside = rows.iloc[0], rows.iloc[1:]
    raw, other = (a, b) if total[a] > total[b] else (b, a)
    assert (inside[other] > inside[raw]).sum() >= len(inside) - 1
    equal = funnel.standardised(demo, months).set_index("owner_id")["standardised"]
    assert equal[other] > equal[raw]


def test_the_one_ahead_by_all_leads_was_given_the_referrals(demo):
    a, b = funnel.simpson_pair(demo)
    rows = funnel.by_source(demo, (a, b), measures.mature(demo, 18))
    total, leads = rows["conversion"].iloc[0], rows["leads"]
    raw, other = (a, b) if total[a] > total[b] else (b, a)
    assert leads.loc["рекомендации", raw] > leads.loc["рекомендации", other]
    assert leads.loc["холодные", other] > leads.loc["холодные", raw]


def test_qualification_falls_with_hours_of_waiting_but_less_than_sevenfold(demo, months):
    share = funnel.speed(demo, months)["conversion"]
    assert share.is_monotonic_decreasing
    assert share.iloc[0] / share.iloc[-1] < 7


def test_a_quote_without_a_price_gets_less_far(demo, months):
    rows = funnel.price_named(demo, months)
    assert rows.attrs["named"] > rows.attrs["silent"] + 10


def test_sellers_mostly_write_other(demo, months):
    assert funnel.loss_reasons(demo, months).index[0] == "другое"


def test_equalising_leaves_the_gap_with_the_hours_and_explains_it_with_the_campaign(demo, months):
    def explained(suspect: str) -> float:
        rows = funnel.equalised(demo, "Квалификация", "Сайт: главная", suspect, months)
        return rows["explained"].iloc[0]

    assert abs(explained("lag_hours")) < 20
    assert explained("campaign") > 80


# The lesson on motivation is true of the demo company -------------------------------------------


@pytest.fixture(scope="module")
def year(demo):
    return motivation.full_months(demo, 12)


@pytest.fixture(scope="module")
def sound(demo):
    """The scheme of the lesson, at the margin of 22 % that it names."""
    income, cap = motivation.market_income(demo), motivation.payroll_cap(demo)
    need = motivation.plan_for(income, cap, margin=0.22)
    return motivation.PayPlan(base=need.base, rate=need.rate, plan_gp=need.plan_gp)


def test_the_mean_of_shares_is_larger_than_the_share_and_the_newcomers_is_the_largest(demo, year):
    rows = motivation.payroll_shares(demo, "employee_id", year)
    assert rows["share"].mean() > motivation.payroll_share(demo, year) + 0.4
    assert rows["share"].idxmax() == rows["gp"].idxmin()


def test_the_demo_firm_is_the_first_case_and_its_scheme_fails(demo, year):
    found = motivation.branch(
        motivation.payroll_share(demo, year),
        100 * motivation.payroll_cap(demo),
        motivation.incomes(demo, year)["to_market"].mean(),
    )
    assert found.branch == 1
    failing = motivation.checks(demo, motivation.current(demo)).query("not passed")
    assert {1, 2, 6, 8} <= set(failing.index)


def test_the_present_scheme_is_forty_thousand_and_two_per_cent_of_revenue(demo):
    now = motivation.current(demo)
    assert (now.base, now.rate, now.on_revenue) == (40_000, 0.02, True)


def test_on_paper_and_in_fact_the_base_weighs_differently(demo, year):
    assert motivation.mix(demo, year) - motivation.mix_at_plan(demo, year) >= 2


def test_the_naive_scheme_breaks_the_cap_below_plan_and_the_sound_one_at_eighty(demo, sound):
    cap, income = motivation.payroll_cap(demo), motivation.market_income(demo)
    naive = motivation.PayPlan(0.4 * income, 0.6 * cap, income / cap)
    assert naive.curve([0.99])["share"].iloc[0] > 100 * cap
    assert sound.curve([0.8])["share"].iloc[0] == pytest.approx(100 * cap)
    assert 100 * motivation.share_at_plan(0.10) == pytest.approx(9.09, abs=0.005)


def test_somebody_cannot_earn_as_much_and_the_newcomer_is_among_the_lines(demo, year, sound):
    rows = motivation.equalising_table(demo, sound.base, sound.rate)
    assert not rows["reachable"].all()
    hired = demo.employees.set_index("employee_id")["hired_on"]
    assert ((demo.asof - hired.reindex(demo.payroll["employee_id"].unique())).dt.days < 120).any()


def test_the_threshold_moves_deals_discourages_and_its_effects_do_not_add_up(demo, sound):
    rows = motivation.one_by_one(demo, replace(sound, threshold=1.0))
    assert rows.loc["обрыв: опускают руки и двигают сделки", "moved"] > 0
    assert rows.loc["обрыв: опускают руки и двигают сделки", "gp_change"] < 0
    alone = rows["gp_change"].drop(["всё вместе", "уходят, когда платят ниже рынка"]).sum()
    assert abs(alone - rows.loc["всё вместе", "gp_change"]) > 0.05


def test_the_move_has_three_waves_the_first_by_agreement(demo, sound):
    rows = motivation.transition(demo, sound, "2026-10-01")
    assert rows["wave"].nunique() == 3
    first = rows[rows["wave"] == "новички и согласные"]
    assert (first["new_from"] < rows["new_from"].max()).all()
    last = rows[rows["new_from"] == rows["new_from"].max()]
    assert (last["hands_over"] > 0).all()


def test_terms_cost_about_a_third_more_with_contributions():
    assert 0.25 < motivation.contributions(80_000, 2026) / (12 * 80_000) < 0.35


def test_the_lesson_shows_the_law_with_its_warning():
    whole = (ROOT / "notebooks/04_motivation.ipynb").read_text(encoding="utf-8")
    assert whole.count("не юридическая консультация") >= 4
    assert "ст. 74 ТК РФ" in whole and "24.11.2026" in whole
