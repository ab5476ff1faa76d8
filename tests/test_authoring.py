"""From a source to the student's and the solved notebook."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from salescourse.authoring import BuildError, build, expand
from salescourse.authoring.notebooks import forbid_leaks, run, write
from salescourse.authoring.source import parse
from salescourse.authoring.typography import NBSP, nbsp

EXERCISE = '''\
# %% slide [markdown]
"""
# Задания
"""

# %%
company = my_company()

# %% task funnel-1
months = 6
# решение
#: share = reached[reached["source"] == ...]
share = reached[reached["source"] == "сайт"]
answer = len(share) * 1.5
# конец решения

# %% task funnel-2
# решение
answer = {"Что": "а", "Сколько": 7.9}
# конец решения

# %% ask funnel-3 [markdown]
"""
Зачем это директору.
"""

# %%
show(funnel.stages(company))

# %% task funnel-3
# решение
answer = {"КП": 4.0}
# конец решения

# %% task funnel-8
# решение
# Перезваниваем за час.
# конец решения
'''


class Number(SimpleNamespace):
    pass


class Parts(SimpleNamespace):
    pass


class Text(SimpleNamespace):
    pass


def task(number: int, kind, details=None):
    return SimpleNamespace(
        id=f"funnel-{number}",
        title=f"Название {number}",
        question=f"Вопрос {number}",
        kind=kind,
        points=3,
        asks_of_company=details is not None,
    )


@pytest.fixture
def tasks(monkeypatch):
    found = [
        task(1, Number(stub="...")),
        task(
            2,
            Parts(stub='{\n    "Что": ...,\n    "Сколько": ...,\n}'),
            details=lambda company: "А и Б",
        ),
        task(3, Number(stub='{\n    "КП": ...,\n}')),
        task(8, Text(stub="...", rubric=("причина", "рычаг"))),
    ]
    tasks = {t.id: t for t in found}
    monkeypatch.setattr(expand, "tasks_of", lambda slug: tasks)
    return tasks


def sources(notebook) -> str:
    return "\n\n".join(cell.source for cell in notebook.cells)


# Markers -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("# %%\n# решение\nx = 1\n", 2, "нет пары"),
        ("# %%\n# решение\nx = 1\n\n# %%\ny = 1\n", 2, "до конца ячейки"),
        ("# %%\n# решение\n# решение\n# конец решения\n", 3, "внутри другого"),
        ("# %%\nx = 1\n# конец решения\n", 3, "без «# решение»"),
        ("# %%\n# Решение:\nx = 1\n# конец решения\n", 2, "записано иначе"),
        ("# %%\n# решение\nx = 1\n# конец решений\n", 4, "записано иначе"),
        ("# %%\n#: x = ...\n", 2, "вне решения"),
        ("# %% загадка\nx = 1\n", 1, "загадка"),
        ("# %% task\nx = 1\n", 1, "нужен номер"),
        ("# %% ask\nx = 1\n", 1, "нужен номер"),
        ("# %% ask funnel-3\nx = 1\n", 1, "допишите [markdown]"),
        ("x = 1\n# %%\ny = 2\n", 1, "до первой ячейки"),
        ('# %% [markdown]\n"""\n# решение\n# конец решения\n"""\n', 1, "в текстовой ячейке"),
    ],
)
def test_a_malformed_source_is_refused_with_file_and_line(text, line, words):
    with pytest.raises(BuildError) as error:
        parse(text, "02_funnel.py")
    assert str(error.value).startswith(f"02_funnel.py:{line}:")
    assert words in str(error.value)


def test_the_word_solution_inside_a_sentence_is_not_a_marker():
    assert parse("# %%\n# решение о премии примем позже\nx = 1\n", "a.py")[0].solution == ""


def test_windows_line_ends_are_read():
    cell = parse("# %%\r\n# решение\r\nx = 1\r\n# конец решения\r\n", "a.py")[0]
    assert (cell.given, cell.solved) == ("", "x = 1")


def test_a_stand_in_keeps_its_indent():
    cell = parse(
        "# %%\nif True:\n    # решение\n    #: x = ...\n    x = 1\n    # конец решения\n", "a.py"
    )[0]
    assert cell.given == "if True:\n    x = ..."
    assert cell.solved == "if True:\n    x = 1"


# The two notebooks -------------------------------------------------------------------------


def test_the_student_gets_stubs_and_no_line_of_a_solution(tasks):
    cells = parse(EXERCISE, "02_funnel.py")
    notebook = expand.exercise(cells, "funnel", solved=False)
    text = sources(notebook)
    assert 'check("funnel-1", ...)' in text
    assert (
        'answer = {\n    "Что": ...,\n    "Сколько": ...,\n}\n\ncheck("funnel-2", answer)' in text
    )
    assert 'answer = {\n    "КП": ...,\n}\n\ncheck("funnel-3", answer)' in text
    assert 'share = reached[reached["source"] == ...]' in text
    for line in ("сайт", "len(share)", "7.9", "4.0", "Перезваниваем", "решени"):
        assert line not in text
    assert not any(cell.get("outputs") for cell in notebook.cells)
    forbid_leaks(cells, notebook)


def test_the_solved_notebook_passes_each_answer_to_check(tasks):
    cells = parse(EXERCISE, "02_funnel.py")
    text = sources(expand.exercise(cells, "funnel", solved=True, code="ROP-7F3A-K"))
    assert 'company = my_company("ROP-7F3A-K")' in text
    assert 'check("funnel-1", answer)' in text
    assert 'check("funnel-2", answer)' in text
    assert "Перезваниваем за час." in text
    assert "# решение" not in text and "..." not in text


def test_details_that_differ_by_company_are_asked_of_the_kernel(tasks):
    cells = parse(EXERCISE, "02_funnel.py")
    text = sources(expand.exercise(cells, "funnel", solved=False))
    assert 'question("funnel-2")' in text
    assert 'question("funnel-1")' not in text


def test_a_text_task_is_answered_in_a_marked_markdown_cell_beside_its_rubric(tasks):
    cells = parse(EXERCISE, "02_funnel.py")
    *_, rubric, answer = expand.exercise(cells, "funnel", solved=False).cells
    assert "причина" in rubric.source and "рычаг" in rubric.source
    assert answer.cell_type == "markdown"
    assert answer.source.startswith("<!-- ответ: funnel-8 -->")
    assert answer.metadata["salescourse"] == {"task": "funnel-8"}


def test_the_question_stands_above_the_cells_to_work_in_and_the_answer_below(tasks):
    cells = parse(EXERCISE, "02_funnel.py")
    text = sources(expand.exercise(cells, "funnel", solved=False))
    order = [
        "## Название 3",
        "Зачем это директору.",
        f"**funnel-3, 3{NBSP}балла.** Вопрос 3",
        "show(funnel.stages(company))",
        'check("funnel-3", answer)',
    ]
    assert [text.count(words) for words in order] == [1] * 5
    assert sorted(order, key=text.index) == order


def test_cell_ids_are_positions(tasks):
    cells = parse(EXERCISE, "02_funnel.py")
    notebook = expand.exercise(cells, "funnel", solved=False)
    assert [c.id for c in notebook.cells] == [
        f"c{i:02d}" for i in range(1, len(notebook.cells) + 1)
    ]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("task funnel-3", "task funnel-4"), "нет задания funnel-3"),
        (("task funnel-3", "task funnel-2"), "нет задания funnel-3"),
        (("%% ask funnel-3", "%% ask funnel-9"), "нет задания funnel-9"),
        (("%% ask funnel-3", "%% ask funnel-1"), "ниже ответа"),
        (('answer = {"КП": 4.0}', "x = 1"), "в answer"),
        (('answer = {"КП": 4.0}', "answer = ("), "не разбирается"),
    ],
)
def test_an_exercise_that_does_not_match_its_unit_is_refused(tasks, change, words):
    with pytest.raises(BuildError, match=words):
        expand.exercise(parse(EXERCISE.replace(*change), "02_funnel.py"), "funnel", solved=True)


def test_a_task_that_stands_twice_is_refused(tasks):
    text = EXERCISE + "\n# %% task funnel-2\n# решение\nanswer = 1\n# конец решения\n"
    with pytest.raises(BuildError, match="дважды"):
        expand.exercise(parse(text, "02_funnel.py"), "funnel", solved=False)


def test_a_solution_line_repeated_in_the_open_is_a_leak(tasks):
    line = 'answer = {"Что": "а", "Сколько": 7.9}'
    leaky = EXERCISE.replace("company = my_company()", f"company = my_company()\n{line}")
    cells = parse(leaky, "02_funnel.py")
    with pytest.raises(BuildError, match="видна студенту"):
        forbid_leaks(cells, expand.exercise(cells, "funnel", solved=False))


def test_a_lesson_has_no_place_for_solutions():
    with pytest.raises(BuildError, match="не в уроке"):
        expand.lesson(parse("# %%\n# решение\nx = 1\n# конец решения\n", "02_funnel.py"))


def test_slides_and_folded_code_reach_the_metadata():
    notebook = expand.lesson(parse("# %% subslide hidden\nx = 1\n", "a.py"))
    metadata = notebook.cells[0].metadata
    assert metadata["slideshow"] == {"slide_type": "subslide"}
    assert metadata["jupyter"] == {"source_hidden": True}


# Execution and staleness -------------------------------------------------------------------

LESSON = '# %% [markdown]\n"""\nУрок\n"""\n\n# %%\nx = 2\nprint(x + 2)\n'


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A course of one lesson, built."""
    (tmp_path / "notebooks/src").mkdir(parents=True)
    (tmp_path / "notebooks/src/00_start.py").write_text(LESSON, encoding="utf-8")
    monkeypatch.setattr("salescourse.authoring.notebooks.build_environment", dict)
    assert build(root=tmp_path) == ["notebooks/00_start.ipynb"]
    return tmp_path


def test_a_built_course_is_fresh_and_building_again_changes_no_byte(course):
    before = (course / "notebooks/00_start.ipynb").read_bytes()
    assert build(check=True, root=course) == []
    assert build(root=course) == []
    assert (course / "notebooks/00_start.ipynb").read_bytes() == before


@pytest.mark.parametrize(
    "harm",
    [
        ("Урок", "Другой урок"),
        ('"4\\n"', '"5\\n"'),
        ('"execution_count": 1', '"execution_count": 7'),
        ('"id": "c01"', '"id": "c09"'),
        ('"display_name": "Python 3 (ipykernel)"', '"display_name": "conda"'),
        ('"cells"', '"cels"'),
        ("{", "["),
    ],
)
def test_check_names_a_notebook_that_was_touched_by_hand(course, harm):
    path = course / "notebooks/00_start.ipynb"
    text = path.read_text(encoding="utf-8")
    assert harm[0] in text
    path.write_text(text.replace(harm[0], harm[1], 1), encoding="utf-8")
    touched = path.read_bytes()
    assert build(check=True, root=course) == ["notebooks/00_start.ipynb"]
    assert path.read_bytes() == touched


def test_check_names_a_changed_source_a_missing_and_an_orphan_notebook(course):
    source = course / "notebooks/src/00_start.py"
    source.write_text(LESSON.replace("x = 2", "x = 3"), encoding="utf-8")
    assert build(check=True, root=course) == ["notebooks/00_start.ipynb"]
    source.rename(source.with_name("01_structure.py"))
    assert build(check=True, root=course) == [
        "notebooks/01_structure.ipynb",
        "notebooks/00_start.ipynb",
    ]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("1 / 0", "не выполнилась"),
        ("import sys\nsys.stderr.write('ой')", "stderr"),
        ("object()", "меняется от запуска"),
    ],
)
def test_a_cell_that_fails_warns_or_changes_every_run_stops_the_build(
    tmp_path, monkeypatch, code, words
):
    monkeypatch.setattr("salescourse.authoring.notebooks.build_environment", dict)
    notebook = expand.lesson(parse(f"# %%\n{code}\n", "a.py"))
    with pytest.raises(BuildError, match=words):
        run(notebook, tmp_path / "a.ipynb")


def test_lessons_survive_a_jupytext_round_trip(course):
    """An author edits the .ipynb; the source written back builds the same notebook."""
    import jupytext

    notebook = jupytext.read(course / "notebooks/00_start.ipynb")
    back = jupytext.writes(notebook, fmt="py:percent")
    cells = parse(back[back.index("# %%") :], "00_start.py")
    again, before = expand.lesson(cells), expand.lesson(parse(LESSON, "00_start.py"))
    assert [c.source for c in again.cells] == [c.source for c in before.cells]


def test_writing_ends_lines_the_same_way_everywhere(tmp_path):
    path = tmp_path / "папка с пробелом" / "урок.ipynb"
    notebook = expand.lesson(parse(LESSON, "a.py"))
    assert write(path, notebook) and not write(path, notebook)
    assert b"\r" not in path.read_bytes() and "Урок".encode() in path.read_bytes()


# Typography --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("через 30 дней", f"через 30{NBSP}дней"),
        ("7,4 % лидов", f"7,4{NBSP}% лидов"),
        ("1 250 000 ₽", f"1{NBSP}250{NBSP}000{NBSP}₽"),
        ("лид — заявка", f"лид{NBSP}— заявка"),
        ("у соседа и в поле", f"у{NBSP}соседа и{NBSP}в{NBSP}поле"),
        ("`a — b` — код", f"`a — b`{NBSP}— код"),
        ("- пункт\n- ещё", "- пункт\n- ещё"),
        ("в 2026 году", f"в{NBSP}2026 году"),
    ],
)
def test_spaces_that_must_not_break_a_line(typed, printed):
    assert nbsp(typed) == printed
    assert nbsp(printed) == printed
