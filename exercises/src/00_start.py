# %% slide [markdown]
"""
# Запуск и словарь: задания

Два задания на пять минут, чтобы убедиться: тетрадь работает, ответы доходят. Данные — **вашей** фирмы, у соседа другие.

Запускайте ячейки сверху вниз: **Shift + Enter**. Вместо `...` впишите ответ и запустите ячейку.
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

# %% slide [markdown]
"""
Так выглядит любая таблица фирмы. Сколько в ней строк, говорит `len(company.leads)`; имена других таблиц — в уроке.
"""

# %%
show(company.leads, rows=3)

# %% task start-1
# решение
answer = len(company.deals)
# конец решения

# %% task start-2
# решение
cost, price = 80, 100
answer = 100 * (price - cost) / price
# конец решения

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
