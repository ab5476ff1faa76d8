"""Hostile and broken submissions: each is told about, nothing runs, the honest are read."""

from __future__ import annotations

import io
import json
import os
import pickle
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))
from schoolwork import bundle, notebook, random_codes, record, right, save

from salescourse.errors import StudentError
from salescourse.grading import remarks, submission
from salescourse.grading.collect import Limits, collect
from salescourse.grading.marking import mark
from salescourse.grading.remarks import KINDS
from salescourse.grading.submission import Submission
from salescourse.records import LIMIT, MIME

CODE, OTHER = random_codes(2, seed=62)
TASK = "funnel-1"


def kinds(made: Submission) -> list[str]:
    return [remark.kind for remark in made.remarks]


def only(*paths: Path, **how) -> Submission:
    (made,) = collect(paths, **how)
    return made


def cells(*outputs: dict, source: str = f'check("{TASK}", answer)') -> bytes:
    """A notebook whose code cells have these outputs' data."""
    made = [
        {"cell_type": "code", "source": source, "outputs": [{"data": data}]} for data in outputs
    ]
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4}).encode()


def answer(value, **change) -> dict:
    return record(TASK, 5.0, CODE).as_json() | {"answer": value} | change


def honest(path: Path) -> Path:
    return save(notebook("funnel", CODE, {TASK: right(CODE)[TASK]}), path)


def zipped(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return path


# Files --------------------------------------------------------------------------------------


class Boom:
    def __reduce__(self):
        return (os.system, ("touch взорвалось",))


DEEP = b"[" * 200_000
NOT_NOTEBOOKS = {
    "обрыв.ipynb": (b'{"cells": [{"cell_ty', remarks.BROKEN),
    "пусто.ipynb": (b"", remarks.BROKEN),
    "страница.ipynb": (b"<!doctype html><html>", remarks.BROKEN),
    "pickle.ipynb": (pickle.dumps(Boom()), remarks.BROKEN),
    "глубоко.ipynb": (b'{"cells": ' + DEEP, remarks.BROKEN),
    "глубоко, но цело.ipynb": (
        b'{"cells": [], "metadata": ' + DEEP + b"]" * len(DEEP) + b"}",
        remarks.BROKEN,
    ),
    "cp1251.ipynb": ('{"cells": ["Иванов"]}'.encode("cp1251"), remarks.BROKEN),
    "число.ipynb": (b'{"cells": 1}', remarks.FOREIGN),
    "список.json": (b"[1, 2]", remarks.BROKEN),
    "доклад.docx": (b"PK\x03\x04 no archive", remarks.BROKEN),
    "фото.jpg": (b"\xff\xd8\xff\xe0", remarks.FOREIGN),
    "работа.rar": (b"Rar!\x1a\x07\x00", remarks.ARCHIVE),
    "чужая.ipynb": (b'{"cells": [{"cell_type": "code", "source": "1 + 1"}]}', remarks.FOREIGN),
    "странная.ipynb": (
        b'{"cells": [null, 1, {"cell_type": "code", "source": {"check(": 1}, "outputs": "x"},'
        b' {"cell_type": "code", "outputs": [null, {"data": []}, {"data": {"text/html": 7}}]}]}',
        remarks.FOREIGN,
    ),
}


@pytest.mark.parametrize("name", NOT_NOTEBOOKS)
def test_what_is_no_notebook_is_told_by_name_and_the_rest_is_marked(name, student_folder):
    content, kind = NOT_NOTEBOOKS[name]
    (student_folder / name).write_bytes(content)
    honest(student_folder / "Копия Иванов (2).ipynb")
    found = {made.file: made for made in collect([student_folder])}
    assert kinds(found[name]) == [kind]
    run = mark(found.values())
    assert next(m for m in run.marks if m.task == TASK).points > 0
    assert name in {remark.file for remark in run.remarks}
    assert not (student_folder / "взорвалось").exists()


def test_names_of_any_kind_are_read(tmp_path):
    names = ["Иванов.ipynb.txt", "без расширения", "Копия 2_Воронка (1) (1).ipynb", "x.json"]
    for name in names:
        honest(tmp_path / "a.ipynb").rename(tmp_path / name)
    assert {m.file for m in collect([tmp_path]) if m.answers} == set(names)


def test_a_huge_file_is_not_read(tmp_path):
    path = tmp_path / "огромная.ipynb"
    with path.open("wb") as file:
        file.write(b"{")
        file.truncate(200_000_000)
    made = only(path)
    assert kinds(made) == [remarks.LARGE]
    assert "200\u00a0МБ" in made.remarks[0].detail


def test_links_are_not_followed_and_hidden_folders_are_not_read(tmp_path):
    secret = honest(tmp_path / "чужое" / "a.ipynb")
    work = tmp_path / "работы"
    honest(work / ".ipynb_checkpoints" / "a.ipynb")
    honest(work / "__MACOSX" / "a.ipynb")
    (work / "ссылка.ipynb").symlink_to(secret)
    (work / "папка").symlink_to(secret.parent)
    os.mkfifo(work / "труба.ipynb")
    found = {m.file: kinds(m) for m in collect([work])}
    assert found == {
        "ссылка.ipynb": [remarks.LINK],
        "папка": [remarks.LINK],
        "труба.ipynb": [remarks.FOREIGN],
    }


def test_too_many_files_and_folders_are_told(tmp_path):
    for i in range(5):
        honest(tmp_path / f"{i}.ipynb")
    found = list(collect([tmp_path], limits=Limits(files=3)))
    assert sum(bool(m.answers) for m in found) == 3
    assert kinds(found[-1]) == [remarks.ARCHIVE]
    honest(tmp_path / "а" / "б" / "в" / "x.ipynb")
    deep = [m.file for m in collect([tmp_path / "а"], limits=Limits(folders=1)) if m.remarks]
    assert deep == ["б/в"]


def test_the_instructors_own_files_are_passed_over(tmp_path):
    honest(tmp_path / "а.ipynb")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "отзыв.html").write_text("<html>", encoding="utf-8")
    (tmp_path / "roster.csv").write_text("x", encoding="utf-8")
    own = [tmp_path / "out", tmp_path / "roster.csv"]
    assert [m.file for m in collect([tmp_path], skip=own)] == ["а.ipynb"]


def test_a_path_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(StudentError, match="Не нашёл"):
        list(collect([tmp_path / "нет"]))


# Archives -----------------------------------------------------------------------------------


def test_an_archive_inside_an_archive_is_read_and_nothing_is_unpacked(tmp_path):
    page = honest(tmp_path / "a.ipynb").read_bytes()
    inner = zipped(tmp_path / "in.zip", {"Иванов/02.ipynb": page}).read_bytes()
    path = zipped(tmp_path / "out.zip", {"группа.zip": inner, "папка/": b""})
    before = set(tmp_path.rglob("*"))
    made = only(path)
    assert made.file == "out.zip/группа.zip/Иванов/02.ipynb"
    assert len(made.answers) == 1
    assert set(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("name", ["../../зло.ipynb", "/etc/зло.ipynb", "C:\\зло.ipynb", "..\\a"])
def test_a_name_that_leads_out_of_the_archive_is_told(name, tmp_path):
    page = honest(tmp_path / "a.ipynb").read_bytes()
    path = zipped(tmp_path / "a.zip", {name: page, "честная.ipynb": page})
    bad, good = collect([path])
    assert kinds(bad) == [remarks.FOREIGN]
    assert "пределы архива" in bad.remarks[0].what
    assert good.answers


def test_bombs_are_stopped(tmp_path):
    zeros = b"0" * 3_000_000
    path = zipped(tmp_path / "bomb.zip", {f"{i}.ipynb": zeros for i in range(50)})
    assert path.stat().st_size < 1_000_000
    found = list(collect([path], limits=Limits(file=1_000_000, archive=10_000_000)))
    assert len(found) == 10 + 1
    assert {kind for m in found[:-1] for kind in kinds(m)} == {remarks.LARGE}
    assert kinds(found[-1]) == [remarks.ARCHIVE]


def test_archives_too_deep_or_too_many_are_told(tmp_path):
    content = honest(tmp_path / "a.ipynb").read_bytes()
    for _ in range(6):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as packed:
            packed.writestr("a.zip", content)
        content = buffer.getvalue()
    (tmp_path / "deep.zip").write_bytes(content)
    made = only(tmp_path / "deep.zip")
    assert kinds(made) == [remarks.ARCHIVE]
    assert "глубоко" in made.remarks[0].what
    many = zipped(tmp_path / "many.zip", {f"{i}.ipynb": b"{}" for i in range(30)})
    found = list(collect([many], limits=Limits(files=10)))
    assert len(found) < 12
    assert kinds(found[-1]) == [remarks.ARCHIVE]


def test_a_lying_and_a_torn_archive_are_told(tmp_path):
    page = honest(tmp_path / "a.ipynb").read_bytes()
    whole = zipped(tmp_path / "a.zip", {"a.ipynb": page}).read_bytes()
    (tmp_path / "torn.zip").write_bytes(whole[: len(whole) // 2])
    assert kinds(only(tmp_path / "torn.zip")) == [remarks.BROKEN]
    spoiled = bytearray(whole)
    spoiled[60:90] = b"\x00" * 30
    (tmp_path / "spoiled.zip").write_bytes(spoiled)
    assert kinds(only(tmp_path / "spoiled.zip")) == [remarks.BROKEN]


def test_names_packed_by_a_russian_windows_are_readable(tmp_path):
    page = honest(tmp_path / "a.ipynb").read_bytes()
    name = "Иванов.ipynb".encode("cp866")
    raw = zipped(tmp_path / "a.zip", {"Z" * len(name): page}).read_bytes()
    (tmp_path / "a.zip").write_bytes(raw.replace(b"Z" * len(name), name))
    assert only(tmp_path / "a.zip").file == "a.zip/Иванов.ipynb"


# Records ------------------------------------------------------------------------------------


def read(content: bytes) -> Submission:
    return submission.read("а.ipynb", content)


def nested(depth: int) -> list:
    value: list = []
    for _ in range(depth):
        value = [value]
    return value


STRANGE = {
    "NaN": float("nan"),
    "infinity": float("inf"),
    "too large": "x" * (LIMIT + 1),
    "half a letter": "\ud800",
    "endless depth": nested(300),
}


@pytest.mark.parametrize("name", STRANGE)
def test_a_record_we_would_never_write_is_damaged(name):
    made = read(cells({MIME: answer(STRANGE[name])}, bundle(record(TASK, 7.0, CODE))))
    assert [r.answer for r in made.answers] == [7.0]
    assert kinds(made) == [remarks.DAMAGED]


@pytest.mark.parametrize(
    "change",
    [{"schema": 2}, {"task": "../x"}, {"task": 5}, {"code": "ROP-7F3A-X"}, {"edition": "1"},
     {"edition": True}, {"data": None}, {"data": "x" * 100}, {"code": {"a": 1}}],
)  # fmt: skip
def test_a_record_of_wrong_types_is_damaged(change):
    made = read(cells({MIME: answer(5.0, **change)}))
    assert made.answers == []
    assert kinds(made) == [remarks.DAMAGED]


STRANGE_ANSWERS = [10**400, 1e308, -0.0, True, None, [], {}, nested(5), {"a": {"b": [1]}},
                   "=HYPERLINK(\"http://x\")", "<script>alert(1)</script>", "восемь", "\x00",
                   {"points": 100, "share": 1.0}]  # fmt: skip


@pytest.mark.parametrize("value", STRANGE_ANSWERS, ids=lambda v: repr(v)[:20])
def test_any_answer_is_judged_without_an_error(value):
    made = read(cells({MIME: answer(value)}))
    run = mark([made])
    got = next(m for m in run.marks if m.task == TASK)
    assert got.points == 0
    assert {r.kind for r in run.remarks} <= {remarks.MISSING, remarks.DAMAGED}


def test_forged_scores_are_worth_nothing():
    forged = answer(1.0, points=100, share=1.0, status="верно", score=100)
    content = json.loads(cells({MIME: forged, "text/plain": "Верно. 100 баллов"}))
    content["metadata"] = {"salescourse": {"unit": "funnel", "points": 100}}
    run = mark([read(json.dumps(content).encode())])
    assert sum(m.points or 0 for m in run.marks) == 0


def test_ten_thousand_duplicates_are_one_answer_and_a_few_words():
    for typed in (float, lambda i: 5.0):
        many = [{MIME: answer(typed(i))} for i in range(10_000)]
        made = read(cells(*many, bundle(record(TASK, right(CODE)[TASK], CODE))))
        run = mark([made])
        assert next(m for m in run.marks if m.task == TASK).status == "верно"
        told = [r.kind for r in run.remarks if r.kind != remarks.MISSING]
        assert told == [remarks.REPEATED] * 2


def test_a_result_left_by_another_cell_is_told():
    made = read(cells({MIME: answer(5.0)}, source='check("funnel-2", answer)'))
    assert kinds(made) == [remarks.STALE]
    assert len(made.answers) == 1


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ('check("funnel-1", 5.0)', []),
        ('check("Funnel 1", 5)', []),
        ('check("funnel-1", answer)', []),
        ('check("funnel-1", 7.0)', ["в ячейке стоит 7.0, а записано 5"]),
        ('check("funnel-2", 5.0)', [""]),
    ],
)
def test_a_stale_result_is_told_and_the_recorded_answer_counts(source, told):
    made = read(cells({MIME: answer(5.0)}, source=source))
    assert [(r.kind, r.detail) for r in made.remarks] == [(remarks.STALE, d) for d in told]
    assert [r.answer for r in made.answers] == [5.0]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ('check("funnel-1", ...)', ""),
        ('# check("funnel-1", 5)\ncheck("funnel-1", ...)  # 5', ""),
        ('check("funnel-1", 5.0)', "ответы вписаны, а результатов под ячейками нет"),
        ('answer = 5\ncheck("funnel-1", answer)', "ответы вписаны, а результатов под ячейками нет"),
    ],
)
def test_a_notebook_saved_without_results_is_told_from_an_untouched_one(source, said):
    content = {"cells": [{"cell_type": "code", "source": source, "outputs": []}]}
    made = read(json.dumps(content).encode())
    assert [(r.kind, r.detail) for r in made.remarks] == [(remarks.EMPTY, said)]


def test_unusual_compression_and_endless_lists_of_files_are_refused(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as packed:
        packed.writestr("а.ipynb", b"{}")
    assert kinds(only(path)) == [remarks.ARCHIVE]
    with zipfile.ZipFile(path, "w") as packed:
        for i in range(100):
            packed.writestr(f"{'x' * 200}{i}.ipynb", b"{}")
    assert kinds(only(path, limits=Limits(files=30))) == [remarks.ARCHIVE]
    assert kinds(only(path, limits=Limits(archive=1000))) == [remarks.LARGE]


@given(st.binary(max_size=300))
def test_any_bytes_are_read(content):
    assert isinstance(submission.read("x", content), Submission)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
        st.sampled_from(["cells", "outputs", "data", MIME, "text/html", "source", "cell_type",
                         "metadata", "salescourse", "unit", "task", "code", "records", "answer"]),
        inner, max_size=5),
    max_leaves=30,
)  # fmt: skip


@given(JSON, JSON, JSON)
def test_any_json_is_read(cell, output, record):
    whole = {"cells": [cell, {"cell_type": "code", "outputs": [output, {"data": {MIME: record}}]}]}
    for data in (whole, {"records": [record, cell]}, cell):
        made = submission.read("x", json.dumps(data).encode())
        mark([made])
        assert {remark.kind for remark in made.remarks} <= KINDS.keys()
