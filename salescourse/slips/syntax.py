"""Lines that Python can't read: commas, per cent, spaces and quotes of a Russian keyboard."""

from __future__ import annotations

import linecache
import re

from salescourse.slips.letters import mixed_word
from salescourse.slips.trouble import Trouble, decimal_comma
from salescourse.text import clean, parse_number

GAP = "[ \u00a0\u2009\u202f]"
NUMBER = rf"\d+(?:_\d+)+|\d{{1,3}}(?:{GAP}\d{{3}})+(?:[.,]\d+)?|\d+(?:[.,]\d+)?"
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
BOUNDS = re.compile(  # after a name in braces: a space after the comma, or a minus, makes it two
    rf":{GAP}*(?P<low>-?\d+(?:\.\d+)?),(?:{GAP}+|(?=-))(?P<high>-?\d+(?:\.\d+)?){GAP}*(?=[,}}]|$)"
)
BESIDE_STUB = re.compile(r"\.\.\.\s*[\w\"'«“]|[\w\"'»”]\s*\.\.\.")


def of_syntax(trouble: Trouble) -> str | None:
    """What to type instead of a line that is no Python."""
    if not isinstance(trouble.error, SyntaxError):
        return None
    number, line = trouble.where
    words = _said(trouble.error)
    said = (
        _typed(trouble, line)
        or _brackets_and_quotes(words)
        or _grammar(words, trouble)
        or decimal_comma(trouble)
        or "Python не понял строку. Проверьте скобки, кавычки и запятые."
    )
    if number <= 1:
        return said
    return f"{said} Строка {number}." if said.endswith(".") else f"Строка {number}. {said}"


def _said(error: SyntaxError) -> str:
    """What Python says; IPython calls every open bracket or quote «incomplete input»."""
    if error.msg == "incomplete input":
        try:
            compile("".join(linecache.getlines(error.filename or "")), "cell", "exec")
        except SyntaxError as plainer:
            return plainer.msg or ""
    return error.msg or ""


def _typed(trouble: Trouble, line: str) -> str | None:
    """What a person types in Excel or Word and Python does not take."""
    bare = trouble.bare
    if found := UNIT.search(bare):
        return _unit(found, quoted=trouble.takes_text(found.start()))
    if found := SPACED.search(bare):
        quoted = f' или "{found[0]}"' if trouble.takes_text(found.start()) else ""
        return f"Пробелы внутри числа Python не понимает: напишите {_code(found[0])}{quoted}."
    if any(sign in bare for sign in QUOTES):
        mended = clean(_straight(line).strip(), 80)
        return f'Кавычки нужны прямые, "…": Shift + 2 на русской раскладке. Так: {mended}'
    if re.search(r"\d,0\d", bare):
        return decimal_comma(trouble)
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
        quoted = f' или возьмите всё в кавычки: "{whole}"'
        return (
            f"Слово рядом с числом Python не понимает: оставьте {_code(found['number'])}"
            f"{quoted if trouble.takes_text(found.start()) else ''}."
        )
    if word := mixed_word(bare):
        return word
    return None


def _unit(found: re.Match, *, quoted: bool) -> str:
    typed, unit = found["number"], found["unit"].strip()
    whole = clean(f"{typed} {unit}", 40)
    either = f' или "{whole}"' if quoted else ""
    if unit == "%":
        return f"Знак % после числа Python не понимает: напишите {_code(typed)}{either}."
    if unit.startswith(("тыс", "млн", "млрд")):
        read = parse_number(whole.replace("_", ""))
        if quoted or read is None:
            return f'Слова рядом с числом Python не понимает. Возьмите в кавычки: "{whole}".'
        return f"Слова рядом с числом Python не понимает: напишите {read.value:.15g}."
    return f"Единицы рядом с числом Python не понимает: напишите {_code(typed)}{either}."


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


def _bounds(pair: re.Match) -> str:
    """Two numbers after a key: an interval without its brackets, or a decimal comma."""
    low, high = pair["low"], pair["high"]
    told = f"Две границы пишут в круглых скобках: ({low}, {high})."
    if high.isdigit() and "." not in low:
        told += f" Если это одно число, дробь пишут с точкой: {low}.{high}."
    return told


def _grammar(said: str, trouble: Trouble) -> str | None:
    bare = trouble.bare
    if "indented block" in said:
        return "После строки с двоеточием следующая начинается с четырёх пробелов."
    if "indent" in said or "inconsistent use of tabs" in said:
        return "В начале строки лишние или недостающие пробелы: выровняйте её с соседними."
    if "expected ':'" in said:
        return "В конце строки не хватает двоеточия."
    if "dictionary key and ':'" in said or re.search(r":\s*[,}]", bare):
        return "В фигурных скобках после двоеточия нет значения: впишите число или многоточие."
    if "after dictionary key" in said and (pair := BOUNDS.search(bare)):
        return _bounds(pair)
    if "after dictionary key" in said and (comma := decimal_comma(trouble)):
        return comma
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
    if found := re.search(r"(?<![\w.-])\d{4}-\d\d?-\d\d?(?![\w-])", bare):
        return f'Дату берут в кавычки: "{found[0]}".'
    if "leading zeros" in said:
        return "Целое число не начинают с нуля."
    if found := re.search(r"invalid character '(.)'", said):
        return f"Знак «{found[1]}» здесь лишний: сотрите его или возьмите текст в кавычки."
    return None
