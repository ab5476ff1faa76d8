"""Цена: кто её не называет, из чего она состоит, чего стоит скидка, что дают три варианта.

Пример: pricing.simulate(company, 60_000, 80_000, 120_000)
"""

from __future__ import annotations

from salescourse.pricing.costs import cost_items, options_sold, unit_profit, waterfall
from salescourse.pricing.discounting import discount_by_day, discounts, margin, volume_to_cover
from salescourse.pricing.offers import best_single, constraints, product, simulate
from salescourse.pricing.quotes import naming
from salescourse.pricing.sheets import client_sheet, discount_table, seller_sheet
from salescourse.pricing.trial import pilot, pilot_interval

__all__ = [
    "best_single",
    "client_sheet",
    "constraints",
    "cost_items",
    "discount_by_day",
    "discount_table",
    "discounts",
    "margin",
    "naming",
    "options_sold",
    "pilot",
    "pilot_interval",
    "product",
    "seller_sheet",
    "simulate",
    "unit_profit",
    "volume_to_cover",
    "waterfall",
]
