"""Every word of the command is Russian, and every failure says what to type."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from salescourse import authoring, coursefolder, soundness
from salescourse.authoring import proof
from salescourse.cli.app import app, run
from salescourse.codes import normalise
from salescourse.company import Company
from salescourse.errors import StudentError

CODE = "ROP-7F3A-K"
COMMANDS = [info.name for info in app.registered_commands]
SAMPLES = r"«[^»]*[a-z_-]+[^»]*»|\bsalescourse( [a-z]+)?\b|(?<![\w-])--?[a-z-]+|ROP-\w{4}-\w"
PRODUCTS = {"JupyterLab", "Excel", "Ctrl", "C", "nbgrader"}
FORMATS = {"parquet", "csv", "xlsx", "zip"}


def latin(text: str) -> set[str]:
    """Latin words that are no sample of what to type, no product and no format."""
    rest = re.sub(SAMPLES, " ", text)
    return set(re.findall(r"[A-Za-z]+", rest)) - PRODUCTS - FORMATS - set(COMMANDS)


def test_latin_sees_the_english_words_of_the_library():
    assert latin("Usage: salescourse start [OPTIONS]") == {"Usage", "OPTIONS"}


@pytest.mark.parametrize("args", [[], ["--help"], ["-h"], *[[name, "--help"] for name in COMMANDS]])
def test_help_is_russian(args, capsys):
    assert run(args) == 0
    out, err = capsys.readouterr()
    assert out.startswith("Использование: salescourse")
    assert "Показать эту справку" in out
    assert latin(out) == set()
    assert err == ""


def test_commands_are_grouped_by_who_needs_them(capsys):
    run(["--help"])
    out = capsys.readouterr().out
    groups = dict(
        re.findall(r"^(Студенту|Преподавателю|Автору):\n((?:  .+\n)+)", out, re.MULTILINE)
    )
    named = {group: re.findall(r"^  (\w+)", text, re.MULTILINE) for group, text in groups.items()}
    assert named == {
        "Студенту": ["start", "doctor"],
        "Преподавателю": ["code", "company", "roster", "grade", "review", "export"],
        "Автору": ["build", "verify"],
    }


WRONG = [
    (["compny"], "Возможно, вы имели в виду «company»"),
    (["компания"], "Нет команды «компания»"),
    (["--version"], "Нет параметра --version"),
    (["--debg"], "«--debug»"),
    (["--"], "Не понял команду"),
    (["company"], "Не указано: КОД"),
    (["company", CODE], "Не указано: --out ПАПКА"),
    (["company", CODE, "--out"], "После --out нужно значение"),
    (["company", CODE, "--out", "x", "--format", "xls"], "Возможно, вы имели в виду «xlsx»"),
    (["company", CODE, "--out", "x", "--deals", "много"], "нужно целое число"),
    (["company", CODE, "--out", "x", "--deals", "10"], "целое число от 1\u00a0000"),
    (["company", CODE, "--uot", "x"], "Возможно, вы имели в виду «--out»"),
    (["code", "-n", "1,5"], "Не понял -n «1,5»"),
    (["code", "-n", "5 %"], "Не понял -n «5 %»"),
    (["code", "-n", "0"], "от 1 до"),
    (["code", "-n"], "После -n нужно значение"),
    (["code", "-x"], "Нет параметра -x"),
    (["code", "--help=yes"], "пишется без значения"),
    (["start", "funnel", "лишнее слово"], "Лишнее в команде: «лишнее слово»"),
    (["start", "--port", "восемь"], "Не понял --port «восемь»"),
    (["start", "--port", "80"], "от 1\u00a0024"),
    (["verify", "--codes", "x"], "Не понял --codes"),
    (["build", "--chek"], "Возможно, вы имели в виду «--check»"),
]


@pytest.mark.parametrize("line", range(len(WRONG)))
def test_a_wrong_command_line_is_told_in_russian(line, capsys, student_folder):
    args, said = WRONG[line]
    assert run(args) == 2
    out, err = capsys.readouterr()
    assert err.startswith("Ошибка: ")
    assert said in err
    assert re.search(r"Справка: salescourse( \w+)? --help$", err.strip())
    assert latin(err) - {word for arg in args for word in re.findall("[A-Za-z]+", arg)} == set()
    assert out == ""


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["company", "ROP-7F3A-X", "--out", "x"], "опечатка"),
        (["start", "астрология"], "не нашёлся"),
        (["verify", "--unit", "funel"], "funnel"),
    ],
    ids=["code", "unit", "slug"],
)
def test_what_cannot_be_done_is_told_in_russian(args, said, capsys, student_folder, monkeypatch):
    monkeypatch.setattr(coursefolder, "units", lambda root: ["00_start", "02_funnel"])
    assert run(args) == 1
    err = capsys.readouterr().err
    assert err.startswith("Ошибка: ")
    assert said in err
    assert list(student_folder.iterdir()) == []


def test_an_unforeseen_failure_shows_no_traceback(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(soundness, "issue_codes", lambda n: 1 / 0)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert run(["code"]) == 1
    err = capsys.readouterr().err
    assert "Traceback" not in err
    assert "ZeroDivisionError" not in err
    (report,) = tmp_path.iterdir()
    assert str(report) in err
    assert "ZeroDivisionError" in report.read_text(encoding="utf-8")


@pytest.mark.parametrize("args", [["--debug", "code"], ["code", "--debug"]])
def test_debug_lets_a_developer_see_it(args, monkeypatch):
    monkeypatch.setattr(soundness, "issue_codes", lambda n: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        run(args)


def test_continuous_integration_sees_it_too(monkeypatch):
    monkeypatch.setenv("CI", "true")
    monkeypatch.setattr(soundness, "issue_codes", lambda n: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        run(["code"])


def test_stopping_by_hand_is_no_failure(monkeypatch, capsys):
    def interrupted(n):
        raise KeyboardInterrupt

    monkeypatch.setattr(soundness, "issue_codes", interrupted)
    assert run(["code"]) == 130
    assert capsys.readouterr().err.strip() == "Остановлено."


def test_code_prints_codes_that_can_be_typed_back(capsys):
    assert run(["code", "-n", "2"]) == 0
    codes = capsys.readouterr().out.split()
    assert len(set(codes)) == 2
    assert [normalise(code) for code in codes] == codes


@pytest.mark.parametrize("format", ["parquet", "csv"])
def test_company_lands_whole_in_a_folder_with_a_russian_name(format, student_folder, capsys):
    assert run(["company", "роп-7f3a-k", "--out", "Моя фирма", "--format", format]) == 0
    out = capsys.readouterr().out
    loaded = Company.load(student_folder / "Моя фирма")
    assert loaded.code == CODE
    assert f"Хеш содержания: {loaded.content_hash()}" in out
    assert latin(out.replace(loaded.content_hash(), "").replace(str(student_folder), "")) == set()


def test_company_as_a_workbook(student_folder, capsys):
    import openpyxl

    assert run(["company", CODE, "--out", ".", "--format", "XLSX", "--deals", "1000"]) == 0
    book = openpyxl.load_workbook(student_folder / f"{CODE}.xlsx", read_only=True)
    assert "Сделки" in book.sheetnames
    book.close()


def test_a_workbook_without_openpyxl_says_what_to_install(student_folder, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    assert run(["company", CODE, "--out", ".", "--format", "xlsx"]) == 1
    assert "pip install" in capsys.readouterr().err


def test_deals_sets_the_size(student_folder, capsys):
    assert run(["company", CODE, "--out", "мало", "--deals", "3 000"]) == 0
    assert len(Company.load(student_folder / "мало").deals) == pytest.approx(3000, rel=0.05)


def test_company_is_not_mixed_with_another_one(student_folder, capsys):
    (student_folder / "manifest.json").write_text('{"code": "ROP-0000-A"}', encoding="utf-8")
    assert run(["company", CODE, "--out", "."]) == 1
    assert "уже лежит компания ROP-0000-A" in capsys.readouterr().err
    assert [p.name for p in student_folder.iterdir()] == ["manifest.json"]


def test_company_into_a_file_is_refused(student_folder, capsys):
    (student_folder / "занято").write_text("моё", encoding="utf-8")
    assert run(["company", CODE, "--out", "занято"]) == 1
    assert "Не смог записать" in capsys.readouterr().err
    assert (student_folder / "занято").read_text(encoding="utf-8") == "моё"


@pytest.fixture
def fresh(monkeypatch):
    """Datasets and notebooks that are fresh; nothing in the checkout is built by a test."""
    monkeypatch.setattr(authoring, "build_datasets", lambda check: [])
    monkeypatch.setattr(authoring, "build", lambda check: [])


def test_build_check_of_what_is_fresh(fresh, capsys):
    assert run(["build", "--check"]) == 0
    assert capsys.readouterr().out == "Тетради и данные свежие.\n"


def test_build_check_fails_on_a_stale_notebook(fresh, monkeypatch, capsys):
    monkeypatch.setattr(authoring, "build", lambda check: ["notebooks/02_funnel.ipynb"])
    assert run(["build", "--check"]) == 1
    out, err = capsys.readouterr()
    assert out == "Устарело: notebooks/02_funnel.ipynb\n"
    assert "salescourse build" in err
    assert run(["build"]) == 0


def test_build_of_a_bad_source_names_the_place(fresh, monkeypatch, capsys):
    def broken(check):
        raise authoring.BuildError("02_funnel.py:17: у задания нет решения")

    monkeypatch.setattr(authoring, "build", broken)
    assert run(["build"]) == 1
    assert capsys.readouterr().err == "Ошибка: 02_funnel.py:17: у задания нет решения\n"


@pytest.mark.parametrize(("ok", "code"), [(True, 0), (False, 1)])
def test_verify_leaves_with_what_it_found(ok, code, monkeypatch, capsys):
    seen = {}

    def prove(slugs, codes, seed, progress):
        seen.update(slugs=slugs, codes=codes, seed=seed)
        report = type("Report", (), {"ok": ok, "table": lambda self: "таблица"})
        return report()

    monkeypatch.setattr(proof, "prove", prove)
    assert run(["verify", "--unit", "funnel", "--codes", "3", "--seed", "7"]) == code
    assert seen == {"slugs": ("funnel",), "codes": 3, "seed": 7}
    assert capsys.readouterr().out == "Случайные коды: --seed 7\nтаблица\n"


def test_student_error_is_told_as_it_is(monkeypatch, capsys):
    def refused(n):
        raise StudentError("Так нельзя. Сделайте иначе.")

    monkeypatch.setattr(soundness, "issue_codes", refused)
    assert run(["code"]) == 1
    assert capsys.readouterr().err == "Ошибка: Так нельзя. Сделайте иначе.\n"


def module(*args: str, cwd: Path, **env: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "salescourse", *args],
        cwd=cwd,
        env={**os.environ, **env},
        capture_output=True,
        check=False,
    )


@pytest.mark.parametrize("encoding", ["cp1251", "cp866", "ascii", "utf-8"])
def test_module_speaks_utf8_whatever_the_console(encoding, student_folder):
    done = module(
        "company", CODE, "--out", "Фирма ₽", cwd=student_folder, PYTHONIOENCODING=encoding
    )
    assert done.returncode == 0, done.stderr.decode()
    assert "Фирма ₽" in done.stdout.decode("utf-8")


def test_module_names_itself_in_help(student_folder):
    done = module("start", "--help", cwd=student_folder)
    assert done.stdout.decode("utf-8").startswith("Использование: python -m salescourse start")


def test_a_closed_pipe_is_silent(student_folder):
    line = f'"{sys.executable}" -m salescourse code -n 3 | true'
    done = subprocess.run(line, shell=True, capture_output=True, check=False, cwd=student_folder)
    assert b"Traceback" not in done.stderr
    assert b"Exception" not in done.stderr
