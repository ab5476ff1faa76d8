"""Task 5: a ladder that passes its eight checks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from salescourse.answers import Config, Group, Number
from salescourse.ladder.rules import all_checks
from salescourse.ladder.rungs import KEYS, NORMS, QUARTERS, Ladder, draft
from salescourse.ladder.search import best
from salescourse.motivation.history import payroll_cap
from salescourse.motivation.rules import margin_of
from salescourse.schema import GRADES
from salescourse.tasks import Mistake, Task
from salescourse.text import percent, plural

if TYPE_CHECKING:
    from salescourse.company import Company

THOUSANDS = 10_000  # ₽: no rung asks for a lower GP, so such norms are in thousands
AT_ONCE = 3  # failed checks told in full: nobody mends eight things at a time
RUNG = Group(
    {**dict.fromkeys(NORMS, Number("₽")), **dict.fromkeys(KEYS, Number(""))}, frozenset(KEYS)
)


def passed(value: dict[str, Any], company: Company) -> list[bool]:
    """Which of the eight checks a ladder passes."""
    return [check.passed for check in all_checks(company, Ladder.of(value))]


def marks(value: dict[str, Any], truth: Any, company: Company) -> float:
    """Share of checks passed, of those that some ladder passes: any such ladder is right."""
    return sum(passed(value, company)) / (sum(passed(truth, company)) or 1)


def faults(value: dict[str, Any], company: Company) -> list[str]:
    """What keeps a ladder from full marks: the first failed checks, each with its sentence."""
    rungs = Ladder.of(value)
    if max(rung.gp for rung in rungs.rungs) < THOUSANDS:
        return [
            "Похоже, суммы вписаны в тысячах. В тысячах они только в полях симулятора, в словаре — "
            "в рублях."
        ]
    failed = [c for c in all_checks(company, rungs) if not c.passed]
    told = [f"«{check.name}»: {check.sentence}" for check in failed[:AT_ONCE]]
    if rest := [f"«{check.name}»" for check in failed[AT_ONCE:]]:
        told.append(f"Потом — {', '.join(rest)}.")
    return told


class Rungs(Config):
    """A whole ladder, as the simulator's `.value` gives it."""

    stub = "..."

    def expects(self, company: Company | None = None) -> str:
        return "значение симулятора: впишите simulator.value"

    def remark(self, value, truth, company) -> str:
        found = passed(value, company)
        n = sum(found)
        word = plural(n, "проверка пройдена", "проверки пройдены", "проверок пройдено")
        return f"{n} {word} из {len(found)}"

    def show(self, value, company) -> str:
        return "лестница проходит все восемь проверок"


def some_ladder(company: Company) -> dict[str, Any]:
    """A ladder that passes every check; on a code not issued, one that passes most."""
    return best(company).value


def _premises(company: Company) -> str:
    cap, margin = percent(100 * payroll_cap(company), 0), percent(100 * margin_of(company))
    return f"Предел фирмы — {cap} ВП, маржа за 12 полных месяцев — {margin}."


LADDER = Task(
    id="ladder-5",
    title="Лестница из трёх ступеней",
    question=(
        "Соберите лестницу, под которой подпишется директор: три ступени, у каждой норма оборота и "
        "ВП, оклад и бонус при норме, хотя бы два показателя с порогами; и сколько кварталов "
        "подряд держать нормы, чтобы подняться. Годится любая лестница, которая проходит **восемь "
        "проверок**; баллы — за каждую пройденную.\n\n"
        "1. Оборот, ВП и доход растут; ВП следующей ступени выше хотя бы на 10\u00a0%; норма ВП — "
        "0,85–1,10 от того, что даёт норма оборота при марже компании.\n"
        "2. Доход при норме — не больше предела от нормы ВП, на каждой ступени.\n"
        "3. Оклад — 40 ± 5\u00a0% дохода.\n"
        "4. Доход — 0,9–1,15 медианы рынка этой ступени в городе фирмы.\n"
        "5. На каждой ступени кто-то стоит, и не больше 60\u00a0% людей.\n"
        "6. У каждой ступени хотя бы два показателя; результатов среди них нет, хотя бы один идёт "
        "впереди денег (связь с ВП новых продаж двух следующих месяцев — от 0,3).\n"
        "7. Порог — между 40-м и 70-м процентилем людей этой ступени (среднее за шесть полных "
        "месяцев).\n"
        "8. Подъём — после двух или трёх кварталов подряд.\n\n"
        "Человек стоит на самой высокой ступени, обе нормы которой держит в обычный месяц; кто не "
        "держит и второй, стоит на первой."
    ),
    kind=Rungs(
        {**dict.fromkeys(GRADES, RUNG), QUARTERS: Number("")},
        marks,
        faults=faults,
        refuse=Ladder.of,
    ),
    truth=some_ladder,
    estimator="восемь проверок лестницы (DOMAIN, M46) на таблицах компании; баллы — их доля",
    mistakes=(
        Mistake(
            "draft",
            lambda company: draft(company).value,
            "Это черновик, с которого симулятор начинает. Идите по проверкам сверху вниз: сначала "
            "нормы и доход, потом показатели.",
        ),
    ),
    hints=(
        "Начните с денег: доход ступени по рынку, и норма ВП, из которой его можно заплатить.",
        "Норма ВП — доход / 0,10 или больше; норма оборота — норма ВП / маржу компании; потом "
        "смотрите, кто где встал.",
        "gp = income / ___; turnover = gp / ___; base = ___ * income; bonus = income - base",
    ),
    points=6,
    source="DOMAIN, M46; IDENTIFIABILITY §4, E7.5",
    details=_premises,
)

TASKS = (LADDER,)
