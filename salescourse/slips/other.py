"""Everything else: a short sentence, and always one."""

from __future__ import annotations

import re

from salescourse.errors import StudentError
from salescourse.slips.trouble import Trouble, decimal_comma
from salescourse.text import clean


def of_any(trouble: Trouble) -> str:
    """Never None: the last rule of all."""
    return _known(trouble) or _general(trouble)


def _known(trouble: Trouble) -> str | None:
    error, said = trouble.error, trouble.message
    if isinstance(error, StudentError):
        return str(error)
    if isinstance(error, KeyboardInterrupt):
        return "Расчёт остановлен. Запустите ячейку ещё раз, когда понадобится."
    if isinstance(error, ZeroDivisionError):
        return "Деление на ноль: проверьте, не пуст ли отбор, по которому вы считаете."
    if isinstance(error, FileNotFoundError):
        return f"Файла «{clean(str(error.filename or ''), 60)}» нет рядом с тетрадью."
    if isinstance(error, IndexError):
        return "Такого номера по порядку нет: счёт идёт с нуля, а список короче."
    if isinstance(error, MemoryError):
        return "Не хватило памяти. Закройте лишние тетради и перезапустите ядро."
    if isinstance(error, RecursionError):
        return "Расчёт зовёт сам себя без конца: проверьте последнюю правку."
    if isinstance(error, ValueError) and "could not convert string to float" in said:
        text = clean(said.partition(":")[2].strip().strip("'"), 40)
        point = text.replace(",", ".").replace(" ", "")
        if re.fullmatch(r"-?\d+(\.\d+)?", point):
            return f"Из текста «{text}» Python числа не сделал: напишите {point} без кавычек."
        return f"Из текста «{text}» число не получается."
    return None


def _general(trouble: Trouble) -> str:
    number, line = trouble.where
    frame = trouble.helper()
    if frame is not None:
        return (
            f"{frame.f_code.co_name} не справилась с тем, что получила. Проверьте, что в скобках; "
            "если всё верно, покажите преподавателю исходное сообщение."
        )
    place = f" в строке {number}: {clean(line.strip(), 60)}" if line.strip() else ""
    comma = decimal_comma(trouble)
    hint = f" {comma}" if comma else ""
    return f"Ячейка не досчиталась{place}.{hint} Сверьте её с уроком или верните, как было."
