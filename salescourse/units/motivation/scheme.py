"""Task 5: a scheme that passes the eight checks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from salescourse import motivation
from salescourse.answers import Absolute, Choice, Config, Fraction, NotUnderstood, Number, Relative
from salescourse.answers.raw import simplify
from salescourse.motivation import PayPlan
from salescourse.motivation.plan import (
    BASES,
    GP_PAID,
    GP_SHIPPED,
    NAMES,
    REVENUE,
    in_english,
    wrong_base,
)
from salescourse.motivation.rules import WEIGHTS, all_checks
from salescourse.motivation.search import best_plan, weight
from salescourse.tasks import Mistake, Task
from salescourse.text import NBSP, number, roubles, short
from salescourse.units.motivation.period import AGREED

if TYPE_CHECKING:
    from salescourse.company import Company

Settings = dict[str, Any]

NO_CEILING = 10.0  # ten plans in one month: as good as none, and a plain number for the record
OTHER_BASE = 0.5  # of the points, if the bonus is not on paid gross profit
ROUBLES = Number("₽", Relative(0.01), fraction_trap=False)
PART = Fraction(tolerance=Absolute(0.005))


@dataclass(frozen=True)
class BonusBase(Choice):
    """No list of letters is printed for it: what may be typed is named in the reply."""

    def parse(self, raw: Any, company: Company) -> str:
        try:
            return super().parse(raw, company)
        except NotUnderstood:
            raise NotUnderstood(wrong_base(simplify(raw))) from None


@dataclass(frozen=True)
class Scheme(Config):
    """Settings under their English or Russian names, shown as people say them."""

    def parse(self, raw: Any, company: Company) -> Settings:
        plain = simplify(raw)
        return super().parse(in_english(plain) if isinstance(plain, dict) else raw, company)

    def show(self, value, company) -> str:
        said = {
            "base": roubles(value["base"]),
            "rate": f"{short(100 * value['rate'], 2)}{NBSP}% ВП",
            "plan_gp": f"{roubles(value['plan_gp'])} ВП",
        }
        if value["bonus_base"] == REVENUE:
            said["rate"] = said["rate"].replace("ВП", "выручки")
        for name, usual in self.optional.items():
            if value[name] != usual:
                said[name] = _said(name, value[name])
        return ", ".join(f"{NAMES[name]} {text}" for name, text in said.items())


def _said(name: str, value: Any) -> str:
    if name == "bonus_base":
        return BASES[value]
    if name == "new_client_bonus":
        return roubles(value)
    if name == "accel_mult":
        return f"в {short(value, 2)} раза"
    return f"{short(100 * value, 2)}{NBSP}%"


FIELDS = {
    "base": ROUBLES,
    "rate": Fraction(tolerance=Absolute(0.0003)),
    "plan_gp": ROUBLES,
    "bonus_base": BonusBase(tuple(BASES.items())),
    "threshold": PART,
    "accel_from": PART,
    "accel_mult": PART,
    "cap_attainment": PART,
    "new_client_bonus": Number("₽", Absolute(100), fraction_trap=False),
    "passthrough_rate_mult": PART,
    "quality_gate": PART,
}
OPTIONAL = {
    "bonus_base": GP_PAID,
    "threshold": 0.0,
    "accel_from": 1.0,
    "accel_mult": 1.0,
    "cap_attainment": NO_CEILING,
    "new_client_bonus": 0.0,
    "passthrough_rate_mult": 1.0,
    "quality_gate": 1.0,
}
UNPAID = (
    "Бонус — не с ВП оплаченных заказов, поэтому балл вдвое меньше: за скидки и за долги клиентов "
    "платить не надо."
)


def reference(company: Company) -> Settings:
    """A scheme that earns full points; found once a company by a search."""
    return OPTIONAL | company.memo("motivation-5.best", lambda: best_plan(company)).config


def scheme(settings: Settings) -> PayPlan:
    """Settings as a scheme. StudentError on impossible ones."""
    return PayPlan.of({name: float(v) if name != "bonus_base" else v
                       for name, v in settings.items()})  # fmt: skip


def earned(settings: Settings, truth: Settings, company: Company) -> float:
    """Points of the passed checks, of those of the best scheme there is."""
    best = company.memo("motivation-5.most", lambda: weight(company, scheme(truth)))
    plan = scheme(settings)
    part = company.memo(("motivation-5.weight", plan), lambda: weight(company, plan)) / best
    return part if settings["bonus_base"] == GP_PAID else OTHER_BASE * part


def faults(settings: Settings, company: Company) -> list[str]:
    """What each failed check says, by number."""
    found = [
        f"{i}){NBSP}{check.sentence}"
        for i, check in enumerate(all_checks(company, scheme(settings)), start=1)
        if not check.passed
    ]
    return found if settings["bonus_base"] == GP_PAID else [UNPAID, *found]


# Ways to miss ---------------------------------------------------------------------------------


def _present(company: Company) -> Settings:
    plan = motivation.current(company)
    return {"base": plan.base, "rate": plan.rate, "bonus_base": plan.bonus_base}


def _same_rate(company: Company) -> Settings:
    return {"rate": motivation.current(company).rate, "bonus_base": GP_PAID}


def _at_the_cap(company: Company) -> Settings:
    """The cap itself for the share at plan."""
    income, cap = motivation.market_income(company), motivation.payroll_cap(company)
    return {"base": 0.4 * income, "rate": 0.6 * cap, "plan_gp": income / cap}


def _details(company: Company) -> str:
    income = motivation.market_income(company)
    least = motivation.minimum_wage(company.asof.year, company.city)
    return (
        f"Рынок в городе {company.city} — {roubles(income)} в месяц, МРОТ с районным "
        f"коэффициентом — {roubles(least)}, предел ФОТ — "
        f"{number(100 * motivation.payroll_cap(company))}{NBSP}% ВП."
    )


def _explain(company: Company) -> str:
    if weight(company, scheme(reference(company))) < sum(WEIGHTS):
        return "Лучше на этих данных не соберёшь."
    cap = f"{number(100 * motivation.payroll_cap(company))}{NBSP}% ВП"
    return (
        f"Предел {cap} держится и у одного продавца с 80{NBSP}% плана, и у отдела за год, план по "
        "силам не меньше чем половине, обрывов нет: держать её можно и в слабый месяц."
    )


SCHEME = Task(
    id="motivation-5",
    title="Схема, которая держит предел",
    question=(
        "Соберите схему оплаты, которая проходит **все восемь проверок** на вашей компании. "
        "Бонус — с ВП **оплаченных** заказов; с другой базой баллов вдвое меньше.\n\n"
        "1. Оплата одного продавца — не больше предела на любом выполнении от 80 до 150 % плана.\n"
        "2. При 100 % плана оклад — 40 ±\u00a02\u00a0% дохода.\n"
        "3. Оплата нигде не падает и не прыгает больше чем на четверть за 1 % плана.\n"
        "4. Оклад — не ниже МРОТ с районным коэффициентом.\n"
        "5. План по силам 50–70 % продавцов: с планом сравниваем медиану их ВП за полные месяцы, "
        "без новичков.\n"
        "6. Доход при плане — 0,9–1,15 рынка.\n"
        "7. Лучший продавец по этой схеме получал бы меньше полутора доходов РОПа.\n"
        "8. Весь ФОТ за год по этой схеме — не больше предела.\n\n"
        "Проверки с первой по шестую — по баллу, седьмая и восьмая — по половине.\n\n"
        f"{AGREED} Ставку пишите долей: 5,45 % — это 0.0545.\n\n"
        "Вместо многоточий впишите оклад, ставку и план — или целиком замените фигурные скобки на "
        "`simulator.value`. Остальные настройки можно добавить, как в симуляторе, или не писать."
    ),
    kind=Scheme(FIELDS, earned, OPTIONAL, faults, scheme),
    truth=reference,
    estimator="баллы пройденных проверок M36; эталон — схема, найденная перебором",
    mistakes=(
        Mistake(
            "present",
            _present,
            "Это нынешняя схема. Новый оклад и ставка считаются от дохода и предела, как в "
            "motivation-3.",
        ),
        Mistake(
            "on-revenue",
            lambda company: {"bonus_base": REVENUE},
            "Бонус у вас с выручки. Тогда скидка продавцу почти ничего не стоит, а ставка от ВП "
            "становится впятеро дороже. Поставьте bonus_base = gp_paid.",
        ),
        Mistake(
            "unpaid",
            lambda company: {"bonus_base": GP_SHIPPED},
            "Бонус у вас с отгруженного. Деньги ещё не пришли, а премия уже выплачена: продавцу "
            "незачем собирать долги. Поставьте bonus_base = gp_paid.",
        ),
        Mistake(
            "at-the-cap",
            _at_the_cap,
            "Предел у вас держится ровно на 100 % плана, а проверяют от 80. Оклад не тает вместе с "
            "продажами: возьмите долю при плане ниже предела, как в motivation-3.",
        ),
        Mistake(
            "same-rate",
            _same_rate,
            "Ставку вы взяли из нынешней схемы, но там она с выручки. С ВП нужна другая: поделите "
            "бонус при плане на план по ВП.",
        ),
        Mistake(
            "all-or-nothing",
            lambda company: {"threshold": 1.0},
            "Порог на 100 % — обрыв: за последний процент плана платят целый бонус. У обрыва "
            "сделки переносят из месяца в месяц, а кто отстал, тот перестаёт стараться. Уберите "
            "порог.",
        ),
        Mistake(
            "accelerated-whole",
            lambda company: {"accel_from": 0.0, "accel_mult": 1.3},
            "Ускорение у вас с первого рубля, то есть на всю ВП: это просто ставка выше. Ускоряют "
            "только часть сверх плана, accel_from = 1.",
        ),
        Mistake(
            "bare-per-cent",
            lambda company: {"base": 0.0},
            "Без оклада предел держится сам собой, но так нельзя: в месяц без продаж человек "
            "получит меньше МРОТ, и хороший на такое не пойдёт.",
        ),
    ),
    hints=(
        "Начните с motivation-3: оклад, ставка и план под рыночный доход и предел. Потом сдвиньте "
        "план туда, где его выполняет больше половины продавцов.",
        "Пробой на 80 % — снизьте оклад и ставку вместе или поднимите план. Обрыв — уберите порог. "
        "План никому не по силам — снизьте план и доход, но не ниже 0,9 рынка.",
        "motivation.checks(company, motivation.PayPlan(base=___, rate=___, plan_gp=___))",
    ),
    points=7,
    source="DOMAIN, M36; IDENTIFIABILITY §4, E4.5",
    details=_details,
    explain=_explain,
)

TASKS = (SCHEME,)
