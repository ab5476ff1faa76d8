"""The department as it would go on: every seat's next months, like the last twelve."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from salescourse.errors import StudentError
from salescourse.motivation.history import FULL, chosen, full_months, market_income
from salescourse.motivation.plan import GP_SHIPPED, Pay, PayPlan
from salescourse.schema import GRADES

if TYPE_CHECKING:
    from salescourse.company import Company

MONTHS = 12


@dataclass(frozen=True)
class Seats:
    """Months × seats, ₽ and fractions; `market` is by grade, `rung` an index into GRADES."""

    ids: np.ndarray
    gp: np.ndarray
    pass_through: np.ndarray
    revenue: np.ndarray
    new_clients: np.ndarray
    worked: np.ndarray
    rung: np.ndarray
    market: np.ndarray

    def pay(self, plan: PayPlan, factor: np.ndarray | float = 1.0) -> Pay:
        """What a plan pays for these months with all sales changed by `factor`."""
        return plan.pay(
            self.gp * factor,
            pass_through=self.pass_through * factor,
            revenue=self.revenue * factor,
            worked=self.worked,
            new_clients=self.new_clients * factor,
        )


def seats(company: Company, plan: PayPlan | None = None) -> Seats:
    """The last twelve full months, one column a seat; a newcomer's missing months are usual ones.

    A month in which somebody was not yet there is filled with the mean of that person's
    full months, so that twelve months of the same department are compared.
    """
    shipped = plan is not None and plan.bonus_base == GP_SHIPPED
    return company.memo(("motivation.seats", shipped), lambda: _make(company, shipped))


def _make(company: Company, shipped: bool) -> Seats:
    months = full_months(company, MONTHS)
    rows = chosen(company, months)
    staff = company.employees.set_index("employee_id")
    ids = np.unique(rows["employee_id"].to_numpy())
    ids = ids[staff["left_on"].reindex(ids).isna().to_numpy()]
    if not len(ids):
        raise StudentError("В зарплате за 12 месяцев нет никого, кто ещё работает.")
    rows = rows[np.isin(rows["employee_id"].to_numpy(), ids)]
    seat = np.searchsorted(ids, rows["employee_id"].to_numpy())
    stamps = np.array([m.to_datetime64() for m in months]).astype("datetime64[s]")
    month = np.searchsorted(stamps, rows["month"].to_numpy().astype("datetime64[s]"))

    def grid(column: str) -> np.ndarray:
        cells = np.full((MONTHS, len(ids)), np.nan)
        cells[month, seat] = rows[column].to_numpy(dtype=float)
        return cells

    worked = grid("worked")
    here, full = ~np.isnan(worked), worked >= FULL
    use = np.where(full.any(0), full, here)  # nobody's months are left empty

    def filled(column: str) -> np.ndarray:
        cells = grid(column)
        usual = np.where(use, cells, 0).sum(0) / use.sum(0)
        return np.where(here, cells, usual)

    grades = staff["grade"].reindex(ids).astype(object)
    rung = np.array([GRADES.index(g) if g in GRADES else 1 for g in grades])
    return Seats(
        ids=ids,
        gp=filled("gp_shipped" if shipped else "gp"),
        pass_through=filled("pass_shipped" if shipped else "pass_through"),
        revenue=filled("revenue"),
        new_clients=filled("new_clients"),
        worked=np.where(here, worked, 1.0),
        rung=rung,
        market=np.array([market_income(company, grade) for grade in GRADES]),
    )
