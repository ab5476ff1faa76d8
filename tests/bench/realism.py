"""Fourteen statistics of a company against ranges from real sales data (DESIGN §8).

    python tests/bench/realism.py [CODES] [SEED]

Ranges come from Olist's funnel, CDNOW, UCI Online Retail and a live Russian amoCRM funnel.
Prints the median over random codes, the 5–95 % span, and how many codes lie in range.
"""

from __future__ import annotations

import sys
from concurrent.futures import ProcessPoolExecutor

import numpy as np
import pandas as pd
from scipy import stats

from salescourse.codes import COUNT, from_number
from salescourse.company import Company

RANGES = {
    "цикл: σ ln": (0.9, 1.6),
    "цикл: KS с логнормальным": (0.0, 0.08),
    "сумма сделки: σ ln": (0.7, 1.6),
    "выручка клиентов: хвост Хилла, 5 %": (1.5, 3.0),
    "20 % клиентов дают выручки, %": (58, 75),
    "клиентов с одним заказом, %": (35, 55),
    "между заказами: σ ln": (1.0, 1.5),
    "оплат в выходные, %": (0, 5),
    "лучший месяц / худший": (1.5, 3.0),
    "КП → оплата у продавцов: σ сверх случайной": (0.03, 0.10),
    "откатов среди переходов, %": (5, 15),
    "конверсия источников: макс / мин": (3, 6),
    "заполненность карточки: размах": (0.60, 0.98),
    "круглых бюджетов и скидок, %": (60, 100),
}


def statistics(company: Company) -> list[float]:
    deals, orders, clients = company.deals, company.orders, company.clients
    lead_deals = deals[deals.lead_id.notna()]
    won = lead_deals[lead_deals.status == "оплачена"]
    cycle = np.log((won.closed_at - won.created_at).dt.total_seconds() / 86_400)
    size = np.log(won.amount.astype(float))
    revenue = orders.groupby("client_id").revenue.sum().sort_values(ascending=False)
    return [
        cycle.std(),
        stats.kstest((cycle - cycle.mean()) / cycle.std(), "norm").statistic,
        size.std(),
        _hill(revenue.to_numpy(float)),
        100 * revenue.iloc[: len(revenue) // 5].sum() / revenue.sum(),
        100 * (orders.groupby("client_id").size() == 1).mean(),
        _intervals(orders).std(),
        100 * (deals[deals.status == "оплачена"].closed_at.dt.day_of_week >= 5).mean(),
        _season(company),
        _beyond_noise(company),
        100 * _rollbacks(company),
        _sources(company),
        np.ptp(_fill(clients)),
        100 * _round(deals),
    ]


def _hill(revenue: np.ndarray) -> float:
    k = len(revenue) // 20
    return k / np.log(revenue[:k] / revenue[k]).sum()


def _intervals(orders: pd.DataFrame) -> pd.Series:
    rows = orders.sort_values(["client_id", "ordered_at"])
    gap = rows.groupby("client_id").ordered_at.diff().dt.days
    return np.log(gap[gap > 0])


def _season(company: Company) -> float:
    leads = company.leads
    month = leads.created_at.dt.to_period("M")
    counts = month.value_counts().sort_index().iloc[:-1]  # the last month is not over
    return counts.max() / counts.min()


def _beyond_noise(company: Company) -> float:
    """Standard deviation of sellers' КП → payment rates, less the binomial noise."""
    deals = company.deals
    quoted = deals[deals.amount.notna() & (deals.status != "открыта")]
    won = (quoted.status == "оплачена").groupby(quoted.owner_id)
    rate, n = won.mean(), won.size()
    noise = (rate * (1 - rate) / n).mean()
    return float(np.sqrt(max(rate.var() - noise, 0)))


def _rollbacks(company: Company) -> float:
    history = company.stage_history
    stage = pd.Series(history.stage.array.codes, history.index).where(history.stage != "Отложено")
    previous = stage.groupby(history.deal_id).shift()
    moves = stage.notna() & previous.notna()
    return float((stage < previous)[moves].mean())


def _sources(company: Company) -> float:
    leads = company.leads[company.leads.mark.isna() & (company.leads.source != "не указан")]
    won = company.deals[company.deals.status == "оплачена"].lead_id.dropna()
    rate = leads.lead_id.isin(won).groupby(leads.source, observed=True).mean()
    return rate.max() / rate.min()


def _fill(clients: pd.DataFrame) -> np.ndarray:
    card = ["inn", "segment", "contact_name", "contact_position", "phone", "email"]
    card += ["product_interest", "purchase_cycle_days", "agreements", "next_contact_on"]
    return clients[card].notna().mean().to_numpy()


def _round(deals: pd.DataFrame) -> float:
    amount, discount = deals.amount.dropna(), deals.discount_pct.dropna()
    return min((amount % 1000 == 0).mean(), discount.isin([0, 5, 10, 15]).mean())


def one(code: str) -> list[float]:
    return [float(v) for v in statistics(Company.generate(code))]


def main(codes: int = 60, seed: int = 1) -> None:
    rng = np.random.default_rng(seed)
    drawn = [from_number(int(n)) for n in rng.choice(COUNT, codes, replace=False)]
    with ProcessPoolExecutor() as pool:
        table = np.array(list(pool.map(one, drawn, chunksize=4)))
    inside = 0
    print(f"{'статистика':44} {'нужно':>12} {'медиана':>8} {'5–95 %':>15} {'в пределах':>11}")
    for (name, (low, high)), values in zip(RANGES.items(), table.T, strict=True):
        middle = np.median(values)
        ok = low <= middle <= high
        inside += ok
        share = ((values >= low) & (values <= high)).mean()
        span = "{:.2f}…{:.2f}".format(*np.percentile(values, [5, 95]))
        mark = "ОК" if ok else "вне"
        print(f"{name:44} {low:>5g}…{high:<6g} {middle:8.2f} {span:>15} {share:8.0%} {mark}")
    print(f"В пределах: {inside} из {len(RANGES)}")


if __name__ == "__main__":
    main(*(int(x) for x in sys.argv[1:]))
