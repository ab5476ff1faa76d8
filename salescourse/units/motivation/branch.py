"""Task 6: which of the two cases, and what the best-paid seller would need."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from salescourse import motivation
from salescourse.answers import Choice, Number, Parts, Relative
from salescourse.motivation import branches
from salescourse.motivation.people import labels
from salescourse.tasks import Mistake, Task
from salescourse.text import money, percent
from salescourse.units.motivation.formulas import target
from salescourse.units.motivation.period import AGREED, person_months, year

if TYPE_CHECKING:
    from salescourse.company import Company

CASE, PLAN, REACH = "ветвь", "план", "достижим"
CASES = (
    ("scheme", "Ветвь 1: доля ФОТ заметно выше предела и платим выше рынка. Менять схему"),
    (
        "elsewhere",
        "Ветвь 2: со схемой порядок. Смотреть конверсию, чек, приток новых клиентов и приём заявок",
    ),
    ("base", "Срезать оклады, остальное оставить как есть"),
    ("dismiss", "Расстаться с самыми дорогими продавцами"),
)
ANSWERS = (("yes", "Да, достижим"), ("no", "Нет, недостижим"))


def equal(company: Company) -> branches.Equal:
    """The equalising plan of the best-paid seller under the scheme of task 3."""
    new = target(company)
    return company.memo(
        "motivation-6.equal",
        lambda: motivation.equalising(company, branches.best_paid(company), new.base, new.rate),
    )


def case(company: Company) -> branches.Branch:
    """The case by the share, the cap and the market."""
    return company.memo("motivation-6.case", lambda: branches.branch_of(company))


def verdict(company: Company) -> dict[str, Any]:
    """Case, equalising plan in ₽ of gross profit a month, and whether it can be reached."""
    found = equal(company)
    return {
        CASE: "scheme" if case(company).branch == 1 else "elsewhere",
        PLAN: found.gp,
        REACH: "yes" if found.reachable else "no",
    }


def _plan(company: Company, income: float, base: float, rate: float) -> dict[str, float]:
    return {PLAN: max(0.0, income - base) / rate}


def _own(company: Company):
    rows = person_months(company)
    return rows[rows["employee_id"] == equal(company).employee_id]


def _old_base(company: Company) -> dict[str, float]:
    base = float(_own(company)["base_paid"].max())
    return _plan(company, equal(company).income, base, target(company).rate)


def _best_month(company: Company) -> dict[str, float]:
    new = target(company)
    return _plan(company, float(_own(company)["total"].max()), new.base, new.rate)


def _old_scheme(company: Company) -> dict[str, float]:
    now = motivation.current(company)
    return _plan(company, equal(company).income, now.base, now.rate)


def _accelerated(company: Company) -> dict[str, float]:
    new = target(company)
    return _plan(company, equal(company).income, new.base, 1.3 * new.rate)


def _rate_of_cap(company: Company) -> dict[str, float]:
    new = target(company)
    rate = 0.6 * motivation.payroll_cap(company)
    return _plan(company, equal(company).income, new.base, rate)


def _turnover(company: Company) -> dict[str, float]:
    margin = motivation.margin(company, year(company)) / 100
    return {PLAN: equal(company).gp / margin}


def _other(part: str, key: str):
    def wrong(company: Company) -> dict[str, Any] | None:
        return None if verdict(company)[part] == key else {part: key}

    return wrong


def _details(company: Company) -> str:
    who = branches.best_paid(company)
    (name,) = labels(company, [who])
    return f"Больше всех в месяц в среднем получает **{name}**, номер {who}."


def _explain(company: Company) -> str:
    found = equal(company)
    return (
        f"{case(company).sentence} Сейчас {money(found.income)}; лучший месяц — "
        f"{money(found.best)} ВП, план к нему — {percent(100 * found.to_best, 0)}; к ёмкости "
        f"воронки с базой — {percent(100 * found.to_capacity, 0)}."
    )


BRANCH = Task(
    id="motivation-6",
    title="Продавцы получают как топ-менеджеры",
    question=(
        "Директор увидел ведомость и спрашивает, что не так. Разберите по порядку.\n\n"
        f"- **{CASE}** — что делать, один из вариантов ниже. «Заметно выше предела» — в 1,1 раза "
        "и больше. Рынок: доход каждого за полные месяцы (отработано от 60 %) к медиане его города "
        "и ступени, потом среднее по продавцам.\n"
        f"- **{PLAN}** — сколько ВП в месяц нужно самому оплачиваемому продавцу, чтобы по новой "
        "схеме получать столько же, сколько в среднем за этот год. Новая схема — из motivation-3: "
        "рыночный доход, 40 на 60, без ускорения. В рублях, ±\u00a01\u00a0%.\n"
        f"- **{REACH}** — достижим ли такой план. Да, если не меньше этого он уже делал хоть в "
        "одном месяце года **и** это не больше полутора ёмкостей его воронки с базой: лиды в месяц "
        "× конверсия отдела × средняя ВП с оплаты + ВП повторных заказов в месяц.\n\n"
        f"{AGREED}"
    ),
    kind=Parts(
        {
            CASE: (Choice(CASES), 2),
            PLAN: (Number("₽", Relative(0.01)), 2),
            REACH: (Choice(ANSWERS), 1),
        }
    ),
    truth=verdict,
    estimator=(
        "M37: доля ≥ 1,1 K и доход > рынка; (доход − оклад) / ставка; лучший месяц и 1,5 ёмкости"
    ),
    mistakes=(
        Mistake(
            "case-scheme",
            _other(CASE, "scheme"),
            "Высокий заработок — ещё не перерасход. Сравните долю ФОТ с пределом и доходы с рынком "
            "своей ступени: здесь с ними порядок, схему менять незачем.",
        ),
        Mistake(
            "case-elsewhere",
            _other(CASE, "elsewhere"),
            "Посчитайте два числа: долю ФОТ к пределу и средний доход к рынку. Оба заметно выше, "
            "значит, дело в схеме.",
        ),
        Mistake(
            "case-base",
            _other(CASE, "base"),
            "С окладов начинают чаще всего, и зря: так бьют по всем сразу, а лучший, живущий на "
            "бонусе, ничего не заметит. Сначала доля ФОТ и рынок.",
        ),
        Mistake(
            "case-dismiss",
            _other(CASE, "dismiss"),
            "Самый дорогой продавец и ВП приносит больше всех. Смотрите на долю, не на ведомость.",
        ),
        Mistake(
            "no-base",
            lambda company: _plan(company, equal(company).income, 0.0, target(company).rate),
            "Похоже, вы поделили на ставку весь доход. Оклад платят без всякой ВП: сначала вычтите "
            "его.",
        ),
        Mistake(
            "by-share",
            lambda company: _plan(company, equal(company).income, 0.0, target(company).k0),
            "Похоже, вы поделили доход на долю при плане. Так растёт и оклад, а он тот же: вычтите "
            "его и поделите на ставку.",
        ),
        Mistake(
            "old-base",
            _old_base,
            "Похоже, вы вычли нынешний оклад. По новой схеме он другой.",
            gated=False,
        ),
        Mistake(
            "old-scheme",
            _old_scheme,
            "Похоже, вы взяли нынешние оклад и ставку, а она ещё и с выручки. Нужны новые.",
        ),
        Mistake(
            "best-month",
            _best_month,
            "Похоже, вы взяли доход лучшего месяца. Спрашивают про средний за год.",
        ),
        Mistake(
            "accelerated",
            _accelerated,
            "Похоже, вы ускорили ставку на всю ВП. Ускорения в этой схеме нет, а где оно есть, его "
            "платят только за часть выше плана.",
        ),
        Mistake(
            "rate-of-cap",
            _rate_of_cap,
            "Похоже, ставку вы взяли как 60 % предела. Доля при плане ниже предела, иначе он не "
            "держится от 80 %.",
        ),
        Mistake(
            "turnover",
            _turnover,
            "Похоже, это оборот. Спрашивают ВП.",
        ),
        Mistake(
            "reach-yes",
            _other(REACH, "yes"),
            "Сравните план с лучшим месяцем года и с ёмкостью: столько ему продать не на чем.",
        ),
        Mistake(
            "reach-no",
            _other(REACH, "no"),
            "Сравните план с лучшим месяцем года: такое у него уже бывало, и воронка с базой это "
            "дают.",
        ),
    ),
    hints=(
        "Сначала два числа, потом решение: доля ФОТ к пределу и доход к рынку.",
        "План = (доход − новый оклад) / новая ставка. Рядом поставьте лучший месяц и ёмкость.",
        "motivation.equalising(company, ___, base=___, rate=___)",
    ),
    points=5,
    source="DOMAIN, M37; IDENTIFIABILITY §4, E4.6",
    details=_details,
    explain=_explain,
)

TASKS = (BRANCH,)
