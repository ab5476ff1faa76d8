"""Task 3: what one sale of each option brings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from salescourse.answers import Number, Relative, Table
from salescourse.pricing import options_sold
from salescourse.pricing.trial import table
from salescourse.schema import OPTIONS
from salescourse.tasks import Mistake, Task
from salescourse.text import percent

if TYPE_CHECKING:
    from salescourse.company import Company


def _row(values: np.ndarray) -> dict[str, float]:
    return dict(zip(OPTIONS, map(float, values), strict=True))


def _columns(company: Company) -> dict[str, np.ndarray]:
    rows = company.memo("pricing-3.rows", lambda: options_sold(company))
    return {name: rows[name].to_numpy(dtype=float) for name in rows.columns}


def unit_profits(company: Company) -> dict[str, float]:
    """Gross profit of one sale of each option, ₽: price less discount less its own cost."""
    c = _columns(company)
    return _row(c["price"] - c["given"] - c["cost"])


def _no_discount(company: Company) -> dict[str, float]:
    c = _columns(company)
    return _row(c["price"] - c["cost"])


def _average_cost(company: Company) -> dict[str, float]:
    c = _columns(company)
    return _row(c["price"] - c["given"] - (c["cost"] * c["sold"]).sum() / c["sold"].sum())


def _mean_of_costs(company: Company) -> dict[str, float]:
    c = _columns(company)
    return _row(c["price"] - c["given"] - c["cost"].mean())


def _revenue(company: Company) -> dict[str, float]:
    c = _columns(company)
    return _row(c["price"] - c["given"])


def _cost(company: Company) -> dict[str, float]:
    return _row(_columns(company)["cost"])


def _per_quote(company: Company) -> dict[str, float]:
    c = _columns(company)
    quotes = int((table(company)["n_options"] == 3).sum())
    return _row((c["price"] - c["given"] - c["cost"]) * c["sold"] / quotes)


def _explain(company: Company) -> str:
    c, gp = _columns(company), unit_profits(company)
    share = 100 * np.array(list(gp.values())) / (c["price"] - c["given"])
    return (
        f"С рубля цены остаётся: {', '.join(percent(s) for s in share)}. Дороже вариант — больше "
        "рублей с продажи; продают не проценты, а рубли."
    )


UNIT = Task(
    id="pricing-3",
    title="ВП с одной продажи",
    question=(
        "Сколько валовой прибыли приносит **одна продажа** каждого варианта?\n\n"
        "Возьмите оплаченные сделки, где в КП было три варианта. Средняя на одну продажу: цена до "
        "скидки, минус скидка, минус **себестоимость этого же варианта**.\n\n"
        "Ответ в рублях на каждый вариант, ± 1 %."
    ),
    kind=Table(OPTIONS, Number("₽", Relative(0.01))),
    truth=unit_profits,
    estimator="цена − скидка − себестоимость, в среднем на продажу, по вариантам",
    mistakes=(
        Mistake(
            "no-discount",
            _no_discount,
            "Похоже, скидку вы не вычли. Прибыль остаётся с тех денег, что клиент заплатил, а не с "
            "прайса.",
        ),
        Mistake(
            "average-cost",
            _average_cost,
            "Похоже, из каждой цены вычтена одна и та же, средняя себестоимость. У вариантов она "
            "разная: возьмите себестоимость этого варианта.",
        ),
        Mistake(
            "mean-of-costs",
            _mean_of_costs,
            "Похоже, из каждой цены вычтено среднее трёх себестоимостей. Дорогой вариант и "
            "обходится дороже: вычитайте у каждого свою.",
        ),
        Mistake(
            "revenue",
            _revenue,
            "Похоже, это цена после скидки. Из неё ещё надо вычесть себестоимость.",
        ),
        Mistake("cost", _cost, "Похоже, это себестоимость. Вычтите её из цены после скидки."),
        Mistake(
            "per-quote",
            _per_quote,
            "Похоже, вы поделили на все КП. Здесь спрашивают про одну продажу, на КП будет в "
            "pricing-4.",
        ),
    ),
    hints=(
        "Цена тает по дороге: сначала скидка, потом себестоимость. Остаток и есть ВП.",
        "Для каждого варианта свои три числа: цена, скидка, себестоимость. Вычтите второе и третье "
        "из первого.",
        'left = rows["price"] - rows["cost"] - rows["___"]',
    ),
    points=2,
    source="DOMAIN, M31; IDENTIFIABILITY §4, E3.3",
    explain=_explain,
)

TASKS = (UNIT,)
