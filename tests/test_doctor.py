"""`salescourse doctor` finds what is wrong and says what to type."""

from __future__ import annotations

import importlib.metadata
import re
import sys
from pathlib import Path

import pytest

from salescourse import coursefolder, doctor, shell, storage
from salescourse.cli.app import run
from salescourse.company import Company
from salescourse.doctor import examine


@pytest.fixture(scope="module")
def demo() -> Company:
    return Company.load("demo")


@pytest.fixture(autouse=True)
def sound(demo, monkeypatch, student_folder):
    """A sound installation, so that each test breaks one thing."""
    monkeypatch.setattr(coursefolder, "units", lambda root: ["00_start", "02_funnel"])
    monkeypatch.setattr(Company, "generate", lambda code: demo)
    monkeypatch.setattr(
        doctor, "read_manifest", lambda folder: {"code": demo.code, "content": demo.content_hash()}
    )


def ill() -> str:
    """The findings that are not well, as printed."""
    return "\n".join(str(finding) for finding in examine() if not finding.ok)


def test_a_sound_installation_is_all_well(capsys):
    assert run(["doctor"]) == 0
    *lines, blank, last = capsys.readouterr().out.splitlines()
    assert all(line.startswith("[ОК]  ") for line in lines)
    assert len(lines) == 9
    assert (blank, last) == ("", "Всё готово. Начать: salescourse start")


def test_an_old_python(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 9, 7))
    assert "[НЕТ] Python 3.9.7\n      Нужен Python 3.11 или новее" in ill()


def without(monkeypatch, name: str, version: str | None = None) -> None:
    """Pretend that a package is absent or of another version."""
    real = importlib.metadata.version

    def pretended(asked: str) -> str:
        if asked.lower() != name.lower():
            return real(asked)
        if version is None:
            raise importlib.metadata.PackageNotFoundError(asked)
        return version

    monkeypatch.setattr(importlib.metadata, "version", pretended)


def test_a_missing_library(monkeypatch):
    without(monkeypatch, "matplotlib")
    assert "matplotlib не установлен" in ill()
    assert "pip install" in ill()


def test_a_library_of_a_wrong_version(monkeypatch):
    without(monkeypatch, "faker", "30.0.0")
    assert "faker 30.0.0, а нужен ==40.54.0" in ill()


def test_a_library_of_another_but_fitting_version_is_well(monkeypatch):
    without(monkeypatch, "rich", "14.9.9")
    assert ill() == ""
    assert "rich 14.9.9 (проверено с" in "\n".join(map(str, examine()))


def test_no_jupyterlab(monkeypatch):
    without(monkeypatch, "jupyterlab")
    assert 'JupyterLab не установлен\n      Наберите: pip install "salescourse[lab]"' in ill()


def test_no_russian(monkeypatch):
    without(monkeypatch, doctor.RUSSIAN)
    assert "pip install jupyterlab-language-pack-ru-RU" in ill()


def test_a_folder_one_may_not_write_to(monkeypatch, student_folder):
    def refuse(dir):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.TemporaryFile", refuse)
    assert f"[НЕТ] В папку {student_folder} нельзя писать" in ill()
    assert "--dir" in ill()


def test_a_disk_that_does_not_take_russian_names(monkeypatch):
    def refuse(self, *args, **kwargs):
        raise UnicodeEncodeError("cp437", self.name, 0, 1, "no")

    monkeypatch.setattr(Path, "write_text", refuse)
    assert "латинским именем" in ill()


def test_no_free_port(monkeypatch):
    monkeypatch.setattr(shell, "_is_free", lambda port: False)
    assert "--port 9000" in ill()


def test_no_notebooks(monkeypatch):
    monkeypatch.setattr(coursefolder, "units", lambda root: [])
    assert "нет тетрадей" in ill()


def test_a_company_that_came_out_different(monkeypatch):
    monkeypatch.setattr(doctor, "read_manifest", lambda f: {"code": "ROP-7F3A-K", "content": "0"})
    assert "получилась не такой" in ill()


def test_what_breaks_in_an_unforeseen_way_is_a_finding_too(monkeypatch):
    monkeypatch.setattr(storage, "read_manifest", lambda f: 1 / 0)
    monkeypatch.setattr(doctor, "read_manifest", lambda f: 1 / 0)
    assert "[НЕТ] Проверка не прошла: ZeroDivisionError" in ill()


def test_the_count_of_faults_is_the_exit(monkeypatch, capsys):
    without(monkeypatch, doctor.RUSSIAN)
    assert run(["doctor"]) == 1
    assert capsys.readouterr().out.endswith("Нужно исправить: 1.\n")


def test_findings_are_russian(monkeypatch):
    monkeypatch.setattr(shell, "_is_free", lambda port: False)
    without(monkeypatch, doctor.RUSSIAN)
    text = ill()
    assert re.search("[а-я]", text)
    assert not re.search(r"\b(error|failed|not found|port)\b", text.replace("--port", ""), re.I)
