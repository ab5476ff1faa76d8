"""Tasks 1 and 2: what pay takes of gross profit, and how much of it is the base."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from salescourse import motivation
from salescourse.answers import Absolute, Number, Parts
from salescourse.motivation.legal import known
from salescourse.tasks import Mistake, Task
from salescourse.text import money, percent
from salescourse.units.motivation.period import AGREED, person_months, year

if TYPE_CHECKING:
    from salescourse.company import Company

FACT, AT_PLAN = "фактически", "при плане"


# motivation-1 ---------------------------------------------------------------------------------


def payroll_share(company: Company) -> float:
    """Pay of sellers over gross profit, sums of the year, %."""
    return motivation.payroll_share(company, year(company))


def _mean_of(company: Company, by: list[str]) -> float:
    sums = person_months(company).groupby(by)[["total", "gp"]].sum()
    sums = sums[sums["gp"] > 0]
    return float(100 * (sums["total"] / sums["gp"]).mean())


def _part(company: Company, above: str, below: str) -> float:
    rows = person_months(company)
    return float(100 * rows[above].sum() / rows[below].sum())


def _everybody(company: Company) -> float:
    """The whole firm's payroll, the head and the operators too."""
    firm = company.pnl[company.pnl["month"].isin(year(company))]
    paid = firm["payroll_mop"].sum() + firm["payroll_other"].sum()
    return float(100 * paid / person_months(company)["gp"].sum())


def _with_contributions(company: Company) -> float:
    return payroll_share(company) * (1 + known("contribution", company.asof.year))


def _explain_share(company: Company) -> str:
    rows = person_months(company)
    cap = 100 * motivation.payroll_cap(company)
    return (
        f"Начислено {money(rows['total'].sum())}, ВП {money(rows['gp'].sum())}; предел вашей фирмы "
        f"— {percent(cap)}."
    )


SHARE = Task(
    id="motivation-1",
    title="Доля ФОТ в валовой прибыли",
    question=(
        "Какую долю валовой прибыли забирает оплата продавцов за год?\n\n"
        f"{AGREED}\n\n"
        "Ответ в процентах, до десятых; засчитываем ±\u00a00,2\u00a0п.п."
    ),
    kind=Number("%", Absolute(0.2)),
    truth=payroll_share,
    estimator="сумма начисленного продавцам / сумма их ВП по оплатам, 12 полных месяцев",
    mistakes=(
        Mistake(
            "mean-of-sellers",
            lambda company: _mean_of(company, ["employee_id"]),
            "Похоже, вы усреднили доли продавцов. Тот, кто принёс мало ВП, весит в таком среднем "
            "столько же, сколько лучший. Сложите весь ФОТ, сложите всю ВП и поделите.",
        ),
        Mistake(
            "mean-of-months",
            lambda company: _mean_of(company, ["employee_id", "month"]),
            "Похоже, вы усреднили доли по строкам зарплаты. Один слабый месяц новичка там весит "
            "как месяц лучшего продавца. Поделите сумму на сумму.",
        ),
        Mistake(
            "of-revenue",
            lambda company: _part(company, "total", "revenue"),
            "Похоже, вы поделили на выручку. Из неё ещё платить поставщику; ФОТ меряют к валовой "
            "прибыли.",
        ),
        Mistake(
            "bonus-only",
            lambda company: _part(company, "bonus_paid", "gp"),
            "Похоже, в числителе только бонусы. Оклады — тоже ФОТ: возьмите всё начисленное.",
        ),
        Mistake(
            "everybody",
            _everybody,
            "Похоже, вы взяли ФОТ всей фирмы. Предел — про продавцов: без РОПа, операторов, склада "
            "и бухгалтерии.",
        ),
        Mistake(
            "with-contributions",
            _with_contributions,
            "Похоже, вы прибавили взносы. Договорились считать без них: предел тоже назван без "
            "взносов.",
        ),
    ),
    hints=(
        "Доля за год — это сумма на сумму, а не среднее из долей.",
        "Сложите начисленное продавцам за двенадцать последних полных месяцев и поделите на их ВП.",
        "motivation.payroll_share(company, motivation.full_months(company, ___))",
    ),
    points=3,
    source="DOMAIN, M34; IDENTIFIABILITY §4, E4.1",
    explain=_explain_share,
)


# motivation-2 ---------------------------------------------------------------------------------


def mixes(company: Company) -> dict[str, float]:
    """Base in income over the year, and if everybody had done the plan exactly, %."""
    months = year(company)
    return {FACT: motivation.mix(company, months), AT_PLAN: motivation.mix_at_plan(company, months)}


def _swapped(company: Company) -> dict[str, float]:
    truth = mixes(company)
    return {FACT: truth[AT_PLAN], AT_PLAN: truth[FACT]}


def _bonus_parts(company: Company) -> dict[str, float]:
    return {name: 100 - value for name, value in mixes(company).items()}


def _to_bonus(company: Company) -> dict[str, float]:
    return {name: 100 * value / (100 - value) for name, value in mixes(company).items()}


def _mean_of_lines(company: Company) -> dict[str, float]:
    rows = person_months(company)
    rows = rows[rows["total"] > 0]
    return {FACT: float(np.mean(100 * rows["base_paid"] / rows["total"]))}


def _last_month(company: Company) -> dict[str, float]:
    return {FACT: motivation.mix(company, year(company)[-1:])}


def _explain_mixes(company: Company) -> str:
    rows = person_months(company)
    done = rows["gp"].sum() / rows["plan_gp"].sum()
    return (
        f"План по ВП за год выполнен на {percent(100 * done, 0)}, поэтому доли разные: чем больше "
        "продали, тем меньше весит оклад. Сравнивать с «40 на 60» надо ту, что при плане."
    )


def _only(part: str, value: Any) -> dict[str, Any]:
    return {part: value}


MIX = Task(
    id="motivation-2",
    title="Оклад и бонус: на деле и при плане",
    question=(
        "Какую долю дохода продавцов составляет оклад по нынешней схеме?\n\n"
        "- **фактически** — оклады за год / всё начисленное за год;\n"
        "- **при плане** — то же, если бы каждый в каждом месяце сделал ровно 100 % плана **по "
        "обороту**. Оклады те же, бонус = ставка × план. Ставка — все бонусы года / вся выручка "
        "года.\n\n"
        f"{AGREED} Обе доли — суммы на суммы, в процентах; засчитываем ±\u00a01\u00a0п.п."
    ),
    kind=Parts({FACT: (Number("%", Absolute(1.0)), 1), AT_PLAN: (Number("%", Absolute(1.0)), 1)}),
    truth=mixes,
    estimator="Σ оклад / Σ начислено; Σ оклад / (Σ оклад + Σ бонус / Σ выручка × Σ план оборота)",
    mistakes=(
        Mistake(
            "swapped",
            _swapped,
            "Числа верные, но стоят наоборот. «Фактически» — по начисленному за год, «при плане» — "
            "если бы план сделали ровно.",
        ),
        Mistake(
            "fact-as-plan",
            lambda company: _only(AT_PLAN, mixes(company)[FACT]),
            "«При плане» вы дали то же, что вышло на деле. План выполняют не ровно на 100 %: "
            "пересчитайте бонус на плановый оборот.",
        ),
        Mistake(
            "plan-as-fact",
            lambda company: _only(FACT, mixes(company)[AT_PLAN]),
            "«Фактически» вы дали долю при плане. Возьмите то, что начислено за год.",
        ),
        Mistake(
            "forty",
            lambda company: _only(AT_PLAN, 40.0),
            "40 на 60 — это цель новой схемы. Здесь спрашивают, что выходит по нынешней.",
            gated=False,
        ),
        Mistake(
            "bonus-part",
            _bonus_parts,
            "Похоже, это доля бонуса. Спрашивают долю оклада.",
        ),
        Mistake(
            "to-bonus",
            _to_bonus,
            "Похоже, вы поделили оклад на бонус. Доля — это часть целого: делите на весь доход.",
        ),
        Mistake(
            "mean-of-lines",
            _mean_of_lines,
            "Похоже, вы усреднили доли по строкам зарплаты. Сложите оклады, сложите начисленное и "
            "поделите сумму на сумму.",
        ),
        Mistake(
            "last-month",
            _last_month,
            "Похоже, это доля за один месяц. Она прыгает вместе с продажами; возьмите год.",
            gated=False,
        ),
    ),
    hints=(
        "Оклад постоянен, бонус растёт с продажами: доля оклада зависит от выполнения плана.",
        "Сначала поделите оклады года на начисленное. Потом замените бонус на ставку × план по "
        "обороту.",
        "motivation.mix_at_plan(company, motivation.full_months(company, ___))",
    ),
    points=2,
    source="DOMAIN, M35; §1, решение 3; IDENTIFIABILITY §4, E4.2",
    explain=_explain_mixes,
)

TASKS = (SHARE, MIX)
