"""`salescourse doctor`: is everything ready, and if not, what to type."""

from __future__ import annotations

import importlib.util
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from salescourse import coursefolder, shell
from salescourse.errors import StudentError
from salescourse.paths import PACKAGE, course_root
from salescourse.storage import read_manifest
from salescourse.text import clean, plural

OLDEST = (3, 11)
RUSSIAN = "jupyterlab-language-pack-ru-RU"
INSTALL = 'pip install "salescourse[lab]"'


@dataclass(frozen=True)
class Finding:
    """One line of the examination: what was looked at, and the fix if it is not well."""

    ok: bool
    what: str
    fix: str = ""

    def __str__(self) -> str:
        mark = "[ОК] " if self.ok else "[НЕТ]"
        return f"{mark} {self.what}" + (f"\n      {self.fix}" if self.fix and not self.ok else "")


def examine(folder: Path | None = None) -> Iterator[Finding]:
    """Look at everything `start` needs, one finding after another; never raises."""
    folder = coursefolder.choose(folder, Path.cwd())
    checks: tuple[Callable[[], Finding], ...] = (
        python,
        packages,
        jupyterlab,
        language,
        lambda: writing(folder),
        cyrillic,
        port,
        course,
        company,
    )
    for check in checks:
        try:
            yield check()
        except StudentError as error:
            yield Finding(False, clean(str(error), 300))
        except Exception as error:  # a broken installation breaks in any way it likes
            what = f"Проверка не прошла: {type(error).__name__}: {clean(str(error), 200)}"
            yield Finding(False, what, f"Переустановите курс: {INSTALL} --force-reinstall")


def python() -> Finding:
    """Python is one of those the course is tested on."""
    found, least = ".".join(map(str, sys.version_info[:3])), ".".join(map(str, OLDEST))
    fix = f"Нужен Python {least} или новее: поставьте его с python.org или обновите Anaconda."
    return Finding(sys.version_info[:2] >= OLDEST, f"Python {found}", fix)


def packages() -> Finding:
    """Every library the core needs is there in a version that fits."""
    from packaging.requirements import Requirement

    tested, bad, other = tested_versions(), [], []
    wanted = [Requirement(line) for line in metadata.requires("salescourse") or []]
    wanted = [need for need in wanted if need.marker is None or need.marker.evaluate()]
    for need in wanted:
        found = installed(need.name)
        if found is None:
            bad.append(f"{need.name} не установлен")
        elif not need.specifier.contains(found, prereleases=True):
            bad.append(f"{need.name} {found}, а нужен {need.specifier}")
        elif found != tested.get(need.name.lower(), found):
            other.append(f"{need.name} {found} (проверено с {tested[need.name.lower()]})")
    if bad:
        return Finding(False, f"Библиотеки: {'; '.join(bad)}", f"Наберите: {INSTALL} --upgrade")
    if other:
        return Finding(True, f"Библиотеки подходят, но версии другие: {', '.join(other)}")
    count = len(wanted)
    word = plural(count, "библиотека", "библиотеки", "библиотек")
    return Finding(True, f"{count} {word}, версии проверенные")


def tested_versions() -> dict[str, str]:
    """The tested set, from a checkout or from the wheel; empty if neither has it."""
    path = PACKAGE.parent / "constraints.txt"
    if path.is_file():
        text = path.read_text(encoding="utf-8")
    else:
        text = metadata.distribution("salescourse").read_text("extra_metadata/constraints.txt")
    lines = [line for line in (text or "").splitlines() if "==" in line and line[0] != "#"]
    return dict(line.split("==") for line in lines)


def installed(name: str) -> str | None:
    """The version of an installed package; None if there is none."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def jupyterlab() -> Finding:
    """JupyterLab is installed and can be imported."""
    found = installed("jupyterlab")
    if found is None or importlib.util.find_spec("jupyterlab") is None:
        return Finding(False, "JupyterLab не установлен", f"Наберите: {INSTALL}")
    return Finding(True, f"JupyterLab {found}")


def language() -> Finding:
    """JupyterLab's Russian is installed."""
    found = installed(RUSSIAN)
    if found is None:
        return Finding(False, "JupyterLab будет на английском", f"Наберите: pip install {RUSSIAN}")
    return Finding(True, f"Русский язык JupyterLab {found}")


def writing(folder: Path) -> Finding:
    """The student's folder, or the one it will be made in, can be written to."""
    place = next(path for path in (folder, *folder.parents) if path.is_dir())
    try:
        with tempfile.TemporaryFile(dir=place):
            return Finding(True, f"Папка курса: {folder}")
    except OSError:
        fix = f'Укажите другую: salescourse start --dir "{Path.home() / coursefolder.NAME}"'
        return Finding(False, f"В папку {place} нельзя писать", fix)


def cyrillic() -> Finding:
    """Files with Russian names can be made and read back on this disk."""
    name = "Проверка ёжика № 1.txt"
    try:
        with tempfile.TemporaryDirectory(prefix="Курс РОПа ") as folder:
            path = Path(folder) / name
            path.write_text("8,5 % — ₽", encoding="utf-8")
            well = [p.name for p in Path(folder).iterdir()] == [name]
            well = well and path.read_text(encoding="utf-8") == "8,5 % — ₽"
    except (OSError, UnicodeError):
        well = False
    fix = 'Работайте в папке с латинским именем: salescourse start --dir "C:\\course"'
    return Finding(well, "Русские буквы и пробелы в именах файлов", fix)


def port() -> Finding:
    """There is a port for JupyterLab."""
    return Finding(True, f"Свободный порт: {shell.free_port(None)}")


def course() -> Finding:
    """Lessons and exercises have been found."""
    root = course_root()
    known = coursefolder.units(root)
    if not known:
        return Finding(False, f"В папке {root} нет тетрадей", "Соберите их: salescourse build")
    word = plural(len(known), "раздел", "раздела", "разделов")
    return Finding(True, f"Материалы курса: {len(known)} {word} в папке {root}")


def company() -> Finding:
    """A company made here equals the one made where the course was built."""
    from salescourse.company import Company

    manifest = read_manifest(course_root() / "datasets" / "demo")
    made = Company.generate(manifest["code"])
    if made.content_hash() == manifest["content"]:
        return Finding(True, f"Компания {made.code} создаётся, как задумано")
    return Finding(
        False,
        f"Компания {made.code} получилась не такой, как задумано",
        f"Ответы могут не сойтись. Обновите курс: {INSTALL} --upgrade",
    )
