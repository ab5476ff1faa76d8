"""The Excel workbook of a class: results, tasks, mistakes, the rubric, remarks, the history."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from salescourse.grading import results
from salescourse.grading.ledger import Change, Row
from salescourse.grading.marking import NO_ANSWER
from salescourse.grading.needs import library
from salescourse.grading.reading import Reading
from salescourse.grading.remarks import Remark
from salescourse.grading.results import Standing
from salescourse.storage import plain_text, replacing
from salescourse.text import short

WAITS = "?"  # a person has to decide
LINE, TALLEST = 15, 400  # points of height
MOST_CELL = 32_000  # Excel takes 32,767 characters
BAD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # not allowed in XML
MARKUP = re.compile(r"\*\*|`")


def write(
    path: Path,
    rows: list[Row],
    people: dict,
    remarks: Iterable[Remark],
    changes: Iterable[Change],
    readings: Iterable[Reading] = (),
) -> None:
    """Write the workbook; it appears only whole. Raises `StudentError`, `OSError`."""
    openpyxl = library("openpyxl")
    book = openpyxl.Workbook(write_only=True)
    standings = results.standings(rows, people)
    tasks = results.tasks_of(rows)
    names = {code: person.name for code, person in people.items()}
    _sheet(book, "Итоги", *_totals(standings, tasks))
    _sheet(book, "По заданиям", *_items(rows))
    _sheet(book, "Ошибки", *_slips(rows, names))
    _sheet(book, "Ответы", *_answers(standings))
    _sheet(book, "Рубрика", *_rubric(standings, readings))
    _sheet(book, "Замечания", *_remarks(remarks, names))
    _sheet(book, "История", *_history(changes, names))
    with replacing(Path(path)) as temporary:
        book.save(temporary)


Table = tuple[Sequence[str], list[Sequence[Any]], Sequence[int]]  # headers, rows, widths


def _totals(standings: list[Standing], tasks: list[str]) -> Table:
    heads = ["Студент", "Группа", "Код", "Баллы", "Из", "Доля", "Ждёт вас", *tasks]
    rows = []
    for s in standings:
        points = {row.mark.task: WAITS if row.points is None else row.points for row in s.rows}
        share = s.total / s.most if s.most else 0.0
        person = (s.person.name, s.person.team, s.person.code)
        sums = (s.total, s.most, _Share(share), s.open)
        rows.append((*person, *sums, *(points.get(task) for task in tasks)))
    return heads, rows, [32, 14, 14, 9, 7, 9, 10, *[12] * len(tasks)]


def _items(rows: list[Row]) -> Table:
    heads = ["Задание", "Название", "Баллы", "Студентов", "Ответили", "Верно"]
    heads += ["Трудность: средняя доля балла", "Различает сильных и слабых: от −1 до 1"]
    made = [
        (i.task, i.title, i.most, i.asked, i.answered, i.right, _Share(i.difficulty),
         _Ratio(i.discrimination))
        for i in results.items(rows)
    ]  # fmt: skip
    return heads, made, [12, 44, 8, 12, 11, 8, 24, 30]


def _slips(rows: list[Row], names: dict[str, str]) -> Table:
    heads = ["Задание", "Название", "Ошибка", "Сколько", "Доля ответивших", "Кто", "Подсказка"]
    made = []
    for slip in results.slips(rows):
        who = ", ".join(names.get(code, code) for code in slip.codes)
        title = results.title_of(slip.task)
        made.append(
            (slip.task, title, slip.mistake, len(slip.codes), _Share(slip.share), who, slip.hint)
        )
    return heads, made, [12, 36, 20, 10, 16, 40, 90]


def _answers(standings: list[Standing]) -> Table:
    heads = ["Студент", "Код", "Задание", "Ответ", "Исход", "Баллы", "Из", "Вручную"]
    heads += ["Кто поставил", "Комментарий", "Почему", "Файл"]
    made = []
    for s in standings:
        for row in s.rows:
            m = row.mark
            points = WAITS if row.points is None else row.points
            made.append(
                (s.person.name, m.code, m.task, m.shown, m.status, points, m.most, row.hand,
                 row.by, row.comment, m.text, m.file)
            )  # fmt: skip
    return heads, made, [32, 14, 12, 40, 16, 8, 6, 9, 16, 30, 90, 30]


def _rubric(standings: list[Standing], readings: Iterable[Reading]) -> Table:
    """Written answers beside the rubric, task by task, and what both readers gave."""
    heads = ["Задание", "Студент", "Код", "Ответ", "Рубрика", "Баллы", "Из", "Комментарий"]
    heads += ["Первое чтение, по строкам", "Второе чтение, по строкам"]
    read = {(r.code, r.task, r.turn): r for r in readings}
    made = []
    for s in standings:
        for row in s.rows:
            task = results.task_of(row.mark.task)
            if task is None or not task.by_hand or row.mark.status == NO_ANSWER:
                continue
            rubric = task.kind.rubric
            lines = [rubric] if isinstance(rubric, str) else rubric
            made.append(
                (row.mark.task, s.person.name, row.mark.code, row.mark.shown,
                 MARKUP.sub("", "\n".join(lines)), row.hand, row.mark.most, row.comment,
                 *(_given(read.get((row.mark.code, row.mark.task, turn))) for turn in (1, 2)))
            )  # fmt: skip
    return heads, sorted(made, key=lambda r: r[0]), [12, 32, 14, 80, 70, 8, 6, 40, 26, 26]


def _given(reading: Reading | None) -> str:
    """«Анна: 0,5 + 0 + 0,25»."""
    if reading is None:
        return ""
    return f"{reading.by}: {' + '.join(short(p, 2) for p in reading.points)}"


def _remarks(remarks: Iterable[Remark], names: dict[str, str]) -> Table:
    heads = ["Студент", "Код", "Файл", "Задание", "Что случилось", "Что делать"]
    made = [(names.get(r.code, ""), r.code, r.file, r.task, r.what, r.advice) for r in remarks]
    return heads, made, [32, 14, 40, 12, 60, 70]


def _history(changes: Iterable[Change], names: dict[str, str]) -> Table:
    heads = ["Когда", "Кто", "Как", "Студент", "Код", "Задание", "Было", "Стало"]
    made = [
        (c.at, c.by, c.what, names.get(c.code, ""), c.code, c.task, c.old, c.new) for c in changes
    ]
    return heads, made, [26, 16, 14, 32, 14, 12, 40, 40]


# Cells --------------------------------------------------------------------------------------


class _Share(float):
    """Shown as per cent."""


class _Ratio(float):
    """Shown with two decimals."""


def _sheet(book, title: str, heads: Sequence[str], rows: list, widths: Sequence[int]) -> None:
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.properties import PageSetupProperties

    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = "1:1"
    for i, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(i)].width = width
    if rows:
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(heads))}{len(rows) + 1}"
    looks = _looks(sheet)
    for number, row in enumerate([heads, *rows], 1):
        sheet.row_dimensions[number].height = _height(row, widths)
        head = looks["head"] if number == 1 else None
        sheet.append([_cell(sheet, value, head or looks[type(value)]) for value in row])


def _looks(sheet) -> dict[Any, Any]:
    """Ready styles by what a value is: making one for each cell takes half of the time."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font

    def look(number_format: str = "General", **font: Any):
        cell = WriteOnlyCell(sheet)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        cell.number_format = number_format
        if font:
            cell.font = Font(name="Calibri", size=11, **font)
        return cell._style

    plain = look()
    special = {"head": look(bold=True), _Share: look("0 %"), _Ratio: look("0.00")}
    return defaultdict(lambda: plain, special)


def _height(row: Sequence[Any], widths: Sequence[int]) -> float:
    """Room for the longest text of a row: not every program reckons it by itself."""
    lines = 1
    for value, width in zip(row, widths, strict=True):
        if isinstance(value, str):
            lines = max(lines, sum(1 + len(line) // width for line in value[:4000].split("\n")))
    return min(LINE * lines, TALLEST)


def _cell(sheet, value: Any, style):
    from openpyxl.cell import WriteOnlyCell

    if isinstance(value, float):
        value = float(value) if math.isfinite(value) else "—"
    cell = WriteOnlyCell(sheet, value=safe(value) if isinstance(value, str) else value)
    cell._style = style
    return cell


def safe(text: str) -> str:
    """Text that Excel opens and takes for text."""
    return plain_text(BAD.sub(" ", text)[:MOST_CELL])
