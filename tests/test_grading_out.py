"""What is given out: the workbook, Moodle's table, the report, a page of feedback a student."""

from __future__ import annotations

import csv
import math
import re
import sys
from pathlib import Path

import openpyxl
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from schoolwork import hand_in, random_codes, right, slips

from salescourse import units
from salescourse.grading import feedback, moodle, report, results, roster, workbook
from salescourse.grading.grade import BOOK, PAGES, REPORT, TABLE, give_out, grade
from salescourse.grading.gradebook import Gradebook
from salescourse.grading.ledger import Row
from salescourse.grading.marking import NO_ANSWER, TO_READ, Mark
from salescourse.grading.reading import FIRST, SECOND, Readings, Work, lines_of, weighted_kappa
from salescourse.grading.remarks import Remark
from salescourse.grading.roster import Person
from salescourse.tasks import NOT_YET, RIGHT

ONE, OTHER = random_codes(2, seed=71)
FORMULA = '=HYPERLINK("http://x";"жми")'
SCRIPT = "<img src=x onerror=alert(1)>"
A, B = "funnel-1", "funnel-2"
WRITTEN = next(t for t in units.all_tasks() if t.by_hand)


def mark(code: str, task: str, points: float | None, status: str = RIGHT, most=2.0, **more) -> Row:
    return Row(Mark(code, task, status, points, most, **more))


def cells(sheet) -> list[list]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


# Statistics, worked out by hand -------------------------------------------------------------


def test_difficulty_is_the_mean_share_and_discrimination_the_item_rest_correlation():
    points = {"а": (2, 4), "б": (2, 3), "в": (1, 2), "г": (0, 1), "д": (0, 0)}
    rows = [mark(c, A, x, most=2.0) for c, (x, _) in points.items()]
    rows += [mark(c, B, y, most=4.0) for c, (_, y) in points.items()]
    first, second = results.items(rows)
    assert first.difficulty == pytest.approx(0.5)  # (1 + 1 + ½ + 0 + 0) / 5
    assert second.difficulty == pytest.approx(0.5)
    # deviations ½ ½ 0 −½ −½ and ½ ¼ 0 −¼ −½: 0.75 / √(1 · 0.625)
    assert first.discrimination == pytest.approx(0.75 / (1 * 0.625) ** 0.5)
    assert (first.asked, first.answered, first.right) == (5, 5, 2)


def test_who_did_not_answer_counts_as_asked_only():
    rows = [mark("а", A, 2.0), mark("б", A, 0.0, NO_ANSWER), mark("в", A, None, TO_READ)]
    (item,) = results.items(rows)
    assert (item.asked, item.answered, item.difficulty) == (3, 2, 1.0)
    assert math.isnan(item.discrimination)  # too few to say


def test_a_mistake_is_counted_by_who_made_it():
    rows = [mark(c, A, 0.0, NOT_YET, mistake="ratio") for c in "абв"]
    rows += [mark("г", A, 0.0, NOT_YET, mistake="leads"), mark("д", A, 2.0)]
    first, second = results.slips(rows)
    assert (first.mistake, first.codes, first.share) == ("ratio", ("а", "б", "в"), 0.6)
    assert (second.mistake, second.share) == ("leads", 0.2)


def test_weighted_kappa_by_hand():
    # 0–0 0–1 1–1 2–2: seen 1/4; by chance 0,0,1,2 against 0,1,1,2 gives 6+6+2+6 of 16
    assert weighted_kappa([(0, 0), (0, 1), (1, 1), (2, 2)]) == pytest.approx(1 - 0.25 / (20 / 16))
    assert weighted_kappa([(0, 0), (1, 1), (2, 2)]) == 1
    assert weighted_kappa([(0, 2), (2, 0)]) == -1
    assert math.isnan(weighted_kappa([(1, 1)] * 5))  # no spread, no kappa


def test_rubric_lines_add_up_to_the_tasks_points():
    for task in units.all_tasks():
        if task.by_hand:
            lines = lines_of(task)
            assert sum(line.most for line in lines) == pytest.approx(task.points)
            assert all(line.levels[0] == 0 for line in lines)


# Files --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def out(tmp_path_factory) -> Path:
    """A class of three whose names and answers are hostile, one of them absent."""
    folder = tmp_path_factory.mktemp("группа")
    hand_in(folder / "работы", "а", ONE, right(ONE), text=f"{FORMULA}\n{SCRIPT}")
    hand_in(folder / "работы", "б", OTHER, {t: v for t, (_, v) in slips(OTHER).items()})
    people = [Person(FORMULA, "a@x.ru", "-1", ONE), Person(SCRIPT, "+7", "@", OTHER),
              Person("Неявкин Иван", code="ROP-7F3A-K")]  # fmt: skip
    roster.write(people, folder / "roster.csv")
    grade([folder / "работы"], folder / "out", listed=folder / "roster.csv")
    with Gradebook(folder / "out" / "Журнал оценок.db") as book:
        room = Readings(book, b"k")
        text = next(r.mark.shown for r in book.rows() if r.mark.status == TO_READ)
        n = len(lines_of(WRITTEN))
        work = Work(room.token(ONE, WRITTEN.id), WRITTEN.id, text, FIRST)
        room.save(work, [1] * n, comment=FORMULA, phrases=[], by="Анна")
        work = Work(work.token, work.task, text, SECOND)
        room.save(work, [2] * n, comment="", phrases=[], by="Борис")
        give_out(book, folder / "out")
    return folder / "out"


def test_the_workbook_holds_every_sheet_and_no_formula(out):
    book = openpyxl.load_workbook(out / BOOK)
    assert book.sheetnames == [
        "Итоги", "По заданиям", "Ошибки", "Ответы", "Рубрика", "Замечания", "История",
    ]  # fmt: skip
    for sheet in book:
        assert sheet.max_row > 1
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                assert not str(cell.value or "").startswith(("=", "+", "-", "@"))


def test_totals_are_the_sums_and_the_absent_has_zeros(out):
    head, *rows = cells(openpyxl.load_workbook(out / BOOK)["Итоги"])
    by_code = {row[head.index("Код")]: row for row in rows}
    assert len(rows) == 3
    for row in rows:
        points = row[head.index("Ждёт вас") + 1 :]
        assert row[head.index("Баллы")] == pytest.approx(sum(p for p in points if p != "?"))
    assert by_code["ROP-7F3A-K"][head.index("Баллы")] == 0
    judged = sum(t.points for t in units.all_tasks() if not t.by_hand and t.id in head)
    assert by_code[ONE][head.index("Баллы")] == pytest.approx(judged + WRITTEN.points / 2)


def test_the_rubric_sheet_shows_both_readings(out):
    head, row, *_ = cells(openpyxl.load_workbook(out / BOOK)["Рубрика"])
    found = dict(zip(head, row, strict=True))
    assert found["Баллы"] == WRITTEN.points / 2
    assert found["Первое чтение, по строкам"].startswith("Анна: 0,25 + 0,25")
    assert found["Второе чтение, по строкам"].startswith("Борис: 0,5 + 0,5")
    assert found["Комментарий"] == f"'{FORMULA}"


def test_every_student_has_a_page_that_needs_nothing_and_runs_nothing(out):
    pages = {p.name: p.read_text(encoding="utf-8") for p in (out / PAGES).iterdir()}
    assert len(pages) == 3
    for name, page in pages.items():
        assert not set(name) & set('<>:"/\\|?*=')
        assert "<img" not in page
        assert "<script" not in page
        assert "default-src 'none'" in page
        assert not re.search(r"<[^>]*(?:src|href)=", page)
        assert "@media print" in page
    page = next(p for n, p in pages.items() if ONE in n)
    assert "Оценено преподавателем" in page
    assert "HYPERLINK" in page


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("Иванова Анна", "Иванова Анна ROP-7F3A-K.html"),
        ("../../etc/passwd", "etc passwd ROP-7F3A-K.html"),
        ("CON", "ROP-7F3A-K.html"),
        ("", "ROP-7F3A-K.html"),
        ("а" * 300, f"{'а' * 80} ROP-7F3A-K.html"),
    ],
)
def test_a_page_is_named_safely(name, file):
    assert feedback.file_name(name, "ROP-7F3A-K") == file


def test_moodles_table_has_its_columns_and_a_point_in_numbers(out, tmp_path):
    with (out / TABLE).open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    assert head[:4] == ["Фамилия", "Имя", "Индивидуальный номер", "Адрес электронной почты"]
    assert "Задание:Воронка (Значение)" in head
    assert all(re.fullmatch(r"[0-9]+(\.[0-9]+)?", v) for row in rows for v in row[5:])
    assert not [v for row in rows for v in row if v[:1] in "=+-@" and v]
    moodle.write(tmp_path / "m.csv", [mark(ONE, A, 0.5), mark(ONE, B, None)], {})
    assert (tmp_path / "m.csv").read_text("utf-8").splitlines()[1].endswith(",0.5")


def test_the_report_says_by_student_what_happened_and_what_to_do(out):
    text = (out / REPORT).read_text(encoding="utf-8-sig")
    assert "Неявкин Иван, ROP-7F3A-K\n  • Работы нет\n    Стоят нули" in text.replace("\r", "")
    lines = report.lines([Remark("broken", "", "а.ipynb"), Remark("absent", code=ONE)], {})
    assert lines[0] == ONE
    assert report.NOBODY in lines


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\t=1", "a\x00b", "x" * 40_000])
def test_text_is_text_in_a_cell(text):
    made = workbook.safe(text)
    assert made[:1] not in tuple("=+-@\t")
    assert len(made) <= 32_767
    assert "\x00" not in made
