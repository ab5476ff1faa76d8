"""What a student calls: company, check, hints, progress, journal, the file to send."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from html import unescape
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

import salescourse
from salescourse import journal, output, records, replies, session, units
from salescourse.answers import Absolute, Choice, Number, Parts, Person, Table, Text
from salescourse.codes import from_number
from salescourse.company import Company
from salescourse.errors import StudentError
from salescourse.records import MIME
from salescourse.session import check, hint, how, my_company, progress, question, submit
from salescourse.tasks import Mistake, Task
from salescourse.workplace import find_code, save_code, student_folder

CODE, OTHER = "ROP-7F3A-K", from_number(54_321)


def sellers(company: Company) -> dict[int, str]:
    people = company.employees[company.employees["role"] == "МОП-универсал"]
    return dict(zip(people["employee_id"], people["fio"], strict=True))


def leads_share(company: Company) -> float:
    return 100 * float((company.leads["source"] == "сайт").mean())


TASKS = (
    Task(
        id="funnel-1",
        title="Заявки с сайта",
        question="Какая доля заявок с сайта?",
        kind=Number("%", Absolute(0.1)),
        truth=leads_share,
        estimator="заявки с сайта / все заявки",
        mistakes=(Mistake("rest", lambda c: 100 - leads_share(c), "Это доля остальных."),),
        hints=("Посчитайте заявки.", "Поделите на все."),
        points=2,
    ),
    Task(
        id="funnel-2",
        title="Кто",
        question="Кто первый по номеру?",
        kind=Person(sellers),
        truth=lambda company: min(sellers(company)),
        estimator="наименьший номер",
    ),
    Task(
        id="funnel-3",
        title="Части",
        question="Заполните.",
        kind=Parts(
            {
                "причина": (Choice((("speed", "Скорость"), ("price", "Цена <b>"))), 2),
                "доля": (Number("%", Absolute(1)), 1),
            }
        ),
        truth=lambda company: {"причина": "speed", "доля": 30},
        estimator="дано",
        points=3,
        details=lambda company: f"Город — **{company.city}**.",
    ),
    Task(
        id="funnel-4",
        title="Таблица",
        question="Заполните.",
        kind=Table(("КП", "Оплата"), Number("%", Absolute(1))),
        truth=lambda company: {"КП": 40, "Оплата": 60},
        estimator="дано",
        hints=("Одна.",),
    ),
    Task(
        id="funnel-5",
        title="Сломано",
        question="Сколько?",
        kind=Number(),
        truth=lambda company: 1 / 0,
        estimator="никак",
    ),
    Task(
        id="funnel-6",
        title="Решение",
        question="Что делаем?",
        kind=Text("Рубрика"),
        truth=lambda company: None,
        estimator="рубрика",
        points=2,
    ),
)


@pytest.fixture(autouse=True)
def course(student_folder, monkeypatch) -> Path:
    """Sample tasks, a fresh kernel's session, an empty folder."""
    module = SimpleNamespace(TASKS=TASKS)
    monkeypatch.setattr(units, "_module", {"funnel": module, "start": None}.get)
    restart(monkeypatch)
    return student_folder


def restart(monkeypatch) -> None:
    monkeypatch.setattr(session, "SESSION", session.Session())


@pytest.fixture
def shell():
    """A real IPython."""
    made = InteractiveShell.instance()
    yield made
    InteractiveShell.clear_instance()
    made.history_manager.end_session()


@pytest.fixture
def opened(capsys) -> Company:
    company = my_company(CODE)
    capsys.readouterr()
    return company


def shown(capsys, command, *args) -> str:
    """What a command prints outside IPython, with plain spaces."""
    capsys.readouterr()
    command(*args)
    return capsys.readouterr().out.replace("\u00a0", " ").strip()


def bundles(command, *args) -> list[dict]:
    with capture_output() as caught:
        command(*args)
    return [output.data for output in caught.outputs]


# The company --------------------------------------------------------------------------------


def test_my_company_prints_a_card_and_returns_the_tables(capsys):
    company = my_company(CODE.lower())
    assert f"Код: {CODE}" in capsys.readouterr().out
    assert company.code == CODE
    assert len(company.leads) > 1000


def test_the_code_is_kept_in_the_folder_and_found_from_below(course, opened, monkeypatch):
    below = course / "Задания"
    below.mkdir()
    monkeypatch.chdir(below)
    assert my_company().code == CODE
    assert student_folder() == course
    assert find_code(below) is None


def test_the_environments_code_goes_before_the_folders(opened, monkeypatch):
    monkeypatch.setenv("SALESCOURSE_CODE", OTHER)
    assert my_company().code == OTHER


def test_without_a_code_the_student_is_told_what_to_type():
    with pytest.raises(StudentError, match=r'my_company\("ROP-7F3A-K"\)'):
        my_company()


@pytest.mark.parametrize("content", ["", "мусор", "ROP-7F3A-X", "\x00" * 500])
def test_a_damaged_code_file_is_as_none(course, content):
    save_code(course, CODE)
    (course / ".salescourse/code.txt").write_text(content, encoding="utf-8")
    assert find_code(course) is None


def test_a_code_file_edited_in_notepad_is_read(course):
    save_code(course, CODE)
    (course / ".salescourse/code.txt").write_bytes(b"\xef\xbb\xbf" + CODE.encode() + b"\r\n")
    assert find_code(course) == CODE


@pytest.mark.parametrize("name", ["CI", "SALESCOURSE_BUILD"])
def test_a_build_leaves_nothing_in_the_folder(course, monkeypatch, name):
    monkeypatch.setenv(name, "1")
    my_company(CODE)
    check("funnel-2", 105)
    assert list(course.iterdir()) == []


def test_nothing_a_student_does_to_their_tables_changes_a_mark(opened, capsys):
    truth, print_of = leads_share(opened), opened.fingerprint
    for name in list(opened.tables):
        frame = opened.tables[name]
        for column in frame:
            values = frame[column].array
            inside = getattr(values, "_data", getattr(values, "_ndarray", values))
            for array in (inside, getattr(values, "_codes", None), getattr(values, "_mask", None)):
                if hasattr(array, "setflags"):
                    array.setflags(write=True)
                    array[:] = array[:1].copy()
        del frame[frame.columns[-1]]
    opened._memo.clear()
    opened.code = OTHER
    assert leads_share(opened) != pytest.approx(truth)
    assert shown(capsys, check, "funnel-1", truth).startswith("Верно")
    assert session.SESSION.company.fingerprint == print_of


# check --------------------------------------------------------------------------------------


def test_check_before_the_company_says_which_cell_to_run(capsys):
    assert shown(capsys, check, "funnel-1", 5).startswith("Сначала запустите ячейку с `company")
    assert shown(capsys, progress).startswith("Сначала запустите")
    assert shown(capsys, submit).startswith("Сначала запустите")


def test_an_unknown_task_gets_the_nearest(opened, capsys):
    assert "имели в виду «funnel-1»" in shown(capsys, check, "funel-1", 5)


@pytest.mark.parametrize("args", [(), (5,), (None, 5), ([], []), (pd.DataFrame(),)])
def test_a_call_without_a_task_is_answered(opened, capsys, args):
    assert "номер задания" in shown(capsys, check, *args).casefold()


def test_an_answer_is_judged_at_once(opened, capsys):
    truth = leads_share(opened)
    assert shown(capsys, check, "funnel-1", truth).startswith("Верно: ")
    assert shown(capsys, check, "funnel-1", 100 - truth) == "Пока нет. Это доля остальных."
    assert shown(capsys, check, "funnel-3", {"причина": "а", "доля": 9}).startswith("Частично")
    assert shown(capsys, check, "funnel-1", ...).startswith("Ещё не решено")
    assert shown(capsys, check, "funnel-1", "кит").startswith("Не понял ответ «кит»")


def test_an_error_of_the_course_is_told_as_ours_and_the_answer_kept(opened, capsys):
    said = shown(capsys, check, "funnel-5", 7)
    assert "ошибка в самом курсе, не у вас" in said
    assert f"funnel-5, {CODE}, ZeroDivisionError" in said
    assert session.SESSION.answers()["funnel-5"].answer == 7
    assert "Проверит преподаватель" in shown(capsys, progress)


def test_an_error_of_the_course_breaks_a_build(opened, monkeypatch):
    monkeypatch.setenv("SALESCOURSE_BUILD", "1")
    with pytest.raises(ZeroDivisionError):
        check("funnel-5", 7)


# The output and its record ------------------------------------------------------------------


def test_one_call_leaves_one_output_with_its_record(shell, opened):
    (data,) = bundles(check, "funnel-2", 105)
    assert set(data) == {"text/html", "text/plain", MIME}
    assert data[MIME] == {
        "schema": 1,
        "task": "funnel-2",
        "code": CODE,
        "answer": 105,
        "edition": opened.edition,
        "data": opened.fingerprint,
    }
    attribute = re.search(r'data-salescourse="([^"]*)"', data["text/html"])[1]
    assert json.loads(unescape(attribute)) == data[MIME]


@pytest.mark.parametrize("raw", [..., "", "кит", None])
def test_an_answer_that_is_none_leaves_no_record(shell, opened, raw):
    check("funnel-1", 50)
    (data,) = bundles(check, "funnel-1", raw)
    assert MIME not in data
    assert "data-salescourse" not in data["text/html"]
    assert session.SESSION.answers()["funnel-1"].answer == 50


def test_the_same_calls_give_the_same_outputs(shell, opened, monkeypatch):
    def run() -> list:
        out = bundles(check, "funnel-3", ("б", 7, 9)) + bundles(hint, "funnel-1")
        return out + bundles(progress) + bundles(question, "funnel-3")

    first = run()
    restart(monkeypatch)
    my_company(CODE)
    assert run() == first


ANSWERS = [
    ("funnel-1", (12.5,)),
    ("funnel-1", ("0,5 %",)),
    ("funnel-1", (12, 5)),
    ("funnel-2", ("105",)),
    ("funnel-3", ("а", 7, 9)),
    ("funnel-3", ({"причина": "Цена", "доля": ...},)),
    ("funnel-4", ([40, 10],)),
    ("funnel-4", ({"КП": ..., "Оплата": "60 %"},)),
]


@pytest.mark.parametrize(("task", "answer"), ANSWERS)
def test_a_record_is_worth_what_check_said(shell, opened, task, answer):
    (data,) = bundles(check, task, *answer)
    record = records.read(json.loads(json.dumps(data[MIME])))
    outcome = records.judge(record, units.find(task), Company.generate(record.code))
    assert data["text/plain"].startswith(outcome.text.partition(" Прочитал")[0])


def test_a_strangers_json_is_no_record():
    good = {"schema": 1, "task": "funnel-1", "code": CODE, "answer": 5, "edition": 1, "data": "ab"}
    assert records.read(good).answer == 5
    for key, value in [
        ("schema", 2),
        ("task", "funnel.1"),
        ("task", 5),
        ("code", "ROP-7F3A-X"),
        ("edition", "1"),
        ("edition", True),
        ("data", None),
        ("data", "a" * 100),
    ]:
        assert records.read({**good, key: value}) is None, key
    assert records.read({k: v for k, v in good.items() if k != "answer"}) is None
    assert records.read([good]) is None


@pytest.mark.parametrize(
    "line", ["", "{", "NaN", "[" * 5000, '{"schema": 1}', '"' + "a" * 30_000 + '"', b"\xff\xfe"]
)
def test_a_damaged_line_is_no_record(line):
    assert records.parse(line) is None


def test_not_a_number_is_refused_inside_a_record():
    line = f'{{"schema":1,"task":"funnel-1","code":"{CODE}","answer":NaN,"edition":1,"data":""}}'
    assert records.parse(line) is None
    assert records.parse(line.replace("NaN", "5")) is not None


def test_an_answer_is_escaped_wherever_it_is_shown(shell, opened):
    (data,) = bundles(check, "funnel-1", '<script>alert("1")</script>')
    assert "<script" not in data["text/html"]
    assert "&lt;script&gt;" in data["text/html"]
    (data,) = bundles(check, "funnel-<b>", 5)
    assert "<b>" not in data["text/html"]


# Readable in both themes --------------------------------------------------------------------

THEMES = {  # JupyterLab 4: background, then --jp-ui-font-color1 and 2 laid over it
    "light": ((255, 255, 255), {"1": (0, 0.87), "2": (0, 0.54)}),
    "dark": ((17, 17, 17), {"1": (255, 0.87), "2": (255, 0.54)}),
}


def contrast(one: tuple, other: tuple) -> float:
    """WCAG 2.2: relative luminance of two colours."""

    def luminance(colour: tuple) -> float:
        parts = [c / 255 for c in colour]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", THEMES)
def test_every_ink_is_readable_in_both_themes(shell, opened, theme):
    html = "".join(
        data["text/html"]
        for command, args in [(check, ("funnel-1", 5)), (progress, ()), (hint, ("funnel-1",))]
        for data in bundles(command, *args)
    )
    inks = set(re.findall(r"[;\"]color:([^;\"]+)", html))
    assert inks == {"var(--jp-ui-font-color1,inherit)", "var(--jp-ui-font-color2,inherit)"}
    assert "background" not in html
    page, colours = THEMES[theme]
    for number in re.findall(r"color(\d)", " ".join(inks)):
        grey, share = colours[number]
        ink = tuple(round(grey * share + c * (1 - share)) for c in page)
        assert contrast(ink, page) >= 4.5


@pytest.mark.parametrize(
    ("kind", "word"),
    [("верно", "Верно"), ("частично", "Частично"), ("пока нет", "Пока нет"),
     ("не решено", "Ещё не решено"), ("не понял", "Не понял ответ")],
)  # fmt: skip
def test_an_outcome_carries_a_word_and_an_icon_of_its_own(kind, word):
    html = replies.framed(kind, f"{word}. Далее.")
    assert f"<b>{word}</b>" in html
    icons = [icon for icon, _ in replies.LOOKS.values()]
    assert len(set(icons)) == len(icons)
    icon = replies.LOOKS[kind][0]
    assert re.search(rf'<span aria-hidden="true"[^>]*>{re.escape(icon)}</span>', html)


def test_a_console_without_a_rouble_sign_is_printed_to(monkeypatch, tmp_path):
    with (tmp_path / "out").open("w", encoding="cp1251") as console:
        monkeypatch.setattr(sys, "stdout", console)
        output.to_console("Верно: −5\u00a0₽ → 7")
    assert (tmp_path / "out").read_text(encoding="cp1251") == "Верно: -5 руб. -> 7\n"


# Hints, questions, workings -----------------------------------------------------------------


def test_hints_go_one_further_at_each_call_and_stay_at_the_last(capsys):
    said = [shown(capsys, hint, "funnel-1") for _ in range(3)]
    assert said[0] == "Подсказка 1 из 2. Посчитайте заявки."
    assert said[1] == said[2] == "Подсказка 2 из 2, последняя. Поделите на все."


def test_a_task_without_hints_says_so(capsys):
    assert "подсказок нет" in shown(capsys, hint, "funnel-2")


def test_hints_of_one_task_do_not_use_up_anothers(capsys):
    shown(capsys, hint, "funnel-1")
    assert shown(capsys, hint, "funnel-4") == "Подсказка 1 из 1. Одна."


def test_a_question_shows_what_is_this_companys_own(opened, capsys):
    said = shown(capsys, question, "funnel-3")
    assert f"Город — {opened.city}." in said
    assert "- б) Цена <b>" in said
    surname = next(iter(sellers(opened).values())).split()[0]
    assert surname in shown(capsys, question, "funnel-2")


def test_a_question_without_a_part_of_its_own_is_shown_whole(capsys):
    assert shown(capsys, question, "funnel-1").endswith("Какая доля заявок с сайта?")


def helper(company):
    """Доля по этапам.

    company — компания
    """


@pytest.mark.parametrize(
    "working",
    [
        ("rows / 2", "=A1/2"),
        SimpleNamespace(pandas="rows / 2", excel="=A1/2"),
        {"pandas": "rows / 2", "excel": "=A1/2"},
    ],
)
def test_a_helper_shows_its_pandas_line_and_the_excel_way(capsys, monkeypatch, working):
    monkeypatch.setattr(helper, "working", working, raising=False)
    said = shown(capsys, how, helper)
    assert said.splitlines() == [
        "helper: Доля по этапам.", "pandas:", "rows / 2", "Excel:", "=A1/2"
    ]  # fmt: skip


@pytest.mark.parametrize("working", [None, 5, ("одна",), (1, 2), object()])
def test_a_helper_without_a_working_says_so(capsys, monkeypatch, working):
    monkeypatch.setattr(helper, "working", working, raising=False)
    said = shown(capsys, how, helper)
    assert "разбора нет" in said or said.endswith("одна")


@pytest.mark.parametrize("thing", [None, "funnel.stages", 5, pd.DataFrame(), session])
def test_how_of_no_helper_says_how_to_ask(capsys, thing):
    assert "без кавычек и без скобок" in shown(capsys, how, thing)


# Journal, progress, submit ------------------------------------------------------------------


def test_progress_survives_a_restart(opened, capsys, monkeypatch):
    check("funnel-1", leads_share(opened))
    check("funnel-4", [40, 1])
    before = shown(capsys, progress)
    restart(monkeypatch)
    my_company()
    assert shown(capsys, progress) == before
    assert re.search(r"funnel-1 · Заявки с сайта +Верно +2 из 2", before)
    assert re.search(r"funnel-4 · Таблица +Частично +0,5 из 1", before)
    assert "Набрано 2,5 из 8 баллов." in before
    assert "Ещё 2 — за письменные ответы" in before


def test_the_last_answer_counts_even_if_it_is_worse(opened, capsys):
    check("funnel-1", leads_share(opened))
    check("funnel-1", 1.5)
    assert re.search(r"funnel-1 .*Пока нет +0 из 2", shown(capsys, progress))


def test_another_company_does_not_mix_with_the_first(opened, capsys):
    check("funnel-2", 105)
    my_company(OTHER)
    assert session.SESSION.answers() == {}
    check("funnel-2", 106)
    my_company(CODE)
    assert session.SESSION.answers()["funnel-2"].answer == 105


def test_an_answer_on_other_data_is_told_to_be_given_again(opened, capsys):
    check("funnel-2", 105)
    path = journal.path_in(Path.cwd())
    path.write_text(path.read_text("utf-8").replace(opened.fingerprint, "00000000"), "utf-8")
    assert "на прежних данных" in shown(capsys, progress)


@pytest.mark.parametrize(
    "damage",
    [
        b"{",
        b"\xff\xfe\x00",
        b"\x00" * 100,
        b"[" * 100_000 + b"\n",
        b"x" * 3_000_000,
        b'{"schema": 1, "task": "funnel-2"}\n',
        b"\r\n\r\n",
    ],
)
def test_a_damaged_journal_loses_nothing_else(opened, damage):
    check("funnel-1", 5)
    path = journal.path_in(Path.cwd())
    with path.open("ab") as file:
        file.write(damage)
    check("funnel-2", 106)
    with path.open("ab") as file:
        file.write(damage)
    check("funnel-2", 105)
    kept = [(r.task, r.answer) for r in journal.read(Path.cwd())]
    assert kept == [("funnel-1", 5), ("funnel-2", 106), ("funnel-2", 105)]


def test_a_torn_last_line_does_not_take_the_next_answer_along(opened):
    check("funnel-1", 5)
    path = journal.path_in(Path.cwd())
    path.write_bytes(path.read_bytes() + path.read_bytes()[:40])
    check("funnel-2", 105)
    assert [r.task for r in journal.read(Path.cwd())] == ["funnel-1", "funnel-2"]


def test_two_kernels_write_one_journal(opened, tmp_path):
    code = (
        "from salescourse import journal, records; from pathlib import Path\n"
        "for i in range(200): journal.append(Path('.'), records.Record(1, 'funnel-1', "
        f"'{CODE}', i, 1, 'x' * 60))"
    )
    running = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(3)]
    assert [process.wait() for process in running] == [0, 0, 0]
    assert len(list(journal.read(Path.cwd()))) == 600


def test_without_a_journal_answers_are_remembered_while_the_kernel_lives(
    opened, course, monkeypatch
):
    monkeypatch.setenv("SALESCOURSE_JOURNAL", "0")
    check("funnel-2", 105)
    assert not journal.path_in(course).exists()
    assert session.SESSION.answers()["funnel-2"].answer == 105


def test_a_folder_that_takes_no_journal_stops_nobody(opened, course, capsys):
    journal.path_in(course).mkdir()
    assert shown(capsys, check, "funnel-2", min(sellers(opened))).startswith("Верно")
    assert session.SESSION.answers()["funnel-2"].task == "funnel-2"


def test_a_folder_deleted_under_the_kernel_stops_nobody(opened, tmp_path, monkeypatch, capsys):
    gone = tmp_path / "удалена"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert shown(capsys, check, "funnel-2", min(sellers(opened))).startswith("Верно")
    assert "нельзя писать" in shown(capsys, submit)
    monkeypatch.chdir(tmp_path)


def test_submit_packs_the_last_answers_into_one_file(opened, course, capsys):
    check("funnel-1", 5)
    check("funnel-4", [40, 60])
    check("funnel-1", 6)
    said = shown(capsys, submit)
    assert f"«Ответы {CODE}.json» лежит рядом с тетрадью, в нём 2 ответа" in said
    assert "Нет ответа: funnel-2, funnel-3, funnel-5." in said
    packed = json.loads((course / f"Ответы {CODE}.json").read_text(encoding="utf-8"))
    assert (packed["code"], packed["data"]) == (CODE, opened.fingerprint)
    assert [(r["task"], r["answer"]) for r in packed["records"]] == [
        ("funnel-1", 6),
        ("funnel-4", {"КП": 40, "Оплата": 60}),
    ]
    assert all(records.read(record) for record in packed["records"])


def test_submit_with_no_answers_packs_nothing(opened, course, capsys):
    assert "Собирать пока нечего" in shown(capsys, submit)
    assert not list(course.glob("*.json"))


def test_submit_where_nothing_can_be_written_says_what_to_do(opened, course, capsys):
    check("funnel-1", 5)
    (course / f"Ответы {CODE}.json").mkdir()
    assert "нельзя писать" in shown(capsys, submit)


# The star -----------------------------------------------------------------------------------


def test_the_star_brings_the_names_a_student_types_and_no_more():
    names: dict = {}
    exec("from salescourse import *", names)  # noqa: S102
    names.pop("__builtins__")
    assert set(names) == set(salescourse.__all__)
    assert names["check"] is check
    assert names["Company"] is Company


def test_no_name_shadows_a_builtin():
    assert not set(salescourse.__all__) & set(dir(__import__("builtins")))


def test_the_star_imports_nothing_heavy():
    code = (
        "import sys; from salescourse import *; print([m for m in ('matplotlib', 'ipywidgets', "
        "'faker', 'scipy', 'IPython', 'salescourse.tasks', 'salescourse.units.funnel') "
        "if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


def test_the_star_reads_no_subject_before_it_is_used():
    code = (
        "import sys; from salescourse import *; "
        "read = lambda: [m for m in sys.modules if m.startswith('salescourse.ladder')]; "
        "print(len(read()), callable(ladder.leading), 'leading' in dir(ladder), len(read()) > 1)"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.split() == ["0", "True", "True", "True"]


def test_an_unknown_name_is_an_ordinary_error():
    with pytest.raises(AttributeError, match="chek"):
        _ = salescourse.chek


@pytest.mark.parametrize(
    ("typed", "words"),
    [("", "Впишите номер задания в кавычках"), ("funnel", "В разделе funnel: funnel-1, funnel-2")],
)
def test_a_task_without_its_number_is_told_what_to_add(capsys, typed, words):
    session.hint(typed)
    assert words in capsys.readouterr().out.replace("\u00a0", " ")
