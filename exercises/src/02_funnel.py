# %% slide [markdown]
"""
# Воронка: задания

Вы приняли отдел. «Лиды есть, денег нет», маркетинг кивает на продажи, продажи — на маркетинг. За полтора часа найдите **одну** утечку, которую стоит чинить в этом месяце: где она, сколько стоит, из-за чего и что делать.

Данные — вашей фирмы, у соседа другие. Всё нужное показано в уроке: папка «Уроки», тетрадь с номером 02, держите её открытой рядом. Писать код не обязательно: меняйте значения, зовите помощников, читайте рисунки.

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

# %% ask funnel-1 [markdown]
"""
С этого числа начинается разговор с директором, и с него же начинают врать. Сначала выясните, какие месяцы уже можно судить.
"""

# %%
last = ...  # впишите, сколько последних зрелых месяцев взять

print(f"Последний зрелый месяц: {measures.last_mature_month(company):%m.%Y}")
if last is not ...:
    show(funnel.conversion(company, measures.mature(company, last)), title="Конверсия, %")

# %% task funnel-1
# решение
from salescourse.units.funnel.conversion import month_asked, months_asked

asked = months_asked(company)  # названо в вопросе
answer = funnel.conversion(company, measures.mature(company, asked))
# конец решения

# %% ask funnel-2 [markdown]
"""
Собственник увидел всплеск в отчёте и спрашивает, кого премировать.
"""

# %%
show(funnel.by_month(company), rows=30)

# %% [markdown]
"""
То же своими руками: впишите вместо `...` месяц из вопроса в кавычках, например `"2025-07"`. Число должно совпасть с таблицей.
"""

# %%
leads = funnel.reached(company)

# решение
#: mine = leads[leads["month"] == ...]
mine = leads[leads["month"] == month_asked(company)]
# конец решения
show(100 * (mine["reached"] == 4).mean(), title="Конверсия когорты, %")

# %% task funnel-2
# решение
cohort = 100 * (mine["reached"] == 4).mean()
by_month = funnel.by_month(company)
usual = funnel.conversion(company, list(by_month.index[by_month["mature"]]))
answer = {"вывод": "в" if cohort <= 1.2 * usual else "а", "когорта": cohort}
# конец решения

# %% ask funnel-3 [markdown]
"""
Прежде чем искать, где хуже, посмотрите, как проходит фирма в целом.
"""

# %%
# решение
#: last = 1  # сколько последних зрелых месяцев взять: поставьте своё
last = 18
# конец решения
months = measures.mature(company, last)

show(funnel.stages(company, months))

# %% task funnel-3
# решение
steps = funnel.stages(company, months)["conversion"].iloc[1:]
answer = dict(zip(funnel.TRANSITIONS, steps, strict=True))
# конец решения

# %% ask funnel-4 [markdown]
"""
На каждом этапе кто-то последний. Вам нужна одна клетка — самая дорогая из тех, что не объяснишь случаем. Посмотрите карту дважды: по продавцам и по кампаниям. Месяцы — те же, что в прошлом задании.
"""

# %%
by = "owner_id"  # "owner_id" — по продавцам, "campaign" — по кампаниям

charts.leaks(company, by=by, months=months)

# %% [markdown]
"""
Рассмотрите подозрительный переход ближе: меняйте этап и разрез.
"""

# %%
charts.stage(company, "Оплата", by=by, months=months)

# %% task funnel-4
# решение
found = []
for by in ("owner_id", "campaign"):
    rows = funnel.leaks(company, by=by, months=months)
    proven = rows[(rows["n"] >= 50) & (rows["z"] >= 2.5)].sort_values("lost")
    found += [row for _, row in proven.tail(1).iterrows()]
leak = max(found, key=lambda row: row["lost"])
answer = {"переход": leak["transition"], "где": str(leak["key"])}
# конец решения

# %% ask funnel-5 [markdown]
"""
Утечку без цены чинят последней. Переведите её в рубли.
"""

# %%
# решение
#: stage, where = "Оплата", "Сайт: каталог"  # впишите своё из funnel-4
stage, where = leak["transition"], leak["key"]
# конец решения

show(funnel.in_money(company, stage, where, months))

# %% task funnel-5
# решение
answer = funnel.in_money(company, stage, where, months)["lost"].iloc[0]
# конец решения

# %% ask funnel-6 [markdown]
"""
На столе приказ о премии одному, а с другим собираются расставаться. Проверьте, не состав ли лидов их рассудил. Сначала загляните внутрь источника: впишите вместо `...` по очереди `"сайт"`, `"холодные"`, `"рекомендации"`.
"""

# %%
leads = funnel.reached(company)
leads["конверсия, %"] = 100 * (leads["reached"] == 4)

# решение
#: inside = leads[leads["month"].isin(months) & (leads["source"] == ...)]
inside = leads[leads["month"].isin(months) & (leads["source"] == "холодные")]
# конец решения
show(inside.groupby("owner_id")["конверсия, %"].mean())

# %% [markdown]
"""
А теперь всех сразу, при одинаковом составе лидов:
"""

# %%
show(funnel.standardised(company, months))

# %% task funnel-6
# решение
one, two = funnel.simpson_pair(company, months)  # названы в вопросе
equal = funnel.standardised(company, months).set_index("owner_id")["standardised"]
better = one if equal[one] > equal[two] else two
answer = {"кто лучше": better, "первый": equal[one], "второй": equal[two]}
# конец решения

# %% ask funnel-7 [markdown]
"""
Без причины чинить нечего. Подозреваемых четверо: медленный ответ, неназванная цена, брошенные сделки, кампания. Сначала осмотритесь, потом проверьте каждого.
"""

# %%
charts.speed(company, months)

# %%
charts.price_named(company, months)

# %%
charts.zombies(company)

# %% [markdown]
"""
Проверка: уравняйте утечку и остальных по одному признаку — `"lag_hours"`, `"price_named"`, `"zombie"` или `"campaign"` — и смотрите, сколько осталось от разрыва. Где утечка, вы уже вписали в funnel-5.
"""

# %%
suspect = "lag_hours"

show(funnel.equalised(company, stage, where, suspect, months))

# %% task funnel-7
# решение
shares = {
    suspect: funnel.equalised(company, stage, where, suspect, months)["explained"].iloc[0]
    for suspect in ("lag_hours", "price_named", "zombie", "campaign")
}
cause = max(shares, key=shares.get)
answer = {"причина": cause, "срез": cause}
# конец решения

# %% ask funnel-8 [markdown]
"""
Директор прочтёт это за минуту и спросит: «Что делаем и как поймём, что помогло?»
"""

# %% task funnel-8
# решение
# Главная утечка — та, что названа в funnel-4; она стоит столько, сколько посчитано в funnel-5. Причина подтверждена: если уравнять утечку и остальных по ней, разрыв почти исчезает.
#
# С понедельника меняем одно: правило работы там, где течёт. Отвечает старший продавец, я слушаю три разговора в неделю. Новых лидов сюда пока не добавляем.
#
# Смотрим раз в неделю на признак, который нашли, а не на оплаты: они дозреют позже. Через 30 дней разрыв с остальными должен сократиться вдвое. Не сократился — причина не та, возвращаемся к срезам.
#
# Риск: показатель «нарисуют». Поэтому проверяем по записям разговоров, а с людьми говорим о приёме работы, а не о них самих.
# конец решения

# %% slide [markdown]
"""
## Со звёздочкой

Сколько лидов в месяц пришлось бы докупить, чтобы перекрыть эту утечку рекламой? Потеря в месяц у вас есть, ВП на лид — в таблице ниже. Ячейка ваша, проверки у неё нет.
"""

# %%
show(funnel.lead_quality(company, months))

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
