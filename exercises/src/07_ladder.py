# %% slide [markdown]
"""
# Карьерная лестница: задания

Трое сильных спросили: «А что дальше?» Если ответа нет, его дадут соседи. За полтора часа соберите лестницу из трёх ступеней, под которой подпишется директор: оборот и ВП, доход, опережающие показатели, — и скажите, кого поднимаете, а кого нет и почему.

Данные — вашей фирмы, у соседа другие. Всё нужное показано в уроке: папка «Уроки», тетрадь с номером 07, держите её открытой рядом. Писать код не обязательно: меняйте значения, зовите помощников, читайте рисунки.

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

# %% ask ladder-1 [markdown]
"""
Каждый помнит свой лучший месяц. Лестница стоит на обычном. Сначала выясните, какой он у каждого.
"""

# %%
# решение
#: last = 1  # сколько последних полных месяцев взять
last = 6
#: worked = 0.0  # какую долю месяца надо отработать, чтобы он считался
worked = 0.6
#: how = "max"  # "median" — медиана, "mean" — среднее, "max" — лучший
how = "median"
# конец решения

months = motivation.full_months(company, last)
people = ladder.typical(company, months, worked, how)
show(people, rows=20)

# %% task ladder-1
# решение
answer = {"оборот": people["turnover"], "ВП": people["gp"]}
# конец решения

# %% ask ladder-2 [markdown]
"""
Самый громкий в отделе просит верхнюю ступень: «Мой оборот — лучший». Посмотрите, что остаётся фирме. Впишите нормы из вопроса, в рублях.
"""

# %%
# решение
#: turnover, gp = 1_000_000, 1_000_000  # нормы оборота и ВП
from salescourse.units.ladder.traps import norms

turnover, gp = norms(company)[:2]
# конец решения

charts.turnover_and_gp(company, months, turnover, gp)

# %% task ladder-2
# решение
low = people[(people["turnover"] >= turnover) & (people["gp"] < gp)]
answer = low.index[0] if len(low) else "никто"
# конец решения

# %% ask ladder-3 [markdown]
"""
Второй соискатель держит и оборот, и ВП. Вопрос в том, чьи это клиенты.
"""

# %%
# решение
#: year = motivation.full_months(company, 1)  # сколько месяцев взять
year = motivation.full_months(company, 12)
# конец решения
base = ladder.base_and_new(company, year)
show(base, rows=20)

# %% task ladder-3
# решение
listed = base.loc[people.index]
few = listed["new"] <= listed["new"].median() / 2
found = listed.index[(listed["pass_through"] >= 60) & few]
answer = found[0] if len(found) else "никто"
# конец решения

# %% ask ladder-4 [markdown]
"""
Третий принёс вакансию: «Там дают до ста пятидесяти». Проверьте, как ваши доходы стоят к рынку, — прежде чем обещать или отказывать.
"""

# %%
# решение
#: city, pay, level = "Москва", "base_paid", "p75"  # чей рынок, какой доход, с чем сравнить
city, pay, level = company.city, "total", "median"
# конец решения

income = ladder.compa(company, year, city, pay, level)
show(income, rows=20)

# %% task ladder-4
# решение
answer = income["compa"]
# конец решения

# %% ask ladder-5 [markdown]
"""
Теперь сама лестница. Симулятор начинает с черновика, который не проходит ни одной проверки. Суммы в полях — в тысячах рублей.

Показатели поставьте по своему чутью, а после ladder-6 вернитесь и поправьте: там вы докажете, какой из них идёт впереди денег.
"""

# %%
# решение
#: simulator = widgets.ladder(company)
from salescourse.ladder.search import best

rungs = best(company)
simulator = widgets.ladder(company, value=rungs.value)
# конец решения
simulator

# %% [markdown]
"""
Когда лестница готова, впишите в ответ `simulator.value`. Сколько дохода позволяет норма ВП и какой нормы просит доход, посчитает такая строка:
"""

# %%
income_wanted, cap = 60_000, 0.10

print(f"Доход {income_wanted:,} ₽ — это ВП от {income_wanted / cap:,.0f} ₽".replace(",", " "))

# %% task ladder-5
# решение
answer = rungs.value
# конец решения

# %% ask ladder-6 [markdown]
"""
«Больше звоните», «больше встречайтесь», «шлите КП» — что из этого приходит деньгами? Меняйте три значения и смотрите, как гуляет вывод.
"""

# %%
# решение
#: ahead = 0  # 0 — тот же месяц, 2 — два следующих
ahead = 2
#: inside = False  # True — месяцы одного продавца, False — продавцы между собой
inside = True
#: target = "all"  # "all" — вся ВП, "new" — ВП новых продаж
target = "new"
# конец решения

charts.leading(company, ahead, inside, target)

# %% task ladder-6
# решение
links = ladder.leading(company, ahead, inside, target)["r"].drop("оплаченные продажи")
answer = {"показатель": links.idxmax(), "r": links.max()}
# конец решения

# %% ask ladder-7 [markdown]
"""
Лестница есть, пора назвать имена. Ошибётесь в лишнюю сторону — через полгода придётся опускать.
"""

# %%
# решение
#: show(ladder.quarters(company, 1), rows=20)  # сколько кварталов показать
quarters = ladder.quarters(company, 2)
show(quarters, rows=20)
# конец решения

# %% task ladder-7
# решение
from salescourse.units.ladder.promotion import cut

norm = cut(company)  # названа в вопросе
own = quarters[quarters["grade"] == "менеджер"]
last = (own["turnover_1"] >= norm.turnover) & (own["gp_1"] >= norm.gp)
before = (own["turnover_2"] >= norm.turnover) & (own["gp_2"] >= norm.gp)
answer = {"сейчас": list(own.index[last & before])}
answer["через квартал"] = list(own.index[last & ~before])
# конец решения

# %% ask ladder-8 [markdown]
"""
Цифры решают, кто поднимется. Остальное решает разговор.
"""

# %% task ladder-8
# решение
# Менеджер ведёт небольших клиентов и решает вопрос с закупщиком; знает ходовые товары; делает КП по стандарту. Видно по карточкам: сумма заказа и должность собеседника.
#
# Специалист выходит на того, кто решает, и ведёт средних; подбирает замену по всей линейке; защищает цену. Видно по КП: скидка не дана или обменена на объём.
#
# Ведущий ведёт крупных и договоры на год; знает производство клиента; приводит новых и учит одного коллегу. Видно по записи встречи и по тому, что умеет его подопечный.
#
# Разговор. «Ты просил о ступени, я обещал ответить цифрами. Норма специалиста — столько ВП в обычный месяц. В последнем квартале ты её взял, в предыдущем — ещё нет; за рост спасибо, он виден. Один квартал бывает удачей, поэтому правило для всех одно: два подряд.
#
# До конца следующего квартала смотрим на показатель, который идёт впереди денег; твой порог — в лестнице. От меня — час в неделю на твои крупные сделки. Встречаемся в первый вторник после квартала. Удержишь — поднимаем с этого дня, повышения заранее не обещаю».
# конец решения

# %% slide [markdown]
"""
## Со звёздочкой

Повесьте лестницу на стену. Рисунок ниже сохраняется правой кнопкой мыши, «Сохранить изображение как». Компетенции в нём — заготовка: замените её своими строками. Проверки у ячейки нет.
"""

# %%
charts.wall(simulator.ladder)

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
