"""Unit 00: the notebook works, answers arrive, margin is not markup."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salescourse.answers import Absolute, Number
from salescourse.tasks import Gate, Mistake, Task
from salescourse.text import number

if TYPE_CHECKING:
    from salescourse.company import Company

COST, PRICE = 80, 100  # thousand roubles, the example of the question


def deals(company: Company) -> int:
    """Rows of the deals table, as `len` counts them."""
    return len(company.deals)


def _explain_deals(company: Company) -> str:
    of_leads = int(company.deals["lead_id"].notna().sum())
    rest = len(company.deals) - of_leads
    return (
        f"Из них {number(of_leads)} — из заявок, ещё {number(rest)} — КП действующим клиентам; "
        "воронку новых клиентов считают по первым."
    )


def margin(company: Company) -> float:
    """Gross profit as a share of the price, %."""
    return 100 * (PRICE - COST) / PRICE


GATES: tuple[Gate, ...] = ()

TASKS = (
    Task(
        id="start-1",
        title="Сколько сделок",
        question=(
            "Сколько строк в таблице сделок вашей фирмы — `company.deals`?\n\n"
            "Ответ — целое число. Считаем все строки, ничего не отсеивая."
        ),
        kind=Number("шт.", Absolute(0), fraction_trap=False),
        truth=deals,
        estimator="число строк таблицы deals",
        mistakes=(
            Mistake(
                "leads",
                lambda company: len(company.leads),
                "Похоже, вы посчитали заявки или только сделки по ним. Нужны все строки "
                "company.deals: там ещё и КП действующим клиентам.",
            ),
            Mistake(
                "orders",
                lambda company: len(company.orders),
                "Похоже, вы посчитали заказы. Заказ — то, что клиент купил; сделка — то, "
                "что продавец ведёт. Сделки лежат в company.deals.",
            ),
        ),
        hints=(
            "Одна строка таблицы — одна сделка. Нужно узнать, сколько в таблице строк.",
            "Длину любой таблицы говорит len.",
            "len(company.___)",
        ),
        points=1,
        source="DOMAIN §4, E0.1",
        explain=_explain_deals,
    ),
    Task(
        id="start-2",
        title="Маржа",
        question=(
            "Купили за 80 тыс. ₽, продали за 100 тыс. ₽. Какая маржа?\n\n"
            "Ответ в процентах, до десятых."
        ),
        kind=Number("%", Absolute(0.1)),
        truth=margin,
        estimator="маржа = (цена − себестоимость) / цена",
        mistakes=(
            Mistake(
                "markup",
                lambda company: 100 * (PRICE - COST) / COST,
                "Это наценка: заработок поделили на закупку. Маржа — какая часть цены остаётся "
                "вам, делите на цену продажи.",
            ),
            Mistake(
                "cost-share",
                lambda company: 100 * COST / PRICE,
                "Это доля закупки в цене. Маржа — то, что осталось после неё.",
            ),
        ),
        hints=(
            "Маржа отвечает на вопрос: сколько с каждого рубля, который заплатил клиент, "
            "осталось фирме.",
            "Заработок — цена минус закупка. Делите его на цену.",
            "100 * (100 - 80) / ___",
        ),
        points=1,
        source="DOMAIN §2.2, E0.2",
        explain=lambda company: "Наценка при этом 25\u00a0%: заработок тот же, делим на закупку.",
    ),
)
