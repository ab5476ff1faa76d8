"""Tasks 7 and 8: why it leaks, proved by one slice, and what to do in thirty days."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from salescourse.answers import Choice, Parts, Text
from salescourse.funnel.causes import SUSPECTS, gaps
from salescourse.tasks import Mistake, Task
from salescourse.text import percent, points
from salescourse.units.funnel.leaks import leak_cell
from salescourse.units.funnel.period import PERIOD, period

if TYPE_CHECKING:
    from salescourse.company import Company

CAUSES = (
    ("lag_hours", "Долго не связывались с новой заявкой"),
    ("price_named", "Не назвали цену"),
    ("zombie", "Бросили открытые сделки"),
    ("campaign", "Испортилась рекламная кампания"),
)
SLICES = (
    ("price_named", "Сравнить только КП, где цена названа"),
    ("raw", "Сравнить общую конверсию всех продавцов"),
    ("campaign", "Сравнить две кампании одного источника у одних и тех же продавцов"),
    ("lag_hours", "Сравнить лиды, с которыми связались одинаково быстро"),
    ("reasons", "Посмотреть причины отказа, которые записал продавец"),
    ("zombie", "Сравнить без сделок, по которым больше 30 дней нет действий"),
)
LOOK = {
    "lag_hours": (
        "Проверьте скорость: сравните утечку с остальными на лидах с одинаковым временем до "
        "контакта. Разрыв не исчезает, значит, дело не в ней."
    ),
    "price_named": (
        "Проверьте цену: оставьте у всех только КП, где её назвали. Разрыв остаётся, значит, "
        "молчание о цене его не объясняет."
    ),
    "zombie": (
        "Проверьте брошенные сделки: уберите их у всех и сравните снова. Разрыв на месте, "
        "значит, течёт не из-за них."
    ),
    "campaign": (
        "Проверьте кампании: в пределах одной и той же кампании этот продавец всё равно проходит "
        "хуже коллег. Реклама ни при чём."
    ),
}


def explained(company: Company) -> dict[str, float]:
    """Share of the main leak's gap that each suspect accounts for: 1 − left / gap."""

    def make() -> dict[str, float]:
        cell = leak_cell(company)
        out = {}
        for suspect in SUSPECTS:
            gap, left = gaps(
                company, cell["transition"], cell["by"], cell["key"], suspect, period(company)
            )
            out[suspect] = 1 - left / gap if gap else 0.0
        return out

    return company.memo("funnel-7.explained", make)


def cause(company: Company) -> dict[str, str]:
    """The suspect that explains most of the gap, and the slice that shows it."""
    shares = explained(company)
    found = max(shares, key=shares.get)
    return {"причина": found, "срез": found}


def _other(part: str, key: str):
    def wrong(company: Company) -> dict[str, Any] | None:
        return None if cause(company)[part] == key else {part: key}

    return wrong


def _explain(company: Company) -> str:
    cell, found = leak_cell(company), cause(company)["причина"]
    gap, left = gaps(company, cell["transition"], cell["by"], cell["key"], found, period(company))
    share = percent(100 * explained(company)[found], 0)
    if found == "campaign":
        return (
            f"У одних и тех же продавцов между кампаниями остаётся {points(gap - left)} из "
            f"{points(gap)}: {share} разрыва — сама кампания."
        )
    return f"Разрыв был {points(gap)}, уравняли — осталось {points(left)}: объяснено {share}."


CAUSE = Task(
    id="funnel-7",
    title="Причина утечки",
    question=(
        "Из-за чего течёт там, где вы нашли в funnel-4? Назовите причину и срез, который её "
        f"подтверждает. Период — последние **{PERIOD} зрелых месяцев**.\n\n"
        "Причина подтверждена, если уравнять по ней утечку и остальных (на тех же источниках) — "
        "и больше половины разрыва исчезнет. Для кампании наоборот: разрыв держится у одних и тех "
        "же продавцов.\n\n"
        "- **причина** — один из четырёх вариантов;\n"
        "- **срез** — какое сравнение её показывает."
    ),
    kind=Parts({"причина": (Choice(CAUSES), 2), "срез": (Choice(SLICES), 1)}),
    truth=cause,
    estimator="причина с наибольшей объяснённой долей разрыва, 1 − остаток / разрыв",
    mistakes=(
        *(Mistake(f"not-{key}", _other("причина", key), hint) for key, hint in LOOK.items()),
        Mistake(
            "slice-raw",
            _other("срез", "raw"),
            "Общая конверсия показывает, что течёт, но не почему: в ней и источники, и все "
            "этапы сразу. Уравняйте всех по подозрительному признаку.",
        ),
        Mistake(
            "slice-reasons",
            _other("срез", "reasons"),
            "Причину отказа пишет тот, кто проиграл, и половина там — «другое». Нужен срез, где "
            "утечку и остальных уравняли по признаку.",
        ),
        *(
            Mistake(
                f"slice-{key}",
                _other("срез", key),
                f"Этот срез проверяет другое: {SUSPECTS[key]}. Нужен тот, где уравнивают по вашей "
                "причине.",
            )
            for key in SUSPECTS
        ),
    ),
    hints=(
        "Причина — то, чем утечка отличается от остальных и без чего разрыв исчезает.",
        "Проверьте четырёх подозреваемых по очереди: уравняйте по признаку и смотрите, сколько от "
        "разрыва осталось.",
        'funnel.equalised(company, "___", "___", suspect="___", '
        "months=measures.mature(company, 18))",
    ),
    points=3,
    source="DOMAIN, M20, M22, M30; IDENTIFIABILITY §4, E2.7",
    explain=_explain,
)

PLAN = Task(
    id="funnel-8",
    title="Что делаем за 30 дней",
    question=(
        "Одна утечка, один месяц. Напишите решение для директора, 5–8 предложений: что делаем, "
        "кто, к какому числу и по какому показателю через 30 дней поймём, что помогло. "
        "Опирайтесь на свои ответы в funnel-4, funnel-5 и funnel-7."
    ),
    kind=Text(
        (
            "**Причина из данных, 0–0,5.** Названы утечка, её цена в месяц и причина, и видно, "
            "каким срезом причина подтверждена. Половина — причина есть, числа нет.",
            "**Рычаг, 0–0,5.** Действие бьёт в причину, у него есть исполнитель, его можно начать "
            "завтра. «Усилить контроль» и «провести тренинг» без содержания — ноль.",
            "**Показатель и срок, 0–0,5.** Число сейчас, число через 30 дней, откуда его взять. "
            "Показатель успевает сдвинуться за месяц: доля с названной ценой, часы до контакта, "
            "доля брошенных, а не оплаты, которые дозреют позже.",
            "**Чего не делаем и риск, 0–0,5.** Что откладываем и что может пойти не так; с "
            "продавцом говорят о приёме работы, а не о нём самом.",
        )
    ),
    truth=lambda company: "",
    estimator="рубрика, читает преподаватель",
    hints=(
        "Начните с одной фразы: где, сколько стоит, почему.",
        "Выберите показатель, который сдвинется раньше оплат.",
        "«С ___ каждый ___; сейчас ___, через 30 дней ___, смотрим в ___».",
    ),
    points=2,
    source="DOMAIN §4, E2.8",
)

TASKS = (CAUSE, PLAN)
