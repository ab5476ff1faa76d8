"""Симуляторы курса: двигаете ползунок — видите, что изменится; у каждого есть `.value` для check.

Пример: widgets.velocity_whatif(company, measures.mature(company, 6))
"""

# a simulator is a class over pure functions of the subject, with a static twin and a `.value`;
# ipywidgets is imported when one is shown: `from salescourse import *` must stay light

from __future__ import annotations

from salescourse.widgets.ladder import ladder
from salescourse.widgets.pay_plan import pay_plan
from salescourse.widgets.price_sheet import price_sheet
from salescourse.widgets.velocity import velocity_whatif

__all__ = ["ladder", "pay_plan", "price_sheet", "velocity_whatif"]
