"""The ladder itself: three rungs, what each asks and pays, and who stands where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from salescourse.errors import StudentError, nearest
from salescourse.ladder.leading import INDICATORS
from salescourse.ladder.market import medians
from salescourse.ladder.months import usual
from salescourse.ladder.typed import amount
from salescourse.measures import captioned, working
from salescourse.motivation.people import labels
from salescourse.schema import GRADES
from salescourse.text import clean, number

if TYPE_CHECKING:
    from salescourse.company import Company

TURNOVER, GP, BASE, BONUS = NORMS = ("оборот", "ВП", "оклад", "бонус")
QUARTERS = "кварталов подряд"
ABROAD = 1.3  # of the market: what a vacancy of another city promises
KEYS = {caption: key for key, caption in INDICATORS.items()}

COMPETENCES: dict[str, tuple[str, ...]] = {  # a draft to be rewritten for one's own firm
    "менеджер": (
        "ведёт небольших клиентов, решает с закупщиком",
        "знает ходовые товары и условия оплаты",
        "сам проводит звонок и КП по стандарту",
    ),
    "специалист": (
        "ведёт средних клиентов, выходит на того, кто решает",
        "знает всю линейку и подбирает замену",
        "защищает цену без скидки, готовит три варианта",
    ),
    "ведущий": (
        "ведёт крупных клиентов и договоры на год",
        "знает производство клиента и экономику сделки",
        "приводит новых клиентов и учит одного коллегу",
    ),
}


@dataclass(frozen=True)
class Rung:
    """Одна ступень: норма оборота и ВП, оклад и бонус при норме, показатели с порогами.

    Parameters
    ----------
    turnover, gp : норма, ₽ в обычный месяц
    base, bonus : оклад и бонус при норме, ₽ в месяц до налога
    indicators : порог по показателю, например `{"КП отправлено": 30}`
    competences : чем эта ступень отличается от соседней
    """

    turnover: float
    gp: float
    base: float
    bonus: float
    indicators: Mapping[str, float] = field(default_factory=dict)
    competences: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in ("turnover", "gp", "base", "bonus"):
            value = getattr(self, name)
            if not (isinstance(value, int | float | np.number) and 0 <= value < 1e12):
                raise StudentError(f"Норма «{name}» — число рублей от нуля, а не «{value}».")
        for name, value in self.indicators.items():
            if name not in KEYS:
                known = ", ".join(KEYS)
                hint = nearest(str(name), list(KEYS))
                given = clean(str(name), 40)
                raise StudentError(f"Нет показателя «{given}». Есть {known}.{hint}")
            if not (isinstance(value, int | float | np.number) and 0 <= value < 1e9):
                raise StudentError(f"Порог «{name}» — число от нуля, а не «{value}».")

    @property
    def income(self) -> float:
        """Доход при норме, ₽ в месяц до налога."""
        return self.base + self.bonus


@dataclass(frozen=True)
class Ladder:
    """Лестница из трёх ступеней.

    На ступени стоит тот, кто в обычный месяц держит обе её нормы: оборота **и** ВП. Кто не
    держит и второй ступени, стоит на первой.

    Parameters
    ----------
    rungs : ступени снизу вверх: менеджер, специалист, ведущий
    quarters : сколько кварталов подряд надо держать нормы, чтобы подняться

    Examples
    --------
    >>> low = ladder.Rung(2_500_000, 600_000, 24_000, 36_000)
    >>> middle = ladder.Rung(3_500_000, 800_000, 32_000, 48_000)
    >>> high = ladder.Rung(5_000_000, 1_100_000, 43_000, 65_000)
    >>> ladder.Ladder((low, middle, high)).names
    ('менеджер', 'специалист', 'ведущий')
    """

    rungs: tuple[Rung, ...]
    quarters: int = 2
    names: tuple[str, ...] = GRADES

    def __post_init__(self) -> None:
        if len(self.rungs) != len(self.names):
            raise StudentError(f"Ступеней должно быть {len(self.names)}: {', '.join(self.names)}.")
        if not (isinstance(self.quarters, int | float) and self.quarters in range(1, 9)):
            raise StudentError("Кварталов подряд — целое число от 1 до 8.")
        object.__setattr__(self, "quarters", int(self.quarters))

    def rung_of(self, turnover, gp) -> np.ndarray:
        """Index of the rung for each pair of a month's turnover and gross profit."""
        turnover, gp = np.asarray(turnover, dtype=float), np.asarray(gp, dtype=float)
        place = np.zeros(turnover.shape, dtype=np.int64)
        for i, rung in enumerate(self.rungs):
            place[(turnover >= rung.turnover) & (gp >= rung.gp)] = i
        return place

    @property
    def value(self) -> dict[str, Any]:
        """Лестница обычным словарём: то, что принимает `check`."""
        made: dict[str, Any] = {
            name: {
                TURNOVER: rung.turnover,
                GP: rung.gp,
                BASE: rung.base,
                BONUS: rung.bonus,
                **rung.indicators,
            }
            for name, rung in zip(self.names, self.rungs, strict=True)
        }
        return made | {QUARTERS: self.quarters}

    @classmethod
    def of(cls, value: Mapping[str, Any]) -> Ladder:
        """Лестница из словаря, какой отдаёт `.value`.

        Raises
        ------
        StudentError
            Нет ступени или нормы, или показателя мы не знаем.
        """
        rungs = []
        for name in GRADES:
            own = value.get(name) if isinstance(value, Mapping) else None
            if not isinstance(own, Mapping):
                raise StudentError(f"В лестнице нет ступени «{name}».")
            if missing := [norm for norm in NORMS if norm not in own]:
                raise StudentError(f"У ступени «{name}» не задано: {', '.join(missing)}.")
            rest = {key: threshold for key, threshold in own.items() if key not in NORMS}
            rungs.append(Rung(*(own[norm] for norm in NORMS), rest, COMPETENCES[name]))
        return cls(tuple(rungs), value.get(QUARTERS, 2))


def given(rungs: Any) -> Ladder:
    """A ladder as a student hands it over: itself, a simulator, or a dict as `.value` gives it."""
    rungs = getattr(rungs, "ladder", rungs)
    if isinstance(rungs, Ladder):
        return rungs
    if not isinstance(rungs, Mapping):
        raise StudentError(
            f"Лестницу дают словарём, как её отдаёт .value, а не «{clean(str(rungs), 40)}»."
        )
    made: dict[str, Any] = {}
    for name, own in rungs.items():
        inside = isinstance(own, Mapping)
        known = str(name).strip().lower()
        made[known] = (
            {k: amount(v, clean(str(k), 40)) for k, v in own.items()}
            if inside
            else amount(own, clean(str(name), 40))
        )
    return Ladder.of(made)


def places(company: Company, rungs: Ladder) -> pd.Series:
    """Index of the rung on which each seller with a typical month stands, by id."""
    rows = usual(company)
    return pd.Series(rungs.rung_of(rows["turnover"], rows["gp"]), index=rows.index)


@working(
    pandas=(
        "rows = ladder.typical(company, motivation.full_months(company, 6), 0.6, 'median')\n"
        "rows[(rows['turnover'] >= норма_оборота) & (rows['gp'] >= норма_ВП)]"
    ),
    excel="=ЕСЛИ(И(оборот>=норма; ВП>=норма_ВП); «ведущий»; ЕСЛИ(…; «специалист»; «менеджер»))",
)
def placement(company: Company, rungs: Ladder) -> pd.DataFrame:
    """Кто на какой ступени стоит по этой лестнице и на какой числится сейчас.

    Обычный месяц — медиана шести последних полных месяцев, без ввода и неполных.

    Parameters
    ----------
    rungs : лестница

    Returns
    -------
    Строка — продавец, сверху сильные. now — ступень сейчас; rung — по лестнице; turnover, gp
    — обычный месяц, ₽; short — чего не хватает до следующей ступени.

    Examples
    --------
    >>> company = Company.load("demo")
    >>> set(placement(company, ladder.draft(company))["rung"]) <= set(ladder.GRADES)
    True

    Метод: DOMAIN, M46, шаг 3.
    """
    rungs = given(rungs)
    rows = usual(company)
    place = places(company, rungs)
    grade = company.employees.set_index("employee_id")["grade"].reindex(rows.index).astype(object)
    out = pd.DataFrame(
        {
            "now": grade.to_numpy(),
            "rung": [rungs.names[i] for i in place],
            "turnover": rows["turnover"].to_numpy(),
            "gp": rows["gp"].to_numpy(),
            "short": [
                _short(rungs, i, t, g)
                for i, t, g in zip(place, rows["turnover"], rows["gp"], strict=True)
            ],
        },
        index=pd.Index(labels(company, rows.index), name="who"),
    ).assign(place=place.to_numpy())
    out = out.sort_values(["place", "gp"], ascending=False).drop(columns="place")
    captions = {
        "who": "Продавец",
        "now": "Сейчас",
        "rung": "По лестнице",
        "turnover": "Оборот",
        "gp": "ВП",
        "short": "Не хватает до следующей",
    }
    return captioned(out, captions, turnover="₽", gp="₽")


def _short(rungs: Ladder, place: int, turnover: float, gp: float) -> str:
    """What is missing to the next rung, in thousands of roubles."""
    if place == len(rungs.rungs) - 1:
        return "верхняя ступень"
    above = rungs.rungs[place + 1]
    gaps = [
        f"{word} {number((need - have) / 1000)} тыс.\u00a0₽"
        for word, need, have in (("оборота", above.turnover, turnover), ("ВП", above.gp, gp))
        if have < need
    ]
    return ", ".join(gaps)


def draft(company: Company) -> Ladder:
    """Черновая лестница, с которой начинают править: проверок она не проходит.

    Так её обычно и пишут: нормы на глаз, чтобы все прошли; доход из чужой вакансии, пополам
    оклад и бонус; один показатель, и тот — результат.

    Examples
    --------
    >>> len(draft(Company.load("demo")).rungs)
    3
    """
    top = float(usual(company)["turnover"].max())
    made = []
    for share, (name, market) in zip((0.1, 0.2, 0.3), medians(company).items(), strict=True):
        turnover = round(share * top / 100_000) * 100_000
        half = round(ABROAD * market / 2 / 1000) * 1000
        made.append(
            Rung(
                turnover=turnover,
                gp=round(0.05 * turnover / 10_000) * 10_000,
                base=half,
                bonus=half,
                indicators={INDICATORS["paid"]: 5},
                competences=COMPETENCES[name],
            )
        )
    return Ladder(tuple(made), quarters=1)
