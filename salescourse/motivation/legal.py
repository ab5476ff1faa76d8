"""What the law sets: notice, minimum wage, contributions. Data with source and date.

Это не юридическая консультация: перед изменением оплаты идите к юристу и кадровику.
"""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from salescourse.errors import StudentError
from salescourse.measures import captioned, working

CHECKED = "2026-11-24"  # the day on which every figure below was compared with its source
NOT_ADVICE = "Это не юридическая консультация: покажите план кадровику и юристу."
NOTICE_MONTHS = 2  # ст. 74 ТК РФ


class Fact(NamedTuple):
    """One legal fact."""

    key: str
    year: int | None
    value: float
    unit: str
    caption: str
    source: str
    since: str


FACTS: tuple[Fact, ...] = (
    Fact(
        "notice",
        None,
        NOTICE_MONTHS,
        "мес.",
        "Предупредить письменно об изменении условий оплаты — не позднее чем за 2 месяца",
        "ст. 74 ТК РФ, ч. 2; положение об оплате должно быть готово в день уведомления",
        "2002-02-01",
    ),
    Fact(
        "agreement",
        None,
        0,
        "мес.",
        "По соглашению сторон срока нет: нужна подпись обоих",
        "ст. 72 ТК РФ",
        "2002-02-01",
    ),
    *(
        Fact("minimum_wage", year, wage, "₽ в месяц", "МРОТ", source, f"{year}-01-01")
        for year, wage, source in (
            (2024, 19_242, "ст. 1 82-ФЗ в редакции на 2024 год"),
            (2025, 22_440, "ст. 1 82-ФЗ в редакции на 2025 год"),
            (2026, 27_093, "ст. 1 82-ФЗ в редакции 429-ФЗ от 28.11.2025"),
        )
    ),
    *(
        Fact("contribution", year, 0.30, "доля", "Взносы, общий тариф", source, f"{year}-01-01")
        for year, source in (
            (2025, "ст. 425 НК РФ"),
            (2026, "ст. 425 НК РФ; торговля льготу МСП потеряла, 425-ФЗ от 28.11.2025"),
        )
    ),
    Fact(
        "contribution_small",
        2025,
        0.15,
        "доля",
        "Взносы малого бизнеса с части выше 1,5 МРОТ в месяц",
        "п. 2.4 ст. 427 НК РФ",
        "2025-01-01",
    ),
    *(
        Fact("contribution_base", year, base, "₽ в год", "Предельная база взносов", s, since)
        for year, base, s, since in (
            (2025, 2_759_000, "ст. 421 НК РФ, постановление Правительства", "2025-01-01"),
            (2026, 2_979_000, "ст. 421 НК РФ, klerk.ru/buh/articles/663050", "2026-01-01"),
        )
    ),
    *(
        Fact("contribution_above", year, 0.151, "доля", "Взносы сверх базы", "ст. 425 НК РФ", since)
        for year, since in ((2025, "2025-01-01"), (2026, "2026-01-01"))
    ),
)

# District coefficients of the cities in the course; others have none.
DISTRICT: dict[str, float] = {
    "Новосибирск": 1.25,  # mayor's office, January 2026: 27 093 × 1.25 = 33 866.25
    "Екатеринбург": 1.15,  # Госкомтруд и ВЦСПС № 403/20-155 of 02.07.1987
    "Челябинск": 1.15,  # the same
    "Пермь": 1.15,  # the same
}


@working(
    pandas="motivation.legal_facts()  # готовая таблица",
    excel="Перепишите таблицу на отдельный лист и обновляйте её каждый январь.",
)
def legal_facts(year: int | None = None) -> pd.DataFrame:
    """Что требует закон: срок уведомления, МРОТ, взносы — с источником и датой.

    Это не юридическая консультация: перед изменением оплаты идите к юристу и кадровику.

    Parameters
    ----------
    year : год; без него — все годы

    Returns
    -------
    Строка — норма: caption — что это, value и unit — сколько, source — откуда, since —
    с какого дня действует, checked — когда мы сверяли.

    Examples
    --------
    >>> int(legal_facts(2026).query("caption == 'МРОТ'")["value"].iloc[0])
    27093
    """
    rows = pd.DataFrame([f for f in FACTS if year is None or f.year in (None, year)])
    rows["checked"] = CHECKED
    for column in ("since", "checked"):  # shown as 24.11.2026, which no cell breaks in two
        rows[column] = pd.to_datetime(rows[column])
    captions = {
        "year": "Год",
        "value": "Значение",
        "unit": "Единица",
        "caption": "Норма",
        "source": "Источник",
        "since": "Действует с",
        "checked": "Сверено",
    }
    rows["year"] = [str(int(y)) if pd.notna(y) else "любой" for y in rows["year"]]
    out = captioned(rows.drop(columns="key"), captions, value="доля")
    out.attrs["note"] = NOT_ADVICE
    return out


def known(key: str, year: int) -> float:
    """A fact of a year. A year we don't know is an error, not a guess."""
    for fact in FACTS:
        if fact.key == key and fact.year == year:
            return fact.value
    years = sorted(fact.year for fact in FACTS if fact.key == key and fact.year)
    raise StudentError(f"За {year} год у нас нет этой нормы. Есть годы: {years}.")


@working(
    pandas="27_093 * 1.25  # МРОТ × районный коэффициент",
    excel="=МРОТ * районный_коэффициент",
)
def minimum_wage(year: int, city: str = "") -> float:
    """МРОТ года с районным коэффициентом города, ₽ в месяц.

    Региональных соглашений здесь нет: в Москве, Петербурге и ещё нескольких регионах
    минимум выше. Закон сравнивает с МРОТ всю зарплату за месяц, мы строже — один оклад.

    Examples
    --------
    >>> minimum_wage(2026, "Новосибирск")
    33866.25

    Raises
    ------
    StudentError
        За этот год нормы нет.
    """
    return known("minimum_wage", year) * DISTRICT.get(city, 1.0)


@working(
    pandas="0.30 * min(оклад_и_бонус_за_год, база) + 0.151 * остаток",
    excel="=0,3*МИН(выплаты; база) + 0,151*МАКС(0; выплаты - база)",
)
def contributions(month_pay: float, year: int, small: bool = False) -> float:
    """Взносы работодателя за год с человека, который получает столько каждый месяц, ₽.

    Предел доли ФОТ в курсе — без взносов. Эта цифра нужна, когда финансист считает с ними.

    Parameters
    ----------
    month_pay : доход в месяц до налога, ₽
    year : год
    small : малый бизнес со льготой; в 2026 году у торговли её нет

    Raises
    ------
    StudentError
        За этот год нормы нет.

    Examples
    --------
    >>> round(contributions(100_000, 2026))
    360000
    >>> round(contributions(100_000, 2025, small=True))
    240588
    """
    rate, base = known("contribution", year), known("contribution_base", year)
    if small:
        reduced = known("contribution_small", year)
        ordinary = min(month_pay, 1.5 * known("minimum_wage", year))
        return 12 * (rate * ordinary + reduced * (month_pay - ordinary))
    pay = 12 * month_pay
    return rate * min(pay, base) + known("contribution_above", year) * max(0.0, pay - base)
