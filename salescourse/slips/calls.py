"""Names overwritten, brackets forgotten, and helpers given the wrong things."""

from __future__ import annotations

import builtins
import inspect
import re
from types import ModuleType
from typing import Any

import salescourse
from salescourse.company import Company
from salescourse.errors import closest
from salescourse.slips.trouble import Trouble, decimal_comma
from salescourse.text import clean

WRAPPER = "answering"  # what stands around every command: an argument too many fails in it
KINDS = {"int": "число", "float": "число", "str": "текст", "DataFrame": "таблица"}
KINDS |= {"Series": "столбец", "list": "список", "tuple": "список", "dict": "словарь"}
KINDS |= {"NoneType": "пустое значение", "ellipsis": "многоточие", "bool": "да или нет"}


def of_call(trouble: Trouble) -> str | None:
    """What was called, and what it wanted."""
    if not isinstance(trouble.error, TypeError | AttributeError):
        return None
    if found := _overwritten(trouble) or _no_company(trouble):
        return found
    if not isinstance(trouble.error, TypeError):
        return None
    frame = trouble.helper()
    if frame is None or frame.f_code.co_name == WRAPPER:
        return _type_error(trouble)
    return None


def _overwritten(trouble: Trouble) -> str | None:
    """A command or helper whose name the student gave to something else."""
    used = set(re.findall(r"[^\W\d]\w*(?=\s*[(.\[])", trouble.bare))
    calling = "not callable" in trouble.message
    for name in salescourse.__all__:
        if name in used and name in trouble.names:
            now = trouble.names[name]
            if _lost(trouble.error, now, calling) and now is not getattr(salescourse, name):
                return (
                    f"Имя {name} занято: теперь в нём {_called(now)}, а прежнее пропало. Верните "
                    "его строкой: from salescourse import *. Своё значение назовите иначе."
                )
    for name in used & set(dir(builtins)) & set(trouble.names):
        if calling and not callable(trouble.names[name]) and not name.startswith("_"):
            return (
                f"Имя {name} занято: теперь в нём {_called(trouble.names[name])}, а команда "
                f"Python пропала. Верните её строкой: del {name}"
            )
    return None


def _lost(error: BaseException, now: Any, calling: bool) -> bool:
    if calling:
        return not callable(now)
    return isinstance(error, AttributeError) and error.obj is now


def _called(value: Any) -> str:
    return KINDS.get(type(value).__name__, "другое значение")


def _no_company(trouble: Trouble) -> str | None:
    """A helper, or the student's own line, got something else for a company."""
    if isinstance(trouble.error, AttributeError) and "company" in trouble.names:
        now = trouble.names["company"]
        if trouble.error.obj is now and type(now) is not Company:
            return (
                f"В company теперь не компания, а {_called(now)}. "
                "Запустите ещё раз ячейку с company = my_company()."
            )
    frame = trouble.helper()
    if frame is None or "company" not in frame.f_code.co_varnames[: frame.f_code.co_argcount]:
        return None
    given = frame.f_locals.get("company")
    if isinstance(given, Company):
        return None
    return (
        f"{frame.f_code.co_name} ждёт первой компанию, а получила: {_called(given)}. "
        f"Напишите {frame.f_code.co_name}(company, …)."
    )


def _type_error(trouble: Trouble) -> str | None:
    said, bare = trouble.message, trouble.bare
    if "'module' object is not callable" in said:
        return "Это набор помощников: после имени нужна точка и сам помощник, funnel.stages(…)."
    if re.search(r"'(DataFrame|Series)' object is not callable", said):
        return "Это таблица: круглые скобки после неё не нужны."
    if re.search(r"'(function|method)' object is not subscriptable", said):
        return "После помощника нужны круглые скобки, а не квадратные."
    if "not callable" in said and re.search(r"\d\s*\(", bare):
        return "Между числом и скобкой пропущен знак действия, например *."
    if "'module' and" in said and re.search(r"\w-\d", bare):
        typed = re.search(r"(?:(\w+)\s*\(\s*)?\b([a-z]+-\d+)", bare)
        rest = ", …" if typed and typed[1] == "check" else ""
        if typed and typed[1]:
            return f'Номер задания пишут в кавычках: {typed[1]}("{typed[2]}"{rest}).'
        return 'Номер задания пишут в кавычках: check("funnel-1", …).'
    if "ellipsis" in said:
        return "В строке осталось многоточие: впишите вместо него значение."
    if "NoneType" in said:
        return "Значения нет: помощник ничего не вернул, или его результат не положили в имя."
    if found := re.search(r"(?:(\w+)\.)?(\w+)\(\) (?:missing|takes|got)", said):
        made = found[2] in ("__init__", "__new__")  # a class was called
        return _arguments(found[1] or "" if made else found[2], trouble)
    if comma := decimal_comma(trouble):
        return comma
    if ("'str'" in said or "str" in said.split()) and re.search(
        r"operand|not supported|conc", said
    ):
        return "Текст и число вместе не считаются: уберите кавычки у числа, дробь пишите с точкой."
    if "'tuple'" in said or "sequence by non-int" in said:
        return "Здесь несколько значений вместо одного числа. Дробь пишут с точкой: 8.5, а не 8,5."
    return None


def _arguments(name: str, trouble: Trouble) -> str | None:
    """How a helper of the course is called, when it was called otherwise."""
    helper = _find(name)
    comma = decimal_comma(trouble)
    if helper is None:
        return comma or None
    wanted = [p for p in inspect.signature(helper).parameters if not p.startswith("_")]
    said, told = trouble.message, ""
    if found := re.search(r"unexpected keyword argument '(\w+)'", said):
        near = closest(found[1], wanted)
        told = f"У {name} нет «{clean(found[1], 40)}»."
        told += f" Возможно, вы имели в виду {near}." if near else ""
    elif "missing" in said:
        absent = ", ".join(re.findall(r"'(\w+)'", said))
        told = f"Для {name} не хватает: {absent}."
    else:
        told = f"В скобках у {name} лишнее значение."
    return " ".join(filter(None, [told, f"Зовут так: {name}({', '.join(wanted)}).", comma]))


def _of_course(made: type) -> bool:
    return str(made.__module__).startswith("salescourse")


def _find(name: str) -> Any:
    """A helper of the course by its bare name."""
    for place in salescourse.__all__:
        owner = getattr(salescourse, place, None)
        found = owner if place == name else None
        if found is None and type(owner) is ModuleType:
            found = vars(owner).get(name)
        if found is None and type(owner) is ModuleType:
            found = getattr(owner, name, None)
        if inspect.isfunction(found) or (inspect.isclass(found) and _of_course(found)):
            return found
    return None
