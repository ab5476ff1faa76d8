"""A class list becomes codes: headers, twins, latecomers, spreadsheets' formulas."""

from __future__ import annotations

import itertools
from pathlib import Path

import openpyxl
import pytest

from salescourse.codes import COUNT, from_number
from salescourse.errors import StudentError
from salescourse.grading import roster
from salescourse.grading.roster import Person


def draw(n: int):
    """Codes without looking at their companies."""
    return itertools.islice(map(from_number, range(1000, COUNT)), n)


def csv(folder: Path, text: str, *, encoding: str = "utf-8-sig") -> Path:
    path = folder / "список.csv"
    path.write_bytes(text.replace("\n", "\r\n").encode(encoding))
    return path


@pytest.mark.parametrize(
    "text",
    [
        "ФИО;Электронная почта;Группа\nФёдоров Пётр;f@x.ru;А-1\n",
        "№,Фамилия,Имя,E-mail,Поток\n1,Фёдоров,Пётр,f@x.ru,А-1\n",
        "Список группы\n\nСтудент\tПочта\tГруппа\nФёдоров Пётр\tf@x.ru\tА-1\n",
        "Фамилия;Имя;Адрес электронной почты;Группа\n Фёдоров ; Пётр ;f@x.ru;А-1\n",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1251"])
def test_headers_are_understood(text, encoding, tmp_path):
    if encoding == "cp1251":
        text = text.replace("№", "N")
    people = roster.read(csv(tmp_path, text, encoding=encoding)).people
    assert people == [Person("Фёдоров Пётр", "f@x.ru", "А-1")]


def test_a_workbook_is_read(tmp_path):
    book = openpyxl.Workbook()
    for row in (["Группа А-1"], [], ["№", "ФИО", "Почта"], [1, "Фёдоров Пётр", None], [None]):
        book.active.append(row)
    book.save(tmp_path / "список.xlsx")
    assert roster.read(tmp_path / "список.xlsx").people == [Person("Фёдоров Пётр")]


def test_twins_blanks_and_yo_are_told(tmp_path):
    text = (
        "ФИО;Почта\nФёдоров Пётр;f@x.ru\nФедоров Петр;f@x.ru\n;\nИванов Иван;a@x.ru\n"
        "Иванов Иван;b@x.ru\n;c@x.ru\n"
    )
    listing = roster.read(csv(tmp_path, text))
    assert [(p.name, p.email) for p in listing.people] == [
        ("Фёдоров Пётр", "f@x.ru"),
        ("Иванов Иван", "a@x.ru"),
        ("Иванов Иван", "b@x.ru"),
    ]
    said = "\n".join(listing.notes)
    assert "Строки 2 и 3" in said
    assert "только в букве ё" in said
    assert "Строки 5 и 6: тёзки" in said
    assert "Строка 7: нет имени" in said
    assert "Пустых строк: 1" in said


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", "Город;Сумма\nПермь;5\n", "Назовите его «ФИО»"),
        ("a.csv", "", "Назовите его «ФИО»"),
        ("a.xlsx", "no workbook", "не Excel"),
        ("a.csv", "ФИО;Код\nА;ROP-7F3A-K\nБ;ROP-7F3A-K\n", "и у «А», и у «Б»"),
    ],
)
def test_a_list_that_cannot_be_used_is_an_error(name, content, said, tmp_path):
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(StudentError, match=said):
        roster.read(tmp_path / name)


def test_latecomers_get_codes_and_the_others_keep_theirs(tmp_path):
    first = roster.enroll([Person("Фёдоров Пётр", "f@x.ru"), Person("Иванова Анна")], draw=draw)
    assert len({p.code for p in first}) == 2
    later = [
        Person("Яковлев Олег"),
        Person("Федоров Петр"),
        Person("Иванова Анна", "new@x.ru", "А-2"),
        Person("Фёдоров Пётр", "another@x.ru"),
    ]
    second = roster.enroll(later, first, draw=draw)
    codes = {(p.name, p.email): p.code for p in second}
    assert codes["Федоров Петр", "f@x.ru"] == first[0].code
    assert codes["Иванова Анна", "new@x.ru"] == first[1].code
    assert len(second) == 4
    assert len({p.code for p in second}) == 4
    assert roster.enroll(later, second, draw=draw) == second
    assert roster.enroll([], second, draw=draw) == second


def test_a_roster_comes_back_as_it_was_written(tmp_path):
    people = roster.enroll(
        [Person('=HYPERLINK("http://x")', "+7@x.ru", "-1"), Person("O'Хара; Ян")], draw=draw
    )
    path = tmp_path / "roster.csv"
    roster.write(people, path)
    text = path.read_bytes().decode("utf-8-sig")
    assert not [cell for line in text.splitlines() for cell in line.split(";")
                if cell.strip('"')[:1] in ("=", "+", "-", "@")]  # fmt: skip
    assert roster.load(path) == people


def test_a_roster_without_codes_is_no_roster(tmp_path):
    with pytest.raises(StudentError, match="не у всех есть код: Иванов"):
        roster.load(csv(tmp_path, "ФИО\nИванов\n"))


def test_issued_codes_are_fit():
    from salescourse import soundness
    from salescourse.company import Company

    (person,) = roster.enroll([Person("Иванов")])
    assert soundness.passes(Company.generate(person.code))
