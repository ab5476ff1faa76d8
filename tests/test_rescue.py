"""What breaks in a student's cell is met in Russian, in a real IPython."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from salescourse import rescue, session

STAR = "from salescourse import *"
FIRM = f"{STAR}\ncompany = Company.generate('ROP-7F3A-K')"
ORIGINAL = "\nИсходное сообщение: "


@pytest.fixture
def shell(student_folder, monkeypatch):
    """A student's IPython before the first cell."""
    monkeypatch.setattr(session, "SESSION", session.Session())
    made = InteractiveShell.instance()
    yield made
    InteractiveShell.clear_instance()
    made.history_manager.end_session()


def run(shell, *cells: str) -> dict:
    """The output of the last cell, which must break; the ones before must not."""
    for cell in cells[:-1]:
        with capture_output() as caught:
            assert shell.run_cell(cell).success, caught.stdout
    with capture_output() as caught:
        result = shell.run_cell(cells[-1])
    assert not result.success
    assert caught.stdout + caught.stderr == ""
    (output,) = caught.outputs
    return output.data


def said(shell, *cells: str) -> str:
    """The Russian message alone, with plain spaces."""
    text = run(shell, *cells)["text/plain"].replace("\u00a0", " ")
    return text.partition(ORIGINAL)[0]


def assert_russian(message: str) -> None:
    assert re.match(r"[«А-ЯЁ]|Python |[a-z_]+ ", message)
    assert not re.search(r"Error|Traceback|invalid|object|None\b", message)
    assert "!" not in message


# Lines that are no Python -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("x = 8,5 %", "напишите 8.5."),
        ("answer = 8.5%", 'напишите 8.5 или "8.5 %"'),
        ('check("funnel-1", 8,5 %)', 'напишите 8.5 или "8,5 %"'),
        ("x = 8,05", "вместо 8,05 напишите 8.05."),
        ("x = 1 250 000", "напишите 1250000."),
        ("x = 1\u00a0250\u00a0000", "напишите 1250000"),
        ("check('a', 1 250 000,50 ₽)", 'напишите 1250000.50 или "1 250 000,50 ₽"'),
        ("x = 1,2 млн", "напишите 1200000."),
        ("check('a', 1,2 млн)", 'Возьмите в кавычки: "1,2 млн"'),
        ("x = 50_000 ₽", "напишите 50_000."),
        ("x = 5 кг", "оставьте 5."),
        ("check('a', 5 кг)", 'оставьте 5 или возьмите всё в кавычки: "5 кг"'),
        ("x = “Иванова”", 'Так: x = "Иванова"'),
        ("x = «Иванова»", 'Так: x = "Иванова"'),
        ("x = „Иванова“", 'Так: x = "Иванова"'),
        ('x = "Иванова', "Не закрыта кавычка"),
        ("x = 'Иванова\"", "Не закрыта кавычка"),
        ('check("funnel-1", 8.5', "Не закрыта скобка «(»"),
        ('check("funnel-1", 8.5))', "Лишняя скобка «)»"),
        ("x = [1, 2)", "открыта «[», а закрыта «)»"),
        ('x = {"а": 1 "б": 2}', "пропущена запятая"),
        ('x = {"а": , "б": 2}', "после двоеточия нет значения"),
        ('check("funnel-1", ... 8.5)', "Многоточие стоит вместо ответа"),
        ('check("funnel-1", 8.5 ...)', "Многоточие стоит вместо ответа"),
        ('check("funnel-1", 8;5)', "разделяют запятой"),
        ("x = 3 × 2", "Знак «×» Python не понимает: наберите «*»"),
        ("x = 3 – 2", "Знак «–» Python не понимает: наберите «-»"),
        ("x = 5\u200b", "невидимый знак"),
        ("№ = 5", "Знак «№» здесь лишний"),
        ("fоr i in x: pass", "русская буква «о»"),
        ("if x = 5:\n    pass", "два знака равно"),
        ("if x\n    pass", "не хватает двоеточия"),
        ("x = 1\n  y = 2", "выровняйте её с соседними. Строка 2."),
        ("for i in x:\ny = 2", "четырёх пробелов"),
        ("funnel-1 = 8.5", "Слева от «=» должно стоять имя"),
        ("x = ", "обрывается на полуслове"),
        ("x = 012", "не начинают с нуля"),
        ("funnel.stages(company, 2026-11-02)", 'Дату берут в кавычки: "2026-11-02".'),
        ('print "x"', "берут в скобки"),
        ("x = = 5 5", "Проверьте скобки, кавычки и запятые"),
    ],
)
def test_a_line_of_a_russian_keyboard_is_told_what_to_type(shell, cell, words):
    message = said(shell, STAR, cell)
    assert words in message
    assert_russian(message)


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        (
            'check("pricing-1", {"кто": "б, в, е", "доля": 35,1})',
            'вместо 35,1 напишите 35.1 или "35,1"',
        ),
        ('x = {"фактически": 26,96, "ещё": 3}', "вместо 26,96 напишите 26.96."),
        ('x = {\n    "доля": 35,1,\n    "ещё": 3,\n}', "35.1. Строка 2."),
        ('check("a", {"от": -179, 1053})', "в круглых скобках: (-179, 1053). Если это одно число"),
        ('check("a", {"от": -179,-53})', "в круглых скобках: (-179, -53)."),
        ('check("a", {"от": 1.5, 3.4, "до": 3})', "в круглых скобках: (1.5, 3.4)."),
        ('check("a", {"от": 5, "до"})', "нужно двоеточие"),
    ],
)
def test_a_number_in_braces_is_told_apart_from_two(shell, cell, words):
    message = said(shell, STAR, cell)
    assert words in message
    assert_russian(message)


@pytest.mark.parametrize(
    ("cell", "quoted"),
    [
        ("check('a', 5,76 %)", True),
        ("check(\n    'a',\n    (5,76 %),\n)", True),
        ("answer = {\n    'доля': 5,76 %,\n}", True),
        ("answer = 5\nx = 5,76 %", False),
        ("funnel.stages(5,76 %)", False),
        ("check('a', funnel.stages(5,76 %))", False),
    ],
)
def test_quotes_are_offered_only_where_an_answer_takes_them(shell, cell, quoted):
    message = said(shell, STAR, cell)
    assert "напишите 5.76" in message
    assert ("5,76 %" in message) is quoted


def test_a_mended_line_does_not_run_into_its_number(shell):
    message = said(shell, STAR, "x = {\n    “фактически”: 27,\n}")
    assert message.startswith("Строка 2. Кавычки")
    assert message.endswith('Так: "фактически": 27,')


def test_quoted_text_is_never_blamed(shell):
    assert "скобка" in said(shell, STAR, 'check("8,5 %", "1 250 000 ₽"')


def test_an_ordinary_remainder_is_not_taken_for_per_cent(shell):
    with capture_output():
        assert shell.run_cell("x = 8 % 3").success


# Names --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ((STAR, "company.leads"), "запустите ячейку выше, где company = my_company()"),
        ((STAR, "chekc('funnel-1', 5)"), "Возможно, вы имели в виду check"),
        ((STAR, "сheck('funnel-1', 5)"), "русская буква «с»"),
        ((STAR, "срусл('funnel-1', 5)"), "набрано на русской раскладке: должно быть check"),
        ((STAR, "ыгиьше()"), "набрано на русской раскладке: должно быть submit"),
        ((STAR, "check('funnel-4', б)"), 'возьмите в кавычки: "б"'),
        ((STAR, "x = Иванова"), 'возьмите в кавычки: "Иванова"'),
        ((STAR, "x = true"), "Вместо true напишите True"),
        ((STAR, "pd.DataFrame()"), "import pandas as pd"),
        ((STAR, "my_share = 5", "my_shar + 1"), "Возможно, вы имели в виду my_share"),
        ((STAR, "months"), "запустите сначала её"),
        ((STAR, "funnel.stages(per=quote)"), '"quote"'),
        ((STAR, "dict(of=base_paid)"), 'возьмите в кавычки: "base_paid"'),
        ((STAR, "x = {}[source]"), 'возьмите в кавычки: "source"'),
        ((STAR, "len(owner_id)"), 'возьмите в кавычки: "owner_id"'),
        ((STAR, "months_left = 5", "dict(n=month_left)"), "имели в виду months_left"),
        ((STAR, "silent * 2"), "«silent» ещё нет"),
        ((STAR, "owner_id * 2"), "«owner_id» ещё нет"),
        ((STAR, "pirnt(5)"), "Возможно, вы имели в виду print"),
        ((STAR, "import pandaz"), "Возможно, вы имели в виду pandas"),
        ((STAR, "import seaborn_x"), "Библиотеки «seaborn_x» здесь нет"),
        ((STAR, "from salescourse import chek"), "from salescourse import *"),
    ],
)
def test_a_name_that_is_not_there_is_traced(shell, cells, words):
    message = said(shell, *cells)
    assert words in message
    assert_russian(message.replace("None", ""))


def test_a_command_before_the_first_cell_names_that_cell(shell):
    rescue.install()
    message = said(shell, "check('a', 5)")
    assert "запустите ячейку с from salescourse import *" in message
    assert "«Ваша фирма»" in message


# Tables and columns -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("company.leads['sourse']", "Возможно, вы имели в виду source («Источник»)"),
        ("company.leads['Источник']", "Возможно, вы имели в виду source («Источник»)"),
        ("company.leads['sоurce']", "Возможно, вы имели в виду source («Источник»)"),
        ("company.leads[['source', 'owner']]", "Возможно, вы имели в виду owner_id"),
        ("company.leads['source', 'owner_id']", "в двойных скобках"),
        ("company.leads.groupby('ownr_id').size()", "owner_id («Ответственный»)"),
        ("company.leads.sort_values('qqq')", "Есть: lead_id («Номер заявки»), created_at"),
        ("company.leads.query('sourse == 1')", "Возможно, вы имели в виду source"),
        ("company.leads.loc[company.leads.lead_id > 5, 'sourse']", "имели в виду source"),
        ("company.leads.loc[-5]", "Строки «-5» в таблице нет"),
        ("{'а': 1}['б']", "Названия «б» здесь нет"),
        ("company.lead", "Возможно, вы имели в виду company.leads"),
        ("company.Заявки", "Возможно, вы имели в виду company.leads"),
        ("company.qqqq", "Есть: employees, leads"),
        ("company.leads.sourse", "Возможно, вы имели в виду source («Источник»)"),
        ("company.leads.grouby('source')", "Возможно, вы имели в виду .groupby"),
        ("company.leads.stages()", "funnel.stages(company)"),
        ("company.leads.deals", "у компании, а вы спросили у таблицы: company.deals"),
        ("funnel.stagess(company)", "Возможно, вы имели в виду funnel.stages"),
        (
            "company.leads[company.leads.source == 'сайт' and company.leads.owner_id == 3]",
            "соединяют знаками &",
        ),
    ],
)
def test_a_misspelt_column_or_table_gets_the_nearest(shell, cell, words):
    message = said(shell, FIRM, cell)
    assert words in message
    assert_russian(message)


def test_captions_seen_on_screen_lead_to_their_columns(shell):
    made = (
        f"{FIRM}\nimport pandas as pd\n"
        "rows = pd.DataFrame({'sold': [1], 'given': [2]})\n"
        "measures.captioned(rows, {'sold': 'Продано', 'given': 'Скидка'})"
    )
    assert "имели в виду given («Скидка»)" in said(shell, made, "rows['Скидка']")
    assert "Есть: sold («Продано»), given («Скидка»)." in said(shell, "rows['qqqq']")
    assert "имели в виду given («Скидка»)" in said(shell, "rows.скидка")


# Names overwritten, helpers called otherwise ------------------------------------------------


@pytest.mark.parametrize(
    ("before", "cell", "name", "now"),
    [
        ("check = 5", "check('funnel-1', 5)", "check", "число"),
        ("funnel = 5", "funnel.stages(company)", "funnel", "число"),
        ("funnel = company.leads", "funnel.by_month(company)", "funnel", "таблица"),
        ("show = 'x'", "show(company)", "show", "текст"),
        ("charts = None", "charts.funnel(company)", "charts", "пустое значение"),
    ],
)
def test_an_overwritten_name_is_named_and_brought_back(shell, before, cell, name, now):
    message = said(shell, FIRM, before, cell)
    assert message.startswith(f"Имя {name} занято: теперь в нём {now}")
    assert "from salescourse import *" in message
    with capture_output():
        assert shell.run_cell(STAR).success
        assert shell.run_cell(cell.replace("'funnel-1', 5", "'funnel-1', ...")).success


def test_an_overwritten_command_of_python_is_brought_back_too(shell):
    assert said(shell, FIRM, "len = 5", "len(company.leads)").endswith("строкой: del len")


@pytest.mark.parametrize("cell", ["company.leads", "funnel.stages(company)"])
def test_an_overwritten_company_is_to_be_made_again(shell, cell):
    message = said(shell, FIRM, "company = 5", cell)
    assert message.startswith("В company теперь не компания, а число")


@pytest.mark.filterwarnings("ignore::SyntaxWarning")
@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("funnel.stages()", "Для stages не хватает: company"),
        ("funnel.stages(company, month=[])", "Возможно, вы имели в виду months"),
        ("funnel.stages(company, 1, 2, 3)", "Зовут так: stages(company, months)"),
        ("funnel.stages(company.leads)", "stages ждёт первой компанию"),
        ("check(task='funnel-1', answer=5)", "Зовут так: check(task, answer)"),
        ("motivation.PayPlan(base=1, rate=0.1)", "Для PayPlan не хватает: plan_gp."),
        ("motivation.PayPlan(base=1, rate=0.1, plan=5)", "Возможно, вы имели в виду plan_gp"),
        ("hint(pricing-1)", 'Номер задания пишут в кавычках: hint("pricing-1").'),
        ("check(pricing-1, 5)", 'check("pricing-1", …)'),
        ("hint('funnel-1', 2)", "Зовут так: hint(task)"),
        ("funnel(company)", "после имени нужна точка"),
        ("company.leads()", "круглые скобки после неё не нужны"),
        ("funnel.stages[company]", "круглые скобки, а не квадратные"),
        ("check(funnel-1, 8.5)", "Номер задания пишут в кавычках"),
        ("100 * ...", "осталось многоточие"),
        ("round(100 * 7,4, 1)", "вместо 7,4 напишите 7.4"),
        ("(8,5) * 1.2", "напишите 8.5"),
        ("'5' + 5", "Текст и число вместе не считаются"),
        ("5(3)", "пропущен знак действия"),
        ("x = None\nx.foo", "Здесь пусто"),
        ("float('8,5')", "напишите 8.5 без кавычек"),
    ],
)
def test_a_helper_called_otherwise_says_how_it_is_called(shell, cell, words):
    message = said(shell, FIRM, cell)
    assert words in message
    assert_russian(message)


# Everything else ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("1 / 0", "Деление на ноль"),
        ("[1, 2][5]", "список короче"),
        ("open('нет.csv')", "Файла «нет.csv» нет"),
        ("def f(): f()\nf()", "зовёт сам себя"),
        ("raise MemoryError", "Не хватило памяти"),
        ("x = 1\nassert x == 2", "в строке 2: assert x == 2"),
        ("raise RuntimeError('boom')", "Ячейка не досчиталась"),
        ("class E(Exception):\n  def __str__(self): return 1 / 0\nraise E", "не досчиталась"),
        ("import asyncio\nawait asyncio.sleep(0)\n1 / 0", "Деление на ноль"),
    ],
)
def test_anything_else_gets_a_short_sentence(shell, cell, words):
    assert words in said(shell, STAR, cell)


def test_an_error_a_student_can_act_on_is_its_own_message(shell):
    data = run(shell, STAR, "my_company('ROP-7F3A-X')")
    assert data["text/plain"].startswith("В коде «ROP-7F3A-X» опечатка")
    assert "<details" not in data["text/html"]


def test_an_interruption_is_no_error(shell):
    data = run(shell, STAR, "raise KeyboardInterrupt")
    assert data["text/plain"].startswith("Расчёт остановлен")
    assert "<details" not in data["text/html"]


def test_the_original_is_folded_below_and_escaped(shell):
    data = run(shell, STAR, "raise RuntimeError('<script>alert(1)</script>')")
    html = data["text/html"]
    assert "<script" not in html
    folded = re.search(
        r"<details[^>]*><summary>Исходное сообщение</summary>.*</details>", html, re.S
    )
    assert "RuntimeError: &lt;script&gt;" in folded[0]
    assert "interactiveshell.py" not in folded[0]
    assert data["text/plain"].count("\n") == 1
    assert "Исходное сообщение: RuntimeError: <script>" in data["text/plain"]


def test_a_very_long_original_is_cut(shell):
    html = run(shell, STAR, "raise RuntimeError('щ' * 1_000_000)")["text/html"]
    assert len(html) < 40_000


@pytest.mark.parametrize(
    "cell",
    [
        "class M(type):\n  def __getattribute__(s, n): raise RuntimeError\n"
        "class X(metaclass=M): pass\ncheck = X\nX().foo",
        "class K(KeyError):\n  args = property(lambda s: 1 / 0)\nraise K('a')",
        "raise NameError",
        "raise KeyError",
        "raise AttributeError('x')",
        "raise SyntaxError",
        "raise TypeError",
        "raise ModuleNotFoundError",
        "raise FileNotFoundError",
        "raise ValueError('could not convert string to float: ' + 'x' * 9999)",
    ],
)
def test_an_odd_exception_does_not_break_the_handler(shell, cell):
    assert re.search("[а-я]", said(shell, STAR, cell))
    assert shell.custom_exceptions


def test_the_cell_still_counts_as_failed_so_that_run_all_stops(shell):
    with capture_output():
        shell.run_cell(STAR)
        assert shell.run_cell("1 / 0").error_in_exec is not None
        assert shell.run_cell("x = 8,5 %").error_before_exec is not None


@pytest.mark.parametrize("name", ["CI", "SALESCOURSE_BUILD"])
def test_authors_and_ci_see_the_traceback(shell, monkeypatch, name):
    monkeypatch.setenv(name, "1")
    with capture_output() as caught:
        shell.run_cell(STAR)
        shell.run_cell("1 / 0")
    assert caught.outputs == []
    assert "ZeroDivisionError" in caught.stdout
    assert not shell.custom_exceptions


def test_plain_python_sees_the_traceback(student_folder):
    code = "from salescourse import *; my_company('x')"
    out = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", code], capture_output=True, text=True, encoding="utf-8"
    )
    assert "Traceback" in out.stderr
    assert "Не понял код «x»" in out.stderr


def test_a_kernel_stops_run_all_and_keeps_the_original_for_the_author(student_folder):
    nbformat = pytest.importorskip("nbformat")
    client = pytest.importorskip("nbclient")
    cells = [nbformat.v4.new_code_cell(text) for text in (STAR, "1 / 0", "print('дальше')")]
    notebook = nbformat.v4.new_notebook(cells=cells)
    with pytest.raises(client.exceptions.CellExecutionError, match="ZeroDivisionError"):
        client.NotebookClient(notebook, timeout=120).execute()
    (output,) = notebook.cells[1].outputs
    assert output.data["text/plain"].startswith("Деление на ноль")
    assert notebook.cells[2].outputs == []
