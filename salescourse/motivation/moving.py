"""Moving the team to a new scheme: who, when, whose clients, by law (DOMAIN, M38)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from salescourse.errors import StudentError
from salescourse.measures import captioned, month_end, working
from salescourse.motivation.branches import best_paid
from salescourse.motivation.clients import NORM, active_clients, clients_split
from salescourse.motivation.history import RAMP_DAYS, full_months
from salescourse.motivation.legal import NOT_ADVICE, NOTICE_MONTHS
from salescourse.motivation.people import labels
from salescourse.motivation.plan import PayPlan, as_plan
from salescourse.motivation.seats import MONTHS, seats
from salescourse.text import clean, date

if TYPE_CHECKING:
    from salescourse.company import Company

LOSES = 0.95  # of the present income; below it a seller loses by the change [A]
EXAMPLE = "2026-11-02"
MONTHS_OF = ("января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября",
             "октября", "ноября", "декабря")  # fmt: skip
DAY_LAST = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[ t][0-9:.]+)?")
DAY_FIRST = re.compile(r"([0-9]{1,2})[./]([0-9]{1,2})[./]([0-9]{4}|[0-9]{2})(?: ?г\.?| года)?")
DAY_IN_WORDS = re.compile(
    rf"([0-9]{{1,2}}) ({'|'.join(MONTHS_OF)}),? ([0-9]{{4}})(?: ?г\.?| года)?"
)
FIRST, SECOND, THIRD = "новички и согласные", "остальные", "с разделом клиентов"


def the_day(when: object) -> pd.Timestamp:
    """A day however it is given; of numbers apart by dots or strokes the day stands first."""
    try:
        day = pd.Timestamp(_iso(when) if isinstance(when, str) else when)
    except (TypeError, ValueError, OverflowError):
        day = pd.NaT
    if isinstance(when, int | float | np.number) or pd.isna(
        day
    ):  # 2026 - 11 - 2 is a number, not a day
        given = clean(str(when), 40)
        raise StudentError(f'Не понял дату «{given}». Напишите в кавычках: "{EXAMPLE}".')
    return day.tz_localize(None).normalize()


def _iso(text: str) -> str:
    """«2026-11-02» of a date typed in a Russian way; ValueError for any other writing."""
    line = " ".join(text.lower().split())
    if DAY_LAST.fullmatch(line):
        return line
    if found := DAY_FIRST.fullmatch(line):
        day, month, year = (int(part) for part in found.groups())
    elif found := DAY_IN_WORDS.fullmatch(line):
        day, month, year = int(found[1]), MONTHS_OF.index(found[2]) + 1, int(found[3])
    else:
        raise ValueError(line)
    return f"{year + 2000 if year < 100 else year:04d}-{month:02d}-{day:02d}"


def next_first(day: pd.Timestamp) -> pd.Timestamp:
    """The first of a month on or after the day: pay terms change with a month."""
    return day if day.day == 1 else month_end(day) + pd.Timedelta(days=1)


def new_terms(notice: pd.Timestamp) -> pd.Timestamp:
    """The first day on which terms may change by the employer's decision.

    A term begins on the day after (ст. 14 ТК РФ): told on 1 October, two months are over at
    the end of 1 December, and the first month after that is January.
    """
    return next_first(notice + pd.DateOffset(months=NOTICE_MONTHS) + pd.Timedelta(days=1))


@working(
    pandas=(
        "after = motivation.pay_history(company, plan, months)"
        ".groupby('employee_id')[['before', 'total']].mean()\n"
        "after['total'] / after['before'] - 1"
    ),
    excel="Строка на продавца: было, станет, разница; рядом дата уведомления и дата новой схемы.",
)
def transition(company: Company, plan: PayPlan, notice: object, norm: int = NORM) -> pd.DataFrame:
    """План перехода по людям: кто, когда, сколько потеряет, кому его клиенты.

    Новички и те, кто по новой схеме почти ничего не теряет (от 95 % нынешнего), переходят
    по соглашению с первого числа следующего месяца. Остальным — письменное уведомление и два
    месяца. У кого клиентов больше нормы, переходят месяцем позже: сначала раздел клиентов.
    Срок идёт со дня после уведомления: вручили 30 сентября — новая схема с 1 декабря, вручили
    1 октября — с 1 января. Это не юридическая консультация.

    Parameters
    ----------
    plan : новая схема
    notice : день, когда вручите уведомления; положение об оплате к нему должно быть готово
    norm : сколько клиентов ведёт один продавец

    Returns
    -------
    Строка — продавец. wave — волна; told — когда говорим; new_from — с какого дня новая схема;
    before и after — доход в месяц, ₽, до раздела клиентов; change — разница, %; clients,
    hands_over, receives — клиентов сейчас, отдаёт, получает; talk_first — с кем говорить
    раньше всех: самый оплачиваемый.

    Raises
    ------
    StudentError
        Дата не понята или раньше даты выгрузки.

    Examples
    --------
    >>> plan = motivation.PayPlan(base=32_000, rate=0.0545, plan_gp=880_000)
    >>> rows = transition(Company.load("demo"), plan, "2026-09-30")
    >>> [str(day.date()) for day in sorted(set(rows["new_from"]))]
    ['2026-10-01', '2026-12-01', '2027-01-01']

    Метод: DOMAIN, M38; ст. 72 и 74 ТК РФ.
    """
    plan, day = as_plan(plan), the_day(notice)
    if day < company.asof.normalize():
        raise StudentError(
            f"Уведомить {date(day)} уже нельзя: данные на {date(company.asof)}. Дайте день позже."
        )
    here = seats(company, plan)
    old = _before(company, here.ids)
    after = here.pay(plan).total.mean(0)
    hired = company.employees.set_index("employee_id")["hired_on"].reindex(here.ids)
    fresh = ((company.asof - hired).dt.days <= RAMP_DAYS).to_numpy()
    split = clients_split(company, norm)
    active = active_clients(company)
    clients = active.groupby("owner_id").size().reindex(here.ids, fill_value=0).to_numpy()
    gives = split.groupby("was").size().reindex(here.ids, fill_value=0).to_numpy()
    takes = split.dropna(subset=["to"]).groupby("to").size().reindex(here.ids, fill_value=0)
    agrees = fresh | (after >= LOSES * old)
    wave = np.where(agrees, FIRST, np.where(gives > 0, THIRD, SECOND))
    law = new_terms(day)
    starts = {FIRST: next_first(day + pd.Timedelta(days=1)), SECOND: law}
    starts[THIRD] = law + pd.DateOffset(months=1)
    rows = pd.DataFrame(
        {
            "wave": wave,
            "told": day,
            "new_from": [starts[w] for w in wave],
            "before": old,
            "after": after,
            "change": 100 * (after / old - 1),
            "clients": clients,
            "hands_over": gives,
            "receives": takes.to_numpy(),
            "talk_first": here.ids == best_paid(company),
        },
        index=pd.Index(labels(company, here.ids), name="who"),
    )
    captions = {
        "who": "Продавец",
        "wave": "Волна",
        "told": "Говорим",
        "new_from": "На новой с",
        "before": "Было",
        "after": "Станет",
        "change": "Разница",
        "clients": "Клиенты",
        "hands_over": "Отдаёт",
        "receives": "Получает",
        "talk_first": "Начать с него",
    }
    out = captioned(rows, captions, before="₽", after="₽", change="%")
    out.attrs["note"] = NOT_ADVICE
    return out


def _before(company: Company, ids: np.ndarray) -> np.ndarray:
    """Mean monthly income of each seller under the present scheme."""
    pay = company.payroll
    pay = pay[pay["month"].isin(full_months(company, MONTHS))]
    return pay.groupby("employee_id")["total"].mean().reindex(ids).to_numpy(dtype=float)


@working(
    pandas="motivation.steps(company, plan, '2026-10-01')  # готовый календарь",
    excel="Лист с датой, делом и ответственным; отсортируйте по дате.",
)
def steps(company: Company, plan: PayPlan, notice: object, norm: int = NORM) -> pd.DataFrame:
    """Календарь перехода: что сделать и к какому дню.

    Returns
    -------
    Строка — дело: date — к какому дню, what — что сделать, why — зачем.

    Raises
    ------
    StudentError
        Дата не понята или раньше даты выгрузки.

    Examples
    --------
    >>> plan = motivation.PayPlan(base=32_000, rate=0.0545, plan_gp=880_000)
    >>> bool(steps(Company.load("demo"), plan, "2026-10-01")["date"].is_monotonic_increasing)
    True

    Метод: DOMAIN, M38; ст. 72 и 74 ТК РФ.
    """
    rows, day = transition(company, plan, notice, norm), the_day(notice)
    law, week = new_terms(day), pd.Timedelta(days=7)
    (first,) = rows.index[rows["talk_first"]]
    losers = int((rows["change"] < 100 * (LOSES - 1)).sum())
    leftover = int(clients_split(company, norm)["to"].isna().sum())
    agreed = next_first(day + pd.Timedelta(days=1))
    plain = [
        (day - 2 * week, "Проверить схему с юристом, кадровиком и финансистом", NOT_ADVICE),
        (day - week, "Утвердить положение об оплате", "В день уведомления оно должно быть готово"),
        (day - week, f"Поговорить с тем, кто получает больше всех: {first}", "Узнать о переходе "
         "он должен от вас, а не из коридора"),
        (day, f"Вручить уведомления под подпись; теряют в доходе: {losers}", "Ст. 74 ТК РФ: "
         f"письменно, не позднее чем за {NOTICE_MONTHS} месяца"),
        (agreed, "Новички и согласные — на новой схеме, по соглашению", "Ст. 72 ТК РФ: пилот, "
         "на котором видно ошибки"),
        (agreed, "Новых нанимать сразу на новую схему", "Уйти может часть старых"),
        (law - week, f"Закончить раздел клиентов, по {norm} на продавца; останутся без места: "
         f"{leftover}", "Клиент не должен остаться ничьим"),
        (law, "Остальные — на новой схеме", "Два месяца после уведомления прошли"),
        (law + pd.DateOffset(months=1), "Последняя волна: у кого делили клиентов", "План на них "
         "считаем уже без переданных"),
        (law + pd.DateOffset(months=3), "Сверить ФОТ, ВП, уходы и сдвиги с расчётом", "Не сошлось "
         "— меняйте план, а не людей"),
    ]  # fmt: skip
    out = pd.DataFrame(plain, columns=["date", "what", "why"])
    out = out.sort_values("date", kind="stable", ignore_index=True)
    out = captioned(out, {"date": "К какому дню", "what": "Что сделать", "why": "Зачем"})
    out.attrs["note"] = NOT_ADVICE
    return out
