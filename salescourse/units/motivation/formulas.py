"""Tasks 3 and 4: the plan from the cap, and where a draft breaks it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from salescourse import motivation
from salescourse.answers import Absolute, Number, Parts, Relative
from salescourse.motivation.branches import concept
from salescourse.motivation.target import Target
from salescourse.tasks import Mistake, Task
from salescourse.text import NBSP, percent, roubles
from salescourse.units.motivation.period import AGREED, of_company, year

if TYPE_CHECKING:
    from salescourse.company import Company

GP, TURNOVER = "план по ВП", "план по обороту"

# Drafts of task 4: base's part at plan, and the share at plan as a part of the cap. Left out are
# the points where the answer lies near the textbook's 80 % or near rate / cap
# (IDENTIFIABILITY, E4.4).
DRAFTS = tuple(
    (b / 100, r / 100)
    for b in (30, 35, 40, 45, 50)
    for r in (80, 82, 84, 86, 88, 90, 92, 94, 96)
    if abs(b * r / (100 - (100 - b) * r / 100) - 80) >= 4
    and abs(b * r / (100 - (100 - b) * r / 100) - (100 - b) * r / 100) >= 4
)


# motivation-3 ---------------------------------------------------------------------------------


def target(company: Company) -> Target:
    """The market's income, 40 to 60, the company's cap held from 80 % of plan."""
    return concept(company)


def plans(company: Company) -> dict[str, float]:
    """Monthly plan by gross profit and by turnover, ₽."""
    need = target(company)
    return {GP: need.plan_gp, TURNOVER: need.plan_turnover}


def _turned(company: Company, gp: float, by: float) -> dict[str, float]:
    return {GP: gp, TURNOVER: gp / by}


def _margin(company: Company) -> float:
    return motivation.margin(company, year(company)) / 100


def _at_the_cap(company: Company) -> dict[str, float]:
    income, cap = motivation.market_income(company), motivation.payroll_cap(company)
    return _turned(company, income / cap, _margin(company))


def _by_markup(company: Company) -> dict[str, float]:
    margin = _margin(company)
    return {TURNOVER: target(company).plan_gp / (margin / (1 - margin))}


def _bonus_as_income(company: Company) -> dict[str, float]:
    """The cap on the bonus alone: the base forgotten."""
    need = target(company)
    return _turned(company, need.bonus / motivation.payroll_cap(company), _margin(company))


def _times_share(company: Company) -> dict[str, float]:
    need = target(company)
    return {TURNOVER: need.plan_gp * (1 + _margin(company))}


def _details_plan(company: Company) -> str:
    cap, income = motivation.payroll_cap(company), motivation.market_income(company)
    return (
        f"Рынок в городе {company.city} — **{roubles(income)}** в месяц. Предел вашей фирмы — "
        f"**{percent(100 * cap, 0)}** ВП. Маржа за эти 12 месяцев — "
        f"**{percent(100 * _margin(company), 2)}**."
    )


def _explain_plan(company: Company) -> str:
    need = target(company)
    return (
        f"При 100{NBSP}% плана оплата — {percent(100 * need.k0, 2)} ВП, ставка бонуса — "
        f"{percent(100 * need.rate, 2)} ВП, оклад — {roubles(need.base)}."
    )


PLAN = Task(
    id="motivation-3",
    title="Какой план нужен под такой доход",
    question=(
        "Продавец при 100 % плана должен получать столько, сколько платит рынок. Какой ему для "
        "этого нужен план в месяц?\n\n"
        "Договорились: оклад и бонус при плане — **40 на 60**, предел ФОТ держится **начиная с "
        "80 % плана**, бонус — процент с ВП, без порога и ускорения. Доход, предел и маржа — "
        "ниже.\n\n"
        f"- **{GP}** и **{TURNOVER}** — в рублях в месяц, ±\u00a01\u00a0%.\n\n{AGREED} "
        "Маржа — сумма ВП / сумма выручки."
    ),
    kind=Parts({GP: (Number("₽", Relative(0.01)), 2), TURNOVER: (Number("₽", Relative(0.01)), 2)}),
    truth=plans,
    estimator="k0 = K / (0,4 / 0,8 + 0,6); план по ВП = доход / k0; план по обороту = ВП / маржа",
    mistakes=(
        Mistake(
            "at-the-cap",
            _at_the_cap,
            "Похоже, вы поделили доход прямо на предел. Тогда он держится ровно на 100 % плана, а "
            "на 99 % уже пробит: оклад-то платят всегда. Сначала найдите долю при плане, с которой "
            "предел держится от 80 %.",
        ),
        Mistake(
            "bonus-only",
            _bonus_as_income,
            "Похоже, вы положили под предел один бонус. Оклад — тоже ФОТ.",
        ),
        Mistake(
            "swapped",
            lambda company: {GP: plans(company)[TURNOVER], TURNOVER: plans(company)[GP]},
            "Числа верные, но стоят наоборот: оборот больше ВП.",
        ),
        Mistake(
            "no-margin",
            lambda company: {TURNOVER: plans(company)[GP]},
            "План по обороту у вас равен плану по ВП. Из оборота в прибыль попадает только маржа: "
            "поделите на неё.",
        ),
        Mistake(
            "times-margin",
            lambda company: {TURNOVER: plans(company)[GP] * _margin(company)},
            "Похоже, вы умножили на маржу. ВП — это оборот × маржа, значит, оборот — это ВП / "
            "маржа.",
        ),
        Mistake(
            "markup",
            _by_markup,
            "Похоже, вы поделили на наценку. Нужна маржа: доля ВП в выручке, а не в себестоимости.",
        ),
        Mistake(
            "plus-margin",
            _times_share,
            "Похоже, вы прибавили маржу к плану. Оборот — это ВП / маржа.",
        ),
    ),
    hints=(
        "Оклад платят и на слабом месяце, поэтому при плане доля должна быть ниже предела.",
        "Доля при плане: предел / (0,4 / 0,8 + 0,6). Дальше доход / долю, потом ВП / маржу.",
        "motivation.plan_for(income=___, cap=___, margin=___)",
    ),
    points=4,
    source="DOMAIN, M36; IDENTIFIABILITY §4, E4.3",
    details=_details_plan,
    explain=_explain_plan,
)


# motivation-4 ---------------------------------------------------------------------------------


class Draft(NamedTuple):
    """A scheme somebody brought: base, rate on gross profit, plan."""

    base: float
    rate: float
    plan_gp: float


def draft(company: Company) -> Draft:
    """The draft of this company, in the round numbers of the question."""
    part, of_cap = DRAFTS[of_company(company, len(DRAFTS))]
    income, k0 = motivation.market_income(company), of_cap * motivation.payroll_cap(company)
    return Draft(
        base=float(round(part * income, -2)),
        rate=round((1 - part) * k0, 4),
        plan_gp=float(round(income / k0, -3)),
    )


def _income(company: Company) -> float:
    plan = draft(company)
    return plan.base + plan.rate * plan.plan_gp


def breaks(company: Company) -> float:
    """The attainment at which the draft's pay is the cap exactly, % of plan."""
    plan, cap = draft(company), motivation.payroll_cap(company)
    return 100 * plan.base / ((cap - plan.rate) * plan.plan_gp)


def _at_plan(company: Company) -> float:
    """Pay at plan over the cap: as if all of it grew and fell with the sales."""
    return 100 * _income(company) / (motivation.payroll_cap(company) * draft(company).plan_gp)


def _base_only(company: Company) -> float:
    plan = draft(company)
    return 100 * plan.base / (motivation.payroll_cap(company) * plan.plan_gp)


def _bonus_part(company: Company) -> float:
    plan = draft(company)
    return 100 * plan.rate / motivation.payroll_cap(company)


def _details_draft(company: Company) -> str:
    plan, cap = draft(company), motivation.payroll_cap(company)
    return (
        f"Набросок: оклад **{roubles(plan.base)}**, бонус **{percent(100 * plan.rate, 2)} ВП**, "
        f"план **{roubles(plan.plan_gp)} ВП** в месяц. Предел — **{percent(100 * cap, 0)}** ВП."
    )


def _explain_draft(company: Company) -> str:
    plan = draft(company)
    share = 100 * _income(company) / plan.plan_gp
    gp = breaks(company) / 100 * plan.plan_gp
    return (
        f"При плане оплата берёт {percent(share, 2)} ВП, при {roubles(gp)} ВП — уже ровно предел, "
        "ниже — больше."
    )


DRAFT = Task(
    id="motivation-4",
    title="Где схема пробивает предел",
    question=(
        "Финансист принёс набросок схемы: оклад, процент с ВП и план (числа ниже). Ни порога, ни "
        "ускорения, ни потолка в нём нет. При каком выполнении плана оплата одного продавца "
        "впервые пробивает предел, если план недовыполнять?\n\n"
        "Ответ в процентах плана; засчитываем ±\u00a01\u00a0п.п."
    ),
    kind=Number("%", Absolute(1.0)),
    truth=breaks,
    estimator="корень (оклад + ставка × x × план) / (x × план) = K: b·k0 / (K − (1 − b)·k0)",
    mistakes=(
        Mistake(
            "all-falls",
            _at_plan,
            "Похоже, вы поделили долю при плане на предел, будто вместе с продажами тает и оклад. "
            "Он постоянен: на слабом месяце его доля растёт.",
        ),
        Mistake(
            "base-only",
            _base_only,
            "Похоже, под пределом у вас один оклад. На любой ВП платят ещё и бонус: из предела "
            "сначала вычтите ставку.",
        ),
        Mistake(
            "rate-only",
            _bonus_part,
            "Похоже, вы поделили ставку на предел и забыли об окладе.",
        ),
        Mistake(
            "textbook",
            lambda company: 80.0,
            "80 % — это точка, под которую схему рассчитывали в уроке. У этого наброска числа "
            "другие: посчитайте его.",
        ),
        Mistake(
            "at-plan",
            lambda company: 100.0,
            "Проверьте, что при плане: там оплата ещё под пределом. Идите вниз: оклад тот же, ВП "
            "меньше.",
        ),
        Mistake(
            "upside-down",
            lambda company: 100 * 100 / breaks(company),
            "Похоже, дробь перевёрнута. Спрашивают, какой доле плана это соответствует.",
        ),
    ),
    hints=(
        "Оклад не зависит от продаж, бонус — всегда одна и та же доля ВП. Что остаётся окладу?",
        "Из предела вычтите ставку: столько ВП можно отдать окладу. Поделите оклад на эту долю, "
        "потом на план.",
        "motivation.PayPlan(base=___, rate=___, plan_gp=___).curve([1.0, ___, ___])",
    ),
    points=3,
    source="DOMAIN §1, решение 2; IDENTIFIABILITY §4, E4.4",
    details=_details_draft,
    explain=_explain_draft,
)

TASKS = (PLAN, DRAFT)
