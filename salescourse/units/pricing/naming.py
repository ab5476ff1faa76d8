"""Task 1: who cannot bring themselves to name a price above 50 000 ₽."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from salescourse.answers import Absolute, Choices, Number, Parts
from salescourse.pricing.quotes import by_owner, filled, labels_of
from salescourse.tasks import Mistake, Task
from salescourse.text import percent, roubles

if TYPE_CHECKING:
    from salescourse.company import Company

THRESHOLD = 50_000  # ₽: DOMAIN, M30
GAP, ENOUGH = 20.0, 30  # p.p. below one's own naming of small sums; quotes above: DOMAIN, M30
WHO, RATE = "кто", "доля"


def rows_of(company: Company) -> pd.DataFrame:
    """Naming by seller's id."""
    return company.memo("pricing-1.rows", lambda: by_owner(_quotes(company), THRESHOLD))


def _quotes(company: Company) -> pd.DataFrame:
    return company.memo("pricing-1.quotes", lambda: filled(company))


def afraid(company: Company) -> list[int]:
    """Sellers who name dear prices at least `GAP` less often than cheap ones."""
    rows = rows_of(company)
    return rows.index[(rows["gap"] >= GAP) & (rows["n_above"] >= ENOUGH)].tolist()


def _rate(company: Company, owners: list[int], dear: bool | None = True) -> float | None:
    """How often these sellers together name a price, %; of dear quotes, of cheap ones or of all."""
    rows = _quotes(company)
    chosen = rows["owner_id"].isin(owners)
    if dear is not None:
        chosen &= (rows["amount"] > THRESHOLD) == dear
    return 100 * float(rows.loc[chosen, "said"].mean()) if chosen.any() else None


def _keys(owners: list[int]) -> tuple[str, ...]:
    return tuple(map(str, sorted(owners)))


def fear(company: Company) -> dict[str, Any]:
    """Who they are, and how often the three together name a price above the threshold, %."""
    owners = afraid(company)
    return {WHO: _keys(owners), RATE: _rate(company, owners) or 0.0}


def _people(company: Company) -> tuple[tuple[str, str], ...]:
    labels = labels_of(company, rows_of(company).index.to_numpy())
    return tuple((str(i), label) for i, label in labels.items())


def _only(company: Company) -> dict[str, Any] | None:
    """The one with the lowest share: one guilty person instead of a habit of several."""
    rows, found = rows_of(company), afraid(company)
    if len(found) < 2:
        return None
    return {WHO: _keys([int(rows["above"].idxmin())])}


def _everybody(company: Company) -> dict[str, Any] | None:
    """All who name dear prices less often than cheap ones, be it by chance."""
    rows = rows_of(company)
    found = _keys(rows.index[rows["gap"] > 0].tolist())
    return None if found == _keys(afraid(company)) else {WHO: found}


def _all_sums(company: Company) -> dict[str, Any]:
    return {RATE: _rate(company, afraid(company), None)}


def _cheap(company: Company) -> dict[str, Any]:
    return {RATE: _rate(company, afraid(company), False)}


def _department(company: Company) -> dict[str, Any]:
    return {RATE: _rate(company, rows_of(company).index.tolist())}


def _explain(company: Company) -> str:
    owners = afraid(company)
    others = [i for i in rows_of(company).index if i not in owners]
    cheap, rest = _rate(company, owners, False), _rate(company, others)
    return (
        f"До {roubles(THRESHOLD)} те же люди называют цену в {percent(cheap or 0, 0)} КП, "
        f"а остальные выше порога — в {percent(rest or 0, 0)}. Дело не в умении, а в сумме."
    )


NAMING = Task(
    id="pricing-1",
    title="Кто не называет цену",
    question=(
        "У кого «язык не поворачивается» назвать цену больше **50 000 ₽**?\n\n"
        "- **кто** — продавцы, которые называют цену выше порога хотя бы на **20 п.п. реже**, "
        "чем сами же до порога, и у кого выше порога не меньше 30 КП;\n"
        "- **доля** — в скольких процентах КП выше порога эти люди **вместе** назвали цену, "
        "± 2 п.п.\n\n"
        "Берём все КП за всё время, по заявкам и действующим клиентам, где поле «Цена названа» "
        "заполнено. Сумма — до скидки; ровно 50 000 — ещё «до порога». Помеченные дубли и тестовые "
        "заявки не считаем. Продавец — кому досталась заявка, а в КП действующему клиенту — кто "
        "ведёт сделку."
    ),
    kind=Parts({WHO: (Choices(_people), 2), RATE: (Number("%", Absolute(2)), 1)}),
    truth=fear,
    estimator="разница долей «цена названа» до порога и выше, у каждого своя; порог 20 п.п.",
    mistakes=(
        Mistake(
            "only-one",
            _only,
            "Это самый заметный, но не единственный. Смотрите не на последнего в списке, а на "
            "разницу каждого с ним самим до порога.",
        ),
        Mistake(
            "everybody",
            _everybody,
            "Сюда попали и те, у кого разница в пару пунктов: это случайность. Нужна разница от "
            "20 п.п.",
        ),
        Mistake(
            "all-sums",
            _all_sums,
            "Похоже, вы взяли все КП, и дешёвые тоже. Дешёвую цену эти люди называют охотно; "
            "оставьте только КП выше порога.",
        ),
        Mistake(
            "below",
            _cheap,
            "Похоже, это доля до порога. Спрашивают про КП дороже 50 000 ₽.",
        ),
        Mistake(
            "department",
            _department,
            "Похоже, это доля всего отдела выше порога. Оставьте только тех, кого назвали.",
        ),
    ),
    hints=(
        "Сравните человека с ним самим: как он называет цену до порога и выше.",
        "Смотрите на разницу, а не на последнее место. Долю вместе считают по всем их КП сразу: "
        "названо выше порога / всего выше порога.",
        'answer = {"кто": list(silent.index), "доля": ___}',
    ),
    points=3,
    source="DOMAIN, M30; IDENTIFIABILITY §4, E3.1",
    explain=_explain,
)

TASKS = (NAMING,)
