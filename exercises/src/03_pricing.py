# %% slide [markdown]
"""
# Цена и три варианта: задания

Собственник спрашивает: «Десять месяцев половине клиентов показываем три цены вместо одной. И что?» Продавцы просят скидки и шепчут цену. За полтора часа решите: у кого язык не поворачивается, чего стоит скидка, внедрять ли три цены и какие именно.

Данные — вашей фирмы, у соседа другие: и себестоимость, и клиенты, и исход пилота. Всё нужное показано в уроке: папка «Уроки», тетрадь с номером 03, держите её открытой рядом.

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

# %% ask pricing-1 [markdown]
"""
Цену, которую не назвали, клиент придумает сам. Порог назван в вопросе: впишите его в рублях.
"""

# %%
# решение
#: threshold = ...  # порог, ₽
threshold = 50_000  # порог, ₽
# конец решения

if threshold is not ...:
    show(pricing.naming(company, threshold), rows=20)

# %% [markdown]
"""
Теперь выберите людей: впишите разницу в п.п., с которой разговор становится предметным. Ниже — в скольких КП выше порога они назвали цену все вместе.
"""

# %%
# решение
#: gap = ...  # разница, п.п.
gap = 20  # разница, п.п.
# конец решения

if ... not in (threshold, gap):
    rows = pricing.naming(company, threshold)
    silent = rows[rows["gap"] >= gap]
    named = (silent["above"] * silent["n_above"]).sum() / silent["n_above"].sum()
    print(", ".join(silent.index))
    show(named, title="Вместе называют, %")

# %% task pricing-1
# решение
answer = {"кто": list(silent.index), "доля": named}
# конец решения

# %% ask pricing-2 [markdown]
"""
«Пять процентов — это же копейки». Посчитайте копейки в штуках.
"""

# %%
# решение
#: discount, margin = 5, ...  # маржа из вопроса, %
discount, margin = 5, round(pricing.margin(company), 1)  # маржа из вопроса, %
# конец решения

if margin is not ...:
    show(pricing.volume_to_cover(discount, margin), title="Продать больше на, %")

# %% task pricing-2
# решение
answer = pricing.volume_to_cover(discount, margin)
# конец решения

# %% ask pricing-3 [markdown]
"""
Прежде чем двигать цены, посмотрите, что от них остаётся.
"""

# %%
rows = pricing.options_sold(company)

show(rows)

# %% [markdown]
"""
Вычтите из цены то, что клиент не заплатил, и то, что вы потратили. Чего в списке не хватает? Столбцы в коде зовутся иначе, чем на экране: «Продаж» — `sold`, «Доля продаж» — `share`, «Цена до скидки» — `price`, «Скидка» — `given`, «Себестоимость» — `cost`.
"""

# %%
# решение
#: minus = ["cost"]  # столбцы, которые вычитаем: добавьте недостающий через запятую, в кавычках
minus = ["given", "cost"]  # столбцы, которые вычитаем: допишите недостающий
# конец решения
left = rows["price"] - rows[minus].sum(axis=1)

show(left.rename("осталось, ₽"))

# %% task pricing-3
# решение
answer = left.to_dict()
# конец решения

# %% ask pricing-4 [markdown]
"""
Отчёт о пилоте уже лежит на столе, и он хвалит три цены. Проверьте, на что там делили: `"quote"` — на каждое КП, `"sale"` — на продажу; и что считали: `"gp"` — ВП, `"revenue"` — выручку.
"""

# %%
# решение
#: per, of = "sale", "revenue"  # так посчитали в отчёте: поставьте своё
per, of = "quote", "gp"  # так посчитали в отчёте: поставьте своё
# конец решения

show(pricing.pilot(company, per=per, of=of))
show(pricing.pilot_interval(company, per=per, of=of))

# %% task pricing-4
# решение
means = pricing.pilot(company, per=per, of=of)["mean"]
ends = pricing.pilot_interval(company, per=per, of=of).iloc[0]
found = (means.iloc[0], means.iloc[1], (ends["low"], ends["high"]))
answer = dict(zip(("одна", "три", "интервал"), found, strict=True))
# конец решения

# %% ask pricing-5 [markdown]
"""
Правило записали до начала, чтобы теперь не торговаться с цифрами.
"""

# %%
charts.pilot(company, per=per, of=of)

# %% task pricing-5
# решение
answer = "а" if ends["low"] > 0 else "в" if ends["high"] < 0 else "б"
# конец решения

# %% ask pricing-6 [markdown]
"""
Пилот рассказал о старых ценах. Теперь ваши. С кем соревнуетесь:
"""

# %%
show(pricing.product(company), title="Карточка товара")
show(pricing.best_single(company), title="Соперник: лучшая одна цена")

# %% [markdown]
"""
Двигайте ползунки, пока ВП на КП растёт, а все условия выполнены. Упёрлись в условие — двигайте две цены сразу: одну вверх, другую вниз. Ползунки не двигаются — задайте цены числом, поменяв первую строку: `simulator = widgets.price_sheet(company, value={"лучше": 65_000})`.
"""

# %%
simulator = widgets.price_sheet(company)
simulator

# %% [markdown]
"""
Когда цены понравились, в ячейке ниже замените весь словарь на `simulator.value`.
"""

# %% task pricing-6
# решение
from salescourse.pricing.market import market
from salescourse.pricing.search import find_triple

card = market(company)
prices, gp = find_triple(card.costs, card.demand(middle=False), card.guard)
answer = list(prices)
# конец решения

# %% ask pricing-7 [markdown]
"""
Теперь те же цены с клиентами, какими их показал пилот. Цены ячейка возьмёт из вашего ответа на pricing-6. Поставьте `True` и сравните.
"""

# %%
# решение
#: prices, middle = answer, False  # цены из ответа выше; True — эффект середины, как в пилоте
middle = True  # цены из ответа выше; True — эффект середины, как в пилоте
# конец решения

if str(...) not in str(prices):
    show(pricing.simulate(company, prices, middle=middle))
    show(pricing.constraints(company, prices, middle=middle))

# %% task pricing-7
# решение
felt = pricing.simulate(company, prices, middle=True).loc["всего", "gp"]
rival = pricing.best_single(company).loc["всего", "gp"]
kept = pricing.constraints(company, prices, middle=True)["holds"].all()
answer = "в" if felt < rival else "а" if kept else "б"
# конец решения

# %% ask pricing-8 [markdown]
"""
Цены без слов продавец снова прошепчет. Сначала посмотрите, как лист выглядит; цены и отличия замените на свои. Нужен на бумаге — допишите в конце `.figure.savefig("Прайс.pdf")`, файл ляжет рядом с тетрадью.
"""

# %%
own = {"Срок": ["10 дней", "5 дней", "завтра"], "Гарантия": ["1 год", "2 года", "3 года"]}

charts.price_sheet(50_000, 65_000, 90_000, contents=own)

# %% task pricing-8
# решение
# «Базовый», «Рабочий», «Под ключ». Отличаются сроком поставки, наладкой, гарантией и сервисом: каждый следующий быстрее, спокойнее и дольше. Базовый не обеднён: он делает ту же работу, просто ставите его сами.
#
# Цены взяты из pricing-6: каждый вариант дороже своей себестоимости, шаг между ними больше разницы затрат.
#
# Фраза: «Большинству ваших коллег подходит „Рабочий“, в него входят наладка на месте и два года гарантии. Он стоит столько-то рублей». И молчу. Если важен срок — есть «Под ключ», если ставите сами — «Базовый».
#
# На «дорого» спрашиваю: «Дорого по сравнению с чем?» Дальше предлагаю «Базовый» или меньше работ. Скидка — последней и в обмен на предоплату или объём.
# конец решения

# %% slide [markdown]
"""
## Со звёздочкой

Кто углубляет скидку к концу месяца и сколько это стоило? Ячейка ваша, проверки у неё нет. Замените заголовок отчёта на разговор: что вы скажете этим двоим в понедельник?
"""

# %%
charts.discounts(company)

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
