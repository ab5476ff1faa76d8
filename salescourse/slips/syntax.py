"""Lines that Python can't read: commas, per cent, spaces and quotes of a Russian keyboard."""

from __future__ import annotations

import linecache
import re

from salescourse.slips.letters import mixed_word
from salescourse.slips.trouble import Trouble, decimal_comma
from salescourse.text import clean

GAP = "[ \u00a0\u2009\u202f]"
NUMBER = rf"\d{{1,3}}(?:{GAP}\d{{3}})+(?:[.,]\d+)?|\d+(?:[.,]\d+)?"
UNIT = re.compile(
    rf"(?P<number>{NUMBER}){GAP}*(?P<unit>%(?=\s*(?:$|[,)\]}};])|\s*$)|₽"
    r"|(?:тыс|млн|млрд|руб|шт|дн|мес|чел|проц)[а-яё]*\.?(?:\s*₽|\s*руб[а-яё]*\.?)?|р\.)"
)
SPACED = re.compile(rf"(?<![\w.,])\d{{1,3}}(?:{GAP}\d{{3}})+(?:[.,]\d+)?(?!\w)")
WORD_AFTER = re.compile(rf"(?<![\w.])(?P<number>\d+(?:[.,]\d+)?){GAP}*(?P<word>[а-яёА-ЯЁ]+)")
QUOTES = "“”„‟«»‘’‚‹›″"
INVISIBLE = "\u00a0\u2007\u2009\u200a\u200b\u200c\u200d\u202f\u2060\ufeff"
SIGNS = {"–": "-", "—": "-", "−": "-", "×": "*", "·": "*", "÷": "/", "≥": ">=", "≤": "<="}
SIGNS |= {"≠": "!=", "…": "..."}
BESIDE_STUB = re.compile(r"\.\.\.\s*[\w\"'«“]|[\w\"'»”]\s*\.\.\.")


def of_syntax(trouble: Trouble) -> str | None:
    """What to type instead of a line that is no Python."""
    if not isinstance(trouble.error, SyntaxError):
        return None
    number, line = trouble.where
    words = _said(trouble.error)
    said = (
        _typed(trouble.bare, line)
        or _brackets_and_quotes(words)
        or _grammar(words, trouble.bare)
        or decimal_comma(trouble.bare)
        or "Python не понял строку. Проверьте скобки, кавычки и запятые."
    )
    return said + (f" Строка {number}." if number > 1 else "")


def _said(error: SyntaxError) -> str:
    """What Python says; IPython calls every open bracket or quote «incomplete input»."""
    if error.msg == "incomplete input":
        try:
            compile("".join(linecache.getlines(error.filename or "")), "cell", "exec")
        except SyntaxError as plainer:
            return plainer.msg or ""
    return error.msg or ""


def _typed(bare: str, line: str) -> str | None:
    """What a person types in Excel or Word and Python does not take."""
    if found := UNIT.search(bare):
        return _unit(found)
    if found := SPACED.search(bare):
        plain = _code(found[0])
        return f'Пробелы внутри числа Python не понимает: напишите {plain} или "{found[0]}".'
    if any(sign in bare for sign in QUOTES):
        mended = clean(_straight(line).strip(), 80)
        return f'Кавычки нужны прямые, "…": Shift + 2 на русской раскладке. Так: {mended}'
    if re.search(r"\d,0\d", bare):
        return decimal_comma(bare)
    if BESIDE_STUB.search(bare):
        return "Многоточие стоит вместо ответа: сотрите его и впишите ответ."
    for sign, code in SIGNS.items():
        if sign in bare:
            return f"Знак «{sign}» Python не понимает: наберите «{code}»."
    if any(sign in bare for sign in INVISIBLE):
        return (
            "В строке невидимый знак: так бывает после копирования из мессенджера или Word. "
            "Сотрите пробелы и наберите их заново."
        )
    if found := WORD_AFTER.search(bare):
        whole = clean(found[0], 40)
        return (
            f"Слово рядом с числом Python не понимает: оставьте {_code(found['number'])} "
            f'или возьмите всё в кавычки: "{whole}".'
        )
    if word := mixed_word(bare):
        return word
    return None


def _unit(found: re.Match) -> str:
    typed, unit = found["number"], found["unit"].strip()
    quoted = f'"{clean(f"{typed} {unit}", 40)}"'
    if unit == "%":
        return f"Знак % после числа Python не понимает: напишите {_code(typed)} или {quoted}."
    if unit.startswith(("тыс", "млн", "млрд")):
        return f"Слова рядом с числом Python не понимает. Возьмите в кавычки: {quoted}."
    return f"Единицы рядом с числом Python не понимает: напишите {_code(typed)} или {quoted}."


def _code(typed: str) -> str:
    """«1 250,5» as Python wants it."""
    return re.sub(GAP, "", typed).replace(",", ".")


def _straight(line: str) -> str:
    return re.sub(f"[{QUOTES}]+", '"', line)


def _brackets_and_quotes(said: str) -> str | None:
    if "unterminated" in said or "EOL while" in said:
        return "Не закрыта кавычка: поставьте такую же в конце текста."
    if found := re.search(r"'(.)' was never closed", said):
        return f"Не закрыта скобка «{found[1]}»: поставьте парную."
    if found := re.search(r"unmatched '(.)'", said):
        return f"Лишняя скобка «{found[1]}»: у неё нет пары."
    if found := re.search(r"parenthesis '(.)' does not match opening parenthesis '(.)'", said):
        return f"Скобки не сходятся: открыта «{found[2]}», а закрыта «{found[1]}»."
    return None


def _grammar(said: str, bare: str) -> str | None:
    if "indented block" in said:
        return "После строки с двоеточием следующая начинается с четырёх пробелов."
    if "indent" in said or "inconsistent use of tabs" in said:
        return "В начале строки лишние или недостающие пробелы: выровняйте её с соседними."
    if "expected ':'" in said:
        return "В конце строки не хватает двоеточия."
    if "dictionary key and ':'" in said or re.search(r":\s*[,}]", bare):
        return "В фигурных скобках после двоеточия нет значения: впишите число или многоточие."
    if "after dictionary key" in said:
        return "В фигурных скобках между названием и значением нужно двоеточие."
    if "forgot a comma" in said:
        return "Похоже, между значениями пропущена запятая."
    if "cannot assign" in said:
        return "Слева от «=» должно стоять имя, например answer = 8.5. Дефиса в имени не бывает."
    if "Maybe you meant '=='" in said:
        return "Чтобы сравнить, ставят два знака равно: ==."
    if "call to 'print'" in said:
        return "То, что печатают, берут в скобки: print(…)."
    if re.match(r"\s*pip3? install", bare):
        return "Перед pip поставьте знак процента: %pip install."
    if re.search(r"[=+*/(,.-]\s*$", bare):
        return "Строка обрывается на полуслове: допишите значение."
    if ";" in bare:
        return "Значения разделяют запятой, а не точкой с запятой; дробь пишут с точкой: 8.5."
    if "leading zeros" in said:
        return "Целое число не начинают с нуля."
    if found := re.search(r"invalid character '(.)'", said):
        return f"Знак «{found[1]}» здесь лишний: сотрите его или возьмите текст в кавычки."
    return None
