# %% slide [markdown]
"""
# Мотивация: задания

Вы приняли отдел, а в ведомости продавцы получают как топ-менеджеры. Директор ждёт ответа: это много или нормально, что менять и как не остаться без команды. За полтора часа вы посчитаете, что забирает ФОТ, соберёте схему, которая держит предел, проиграете год с людьми и напишете план перехода.

Данные — вашей фирмы, у соседа другие, и решение у него может быть другим. Всё нужное показано в уроке: папка «Уроки», тетрадь с номером 04, держите её открытой рядом.

Запускайте ячейки сверху вниз: **Shift + Enter**. Вместо `...` впишите ответ и запустите ячейку; попыток сколько угодно.
"""

# %%
import sys

if "google.colab" in sys.modules:
    print("Ставим пакет курса, это займёт минуту")
    get_ipython().run_line_magic("pip", "install --quiet salescourse")
print("Готово к работе")

# %% slide [markdown]
"""
## Ваша фирма

Если фирма не нашлась, впишите код, который дал преподаватель, в скобки: `my_company("ROP-7F3A-K")`.
"""

# %%
from salescourse import *

company = my_company()

# %% ask motivation-1 [markdown]
"""
С этого числа начинается разговор с директором.
"""

# %%
last = ...  # впишите, сколько последних полных месяцев взять

if last is not ...:
    months = motivation.full_months(company, last)
    show(motivation.payroll_shares(company, "employee_id", months))

# %% task motivation-1
# решение
year = motivation.full_months(company, 12)
answer = motivation.payroll_share(company, year)
# конец решения

# %% ask motivation-2 [markdown]
"""
«У нас сорок на шестьдесят», — говорит прежний РОП. Проверьте, на деле или при плане.
"""

# %% [markdown]
"""
Своими руками: впишите вместо `...` столбец с окладом, `"base_paid"`. Ячейка считает за все месяцы, что есть в зарплате; оставьте нужные сами.
"""

# %%
rows = company.payroll

# решение
#: column = ...
column = "base_paid"
# конец решения
if column is not ...:
    show(100 * rows[column].sum() / rows["total"].sum(), title="Доля, %")

# %% task motivation-2
# решение
paid, planned = motivation.mix(company, year), motivation.mix_at_plan(company, year)
answer = {"фактически": paid, "при плане": planned}
# конец решения

# %% ask motivation-3 [markdown]
"""
Теперь от дохода к плану. Сколько должен приносить человек, чтобы столько получать?
"""

# %%
# решение
#: income, cap, margin = ..., ..., ...  # доход в рублях, предел и маржа долями: 0.2 — это 20 %
income, cap = motivation.market_income(company), motivation.payroll_cap(company)
margin = motivation.margin(company, year) / 100
# конец решения

if ... not in (income, cap, margin):
    print(motivation.plan_for(income, cap, margin).sentence)

# %% task motivation-3
# решение
need = motivation.plan_for(income, cap, margin)
answer = {"план по ВП": need.plan_gp, "план по обороту": need.plan_turnover}
# конец решения

# %% ask motivation-4 [markdown]
"""
Финансист проверил набросок «при ста процентах» и доволен. Проверьте ниже: впишите набросок вместо `...` и смотрите на столбец «Оплата в ВП». Потом сузьте список процентов.
"""

# %%
# решение
#: draft = ...  # motivation.PayPlan(base=..., rate=..., plan_gp=...)
from salescourse.units.motivation import formulas

draft = motivation.PayPlan(*formulas.draft(company))  # числа названы в вопросе
# конец решения

if draft is not ...:
    show(draft.curve([1.0, 0.9, 0.8, 0.7, 0.6]))

# %% task motivation-4
# решение
share = draft.pay(draft.plan_gp).total / draft.plan_gp
part = draft.base / draft.pay(draft.plan_gp).total
answer = 100 * motivation.breaks_at(cap=0.10, k0=share, base_share=part)
# конец решения

# %% ask motivation-5 [markdown]
"""
Симулятор открывается на нынешней схеме. Меняйте поля и смотрите на проверки: линия — схема, точки — ваши люди.
"""

# %%
# решение
#: simulator = widgets.pay_plan(company)
from salescourse.motivation.search import best_plan

simulator = widgets.pay_plan(company, value=best_plan(company))
# конец решения
simulator

# %% task motivation-5
# решение
answer = simulator.value
# конец решения

# %% ask motivation-6 [markdown]
"""
Прежде чем менять схему, поймите, в ней ли дело. И кому она окажется не по силам.
"""

# %%
last = ...  # впишите, сколько последних полных месяцев взять

if last is not ...:
    incomes = motivation.incomes(company, motivation.full_months(company, last))
    show(incomes)
    show(incomes["to_market"].mean(), title="Доход к рынку, среднее по продавцам, %")

# %% [markdown]
"""
Впишите самого оплачиваемого (фамилию в кавычках или номер) и новые оклад и ставку из motivation-3:
"""

# %%
# решение
#: who, base, rate = ..., ..., ...
paid = motivation.pay_history(company, simulator.plan, year).groupby("employee_id")["before"]
who, base, rate = int(paid.mean().idxmax()), need.base, need.rate
# конец решения

if ... not in (who, base, rate):
    print(motivation.equalising(company, who, base, rate).sentence)

# %% task motivation-6
# решение
pay = motivation.incomes(company, year)["to_market"].mean()
share = motivation.payroll_share(company, year)
found = motivation.branch(share, 100 * motivation.payroll_cap(company), pay)
equal = motivation.equalising(company, who, base, rate)
case, reach = "ба"[found.branch == 1], "ба"[equal.reachable]
answer = {"ветвь": case, "план": equal.gp, "достижим": reach}
# конец решения

# %% ask motivation-7 [markdown]
"""
До сих пор люди вели себя как таблица. Перепишите схему из вопроса в ячейку ниже вместо `...` и проиграйте год.
"""

# %%
# решение
#: plan = ...  # motivation.PayPlan(base=..., rate=..., plan_gp=...)
from salescourse.units.motivation.behaviour import offer

plan = offer(company)  # названа в вопросе
# конец решения

if plan is not ...:
    show(motivation.one_by_one(company, plan))

# %% task motivation-7
# решение
result = motivation.behave(company, plan)
verdict = "а"
if result.gp_change < -2:
    verdict = "б"
elif result.share > 10:
    verdict = "в"
elif result.leavers > 2:
    verdict = "г"
answer = {"ВП": result.gp_change, "вывод": verdict}
# конец решения

# %% ask motivation-8 [markdown]
"""
Схему можно придумать за вечер, а людей переводят месяцами. Возьмите свою схему и день, когда вручите уведомления, впишите их вместо `...` — получите людей и календарь.
"""

# %%
# решение
#: mine, notice = ..., ...  # simulator.plan и "2026-11-02"
mine, notice = simulator.plan, "2026-11-02"
# конец решения

if mine is not ... and notice is not ...:
    show(motivation.transition(company, mine, notice))

# %%
if mine is not ... and notice is not ...:
    show(motivation.steps(company, mine, notice))

# %% task motivation-8
# решение
# Новую схему вводим с января, говорим с людьми в начале ноября. К дню уведомления утверждено положение об оплате, его посмотрели кадровик и юрист. Уведомляем письменно, под подпись, за два месяца; кто согласен раньше, подписывает соглашение.
#
# Первыми переходят новички и те, кто почти ничего не теряет: на них видно, где схема ошибается. Пилот удался, если за месяц ВП у них не упала больше чем на два процента. Потом остальные, последними — у кого делим клиентов: сначала передаём всё сверх шестидесяти, втроём и с карточкой.
#
# Самый оплачиваемый продавец держит заметную часть ВП. С ним говорю первым: «Мы платим тебе больше, чем можем, вот доля и предел. По новой схеме сейчас выйдет меньше, вот план, при котором вернёшь. Давай решим, каких клиентов оставить тебе, до пятницы». Если он уходит, его клиенты уже описаны и поделены.
#
# Через три месяца сверяем ФОТ, ВП и уходы с расчётом. Не сошлось — меняем план.
# конец решения

# %% slide [markdown]
"""
## Со звёздочкой

Что станет с ФОТ, если финансист считает предел вместе со взносами? Сколько взносов платят за год с одного человека, покажет ячейка ниже. Проверки у неё нет.
"""

# %%
month_pay = 80_000  # доход в месяц

show(motivation.contributions(month_pay, company.asof.year), title="Взносы за год, ₽")
show(motivation.legal_facts(company.asof.year))

# %% slide [markdown]
"""
## Что решено
"""

# %%
progress()

# %% [markdown]
"""
Сохраните тетрадь: **Ctrl + S**. Сдают её так, как сказал преподаватель; если тетрадь не открывается или результаты пропали, `submit()` соберёт один маленький файл с ответами.
"""
