"""The roster: whose code is whose. Names stay in the instructor's own files."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from salescourse.codes import BadCode, normalise
from salescourse.errors import StudentError
from salescourse.grading.needs import library
from salescourse.storage import plain_text, replacing
from salescourse.text import clean

HEADERS = ("Код", "ФИО", "Почта", "Группа")
KNOWN = {
    "name": r"фио|ф и о|студент|участник|слушатель|имя и фамилия|фамилия и имя|фамилия имя.*"
    r"|полное имя|name|full ?name",
    "surname": r"фамилия|surname|last ?name",
    "first": r"имя|имя участника|first ?name",
    "middle": r"отчество|middle ?name",
    "email": r"почта|(адрес )?(эл|электронн\w*) ?(почт\w*|адрес)|адрес электронной почты|e ?mail.*"
    r"|мейл|имейл|email address",
    "team": r"группа|поток|класс|команда|group",
    "code": r"код|код компании|code",
}
MOST_ROWS, MOST_BYTES, MOST_CELL = 20_000, 20_000_000, 200


@dataclass(frozen=True)
class Person:
    """A student. `code` is empty until one is issued."""

    name: str
    email: str = ""
    team: str = ""
    code: str = ""

    @property
    def key(self) -> str:
        """The same for the same person: «Фёдоров» is «Федоров», capitals don't count."""
        return plain(self.name)


@dataclass
class Listing:
    """What a file of students holds, and what in it wants a look."""

    people: list[Person] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def plain(name: str) -> str:
    return " ".join(name.casefold().replace("ё", "е").split())


# Reading ------------------------------------------------------------------------------------


def read(path: Path) -> Listing:
    """Students from an Excel or CSV file with Russian headers. Raises `StudentError`."""
    rows = _rows(Path(path))
    for number, row in rows:
        if columns := _columns(row):
            break
        if number > 20:
            columns = {}
            break
    else:
        columns = {}
    if not {"name", "surname"} & columns.keys():
        raise StudentError(
            f"В файле {Path(path).name} не нашёл столбца с именами. "
            "Назовите его «ФИО» или заведите два: «Фамилия» и «Имя»."
        )
    return _listing((n, _person(row, columns)) for n, row in rows)


def load(path: Path) -> list[Person]:
    """A roster that `write` wrote: everyone has a code. Raises `StudentError`."""
    listing = read(path)
    without = [p.name for p in listing.people if not p.code]
    if without or not listing.people:
        whom = f": {', '.join(without[:5])}" if without else ""
        raise StudentError(
            f"В файле {Path(path).name} не у всех есть код{whom}. "
            "Выдайте коды: salescourse roster --students список.xlsx --out roster.csv."
        )
    return listing.people


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    if not path.is_file():
        raise StudentError(f"Не нашёл файл {path}.")
    if path.stat().st_size > MOST_BYTES:
        raise StudentError(f"Файл {path.name} слишком большой для списка группы.")
    read_as = _excel if path.suffix.casefold() in (".xlsx", ".xlsm") else _csv
    for number, row in enumerate(read_as(path), 1):
        if number > MOST_ROWS:
            raise StudentError(f"В файле {path.name} больше {MOST_ROWS} строк: это не список.")
        yield number, [clean(str(v), MOST_CELL) if v is not None else "" for v in row]


def _excel(path: Path) -> Iterator[Iterable]:
    openpyxl = library("openpyxl")
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        try:
            yield from book.worksheets[0].iter_rows(values_only=True, max_col=50)
        finally:
            book.close()
    except (zipfile.BadZipFile, ValueError, KeyError, OSError, IndexError, SyntaxError) as error:
        raise StudentError(
            f"Не смог открыть {path.name}: файл испорчен или это не Excel. "
            "Сохраните список заново как книгу Excel или CSV."
        ) from error


def _csv(path: Path) -> Iterator[list[str]]:
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1251", "replace")  # what a Russian Excel calls «CSV»
    head = text[:5000]
    mark = max(";\t,", key=head.count)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    except csv.Error as error:
        raise StudentError(f"Не смог прочитать {path.name}: {error}.") from error


def _columns(row: list[str]) -> dict[str, int]:
    """Which column holds what; empty if this row is no header."""
    found: dict[str, int] = {}
    for i, cell in enumerate(row):
        words = " ".join(re.sub(r"[\W_]+", " ", plain(cell)).split())
        for what, pattern in KNOWN.items():
            if what not in found and re.fullmatch(pattern, words):
                found[what] = i
    return found if {"name", "surname"} & found.keys() else {}


def _person(row: list[str], columns: dict[str, int]) -> Person | str | None:
    """A person, a complaint, or None for an empty row."""

    def cell(what: str) -> str:
        i = columns.get(what, len(row))
        text = row[i].strip() if i < len(row) else ""
        return text[1:] if text[:1] == "'" and plain_text(text[1:]) == text else text

    parts = (cell("name"),) if "name" in columns else map(cell, ("surname", "first", "middle"))
    name = " ".join(part for part in parts if part)
    if not name:
        return "нет имени, строка пропущена" if any(row) else None
    try:
        code = normalise(cell("code")) if cell("code") else ""
    except BadCode as error:
        return f"{name}: {error}"
    return Person(name, cell("email"), cell("team"), code)


def _listing(rows: Iterable[tuple[int, Person | str | None]]) -> Listing:
    made = Listing()
    seen: dict[str, list[tuple[int, Person]]] = {}
    codes: dict[str, str] = {}
    blank = 0
    for number, person in rows:
        if person is None:
            blank += 1
        elif isinstance(person, str):
            made.notes.append(f"Строка {number}: {person}.")
        else:
            others = seen.setdefault(person.key, [])
            if same := next((pair for pair in others if not _apart(person, pair[1])), None):
                made.notes.append(_twice(number, person, *same))
                continue
            if others:
                made.notes.append(
                    f"Строки {others[0][0]} и {number}: тёзки «{person.name}», коды будут разные."
                )
            if person.code and person.code in codes:
                raise StudentError(
                    f"Код {person.code} стоит и у «{codes[person.code]}», и у «{person.name}». "
                    "Оставьте его одному, у второго сотрите: ему выдадут новый."
                )
            codes[person.code] = person.name
            others.append((number, person))
            made.people.append(person)
    if blank:
        made.notes.append(f"Пустых строк: {blank}, пропущены.")
    return made


def _apart(one: Person, other: Person) -> bool:
    """Whether two of one name are two people: their post or their codes differ."""
    posts, codes = {plain(one.email), plain(other.email)}, {one.code, other.code}
    return (len(posts) == 2 and "" not in posts) or (len(codes) == 2 and "" not in codes)


def _twice(number: int, person: Person, before: int, other: Person) -> str:
    yo = " (разница только в букве ё)" if _by_yo(person.name, other.name) else ""
    return (
        f"Строки {before} и {number}: «{person.name}» — один и тот же человек{yo}, "
        "код будет один. Если это тёзки, укажите им разную почту."
    )


def _by_yo(one: str, other: str) -> bool:
    return one.casefold().split() != other.casefold().split()


# Issuing ------------------------------------------------------------------------------------


def enroll(
    listed: Iterable[Person],
    issued: Iterable[Person] = (),
    *,
    draw: Callable[[int], Iterator[str]] | None = None,
    progress: Callable[[int], None] = lambda done: None,
) -> list[Person]:
    """The roster: those who have a code keep it, the others get one.

    `issued` is the roster so far: nobody leaves it. `draw(n)` gives codes that are fit.
    """
    from salescourse.soundness import issue_codes

    out = list(issued)
    fresh: list[Person] = []
    free = list(range(len(out)))
    for person in listed:
        if (i := _same(person, out, free)) is None:
            fresh.append(person)
        else:
            free.remove(i)
            old = out[i]
            out[i] = replace(person, code=old.code, email=person.email or old.email,
                             team=person.team or old.team)  # fmt: skip
    taken = {p.code for p in (*out, *fresh) if p.code}
    need = sum(not p.code for p in fresh)
    codes = (code for code in (draw or issue_codes)(need + len(taken)) if code not in taken)
    done = 0
    for person in fresh:
        if not person.code:
            person = replace(person, code=next(codes))
            done += 1
            progress(done)
        out.append(person)
    return out


def _same(person: Person, out: list[Person], free: list[int]) -> int | None:
    """Who of the roster this is: by code, by post, by name where the post doesn't differ."""
    for i in free:
        if person.code and person.code == out[i].code:
            return i
    for i in free:
        if person.email and plain(person.email) == plain(out[i].email):
            return i
    for i in free:
        if person.key == out[i].key and not (person.email and out[i].email):
            return i
    return None


def write(people: Iterable[Person], path: Path) -> None:
    """A roster for a Russian Excel; it appears only whole. Raises `OSError`."""
    with (
        replacing(Path(path)) as temporary,
        temporary.open("w", encoding="utf-8-sig", newline="") as file,
    ):
        out = csv.writer(file, delimiter=";", lineterminator="\r\n")
        out.writerow(HEADERS)
        for p in people:
            out.writerow([plain_text(v) for v in (p.code, p.name, p.email, p.team)])
