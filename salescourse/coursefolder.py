"""A student's own folder: what is put there, and what is never touched."""

from __future__ import annotations

import json
import shutil
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from salescourse.errors import StudentError, nearest
from salescourse.storage import replacing
from salescourse.text import clean
from salescourse.workplace import HIDDEN

NAME = "Курс РОПа"
# Two open tabs must not bear one name.
LESSON, EXERCISE = "Уроки/{}.ipynb", "Задания/{}_задания.ipynb"
DICTIONARY = "Словарь данных.md"
DELIVERED = "delivered.json"  # what was put where, by content: so that edits are seen

# Words a unit may be called by besides its number and slug; the first is its Russian name.
WORDS = {
    "start": ("запуск", "начало", "знакомство", "введение"),
    "structure": ("структура", "отдел"),
    "funnel": ("воронка", "конверсия"),
    "pricing": ("цена", "цены", "варианты", "кп"),
    "motivation": ("мотивация", "оплата", "зарплата"),
    "ordertakers": ("приёмщики", "приемщики", "продавцы"),
    "bonuses": ("премии", "бонусы", "доски"),
    "ladder": ("лестница", "карьера", "грейды"),
    "clients": ("клиенты", "база", "ротация"),
    "planning": ("планёрка", "планерка", "прогноз", "планирование"),
    "capstone": ("капстоун", "диплом", "итог"),
}


@dataclass
class Delivery:
    """What happened to the files of a student's folder."""

    new: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    beside: list[tuple[str, str]] = field(default_factory=list)  # (theirs, our new version)


def choose(wanted: Path | None, here: Path) -> Path:
    """The folder to work in: the one asked for, the one we are in, or «Курс РОПа» here."""
    if wanted is not None:
        return Path(wanted).expanduser().absolute()
    for folder in (here, *here.parents):
        if (folder / HIDDEN / DELIVERED).is_file():
            return folder
    return here / NAME


def units(root: Path) -> list[str]:
    """Units that have a notebook, in order: «00_start», «02_funnel»."""
    kinds = ("notebooks", "exercises")
    return sorted({path.stem for kind in kinds for path in (root / kind).glob("*.ipynb")})


def find_unit(word: str, known: list[str]) -> str:
    """The unit meant by «2», «02_funnel», «funnel» or «воронка»."""
    asked = clean(word).casefold().removesuffix(".ipynb")
    names: dict[str, str] = {}
    for stem in known:
        number, _, slug = stem.partition("_")
        words = (number, number.lstrip("0") or "0", title(stem), *WORDS.get(slug, ()))
        names |= dict.fromkeys((stem, slug, *words), stem)
    if asked in names:
        return names[asked]
    planned = any(asked in (slug, *words) for slug, words in WORDS.items())
    why = " ещё не вышел." if planned else f" не нашёлся.{nearest(asked, names)}"
    raise StudentError(
        f"Раздел «{clean(word)}»{why} Есть: {', '.join(title(stem) for stem in known)}."
    )


def title(stem: str) -> str:
    """«02_funnel» → «02_воронка»: what the file is called in a student's folder."""
    number, _, slug = stem.partition("_")
    return f"{number}_{WORDS[slug][0]}" if slug in WORDS else stem


def notebook_of(folder: Path, stem: str, *, exercise: bool) -> Path:
    """The notebook to open: the lesson or the exercise; the other one if there is only that."""
    lesson, task = folder / LESSON.format(title(stem)), folder / EXERCISE.format(title(stem))
    first, second = (task, lesson) if exercise else (lesson, task)
    return second if second.is_file() and not first.is_file() else first


def deliver(root: Path, folder: Path) -> Delivery:
    """Copy lessons, exercises and the data dictionary; a file the student changed stays.

    A new version of a changed file lands beside it. A deleted file comes back as new.
    """
    done = Delivery()
    try:
        (folder / HIDDEN).mkdir(parents=True, exist_ok=True)
        known = _read(folder / HIDDEN / DELIVERED)
        for source, target in _pairs(root):
            _deliver_one(source, folder, target, known, done)
        with replacing(folder / HIDDEN / DELIVERED) as temporary:
            text = json.dumps(known, ensure_ascii=False, indent=1, sort_keys=True)
            temporary.write_text(text + "\n", encoding="utf-8")
    except FileExistsError as error:
        raise StudentError(f"{folder} — это файл, а нужна папка. Укажите другую: --dir.") from error
    except OSError as error:
        raise StudentError(
            f"Не могу писать в папку {folder}. Укажите ту, где у вас есть права, например "
            f'--dir "{Path.home() / NAME}".'
        ) from error
    return done


def _pairs(root: Path) -> list[tuple[Path, str]]:
    pairs = [
        (source, target.format(title(source.stem)))
        for kind, target in (("notebooks", LESSON), ("exercises", EXERCISE))
        for source in sorted((root / kind).glob("*.ipynb"))
    ]
    dictionary = root / "datasets" / "README.md"
    return [*pairs, (dictionary, DICTIONARY)] if dictionary.is_file() else pairs


def _deliver_one(
    source: Path, folder: Path, target: str, known: dict[str, str], done: Delivery
) -> None:
    path, ours = folder / target, _digest(source)
    theirs = _digest(path) if path.is_file() else None
    if theirs is None:
        _copy(source, path)
        done.new.append(target)
    elif theirs != ours and theirs == known.get(target):
        _copy(source, path)
        done.updated.append(target)
    elif theirs != ours and known.get(target) != ours:
        beside = _beside(path, ours, known, folder)
        if not beside.is_file() or _digest(beside) != ours:
            _copy(source, beside)
            done.beside.append((target, beside.relative_to(folder).as_posix()))
        known[beside.relative_to(folder).as_posix()] = ours
    known[target] = ours


def _beside(path: Path, ours: str, known: dict[str, str], folder: Path) -> Path:
    """A free name for our new version: our own untouched earlier copy counts as free."""
    number = 1
    while True:
        mark = "новая версия" if number == 1 else f"новая версия {number}"
        other = path.with_name(f"{path.stem} ({mark}){path.suffix}")
        was = known.get(other.relative_to(folder).as_posix())
        if not other.exists() or _digest(other) in (ours, was):
            return other
        number += 1


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with replacing(target) as temporary:
        shutil.copyfile(source, temporary)  # contents only: the wheel's files may be read-only


def _digest(path: Path) -> str:
    """The hash of what a person sees: JupyterLab rewrites metadata as soon as it opens a file."""
    content = path.read_bytes()
    if path.suffix == ".ipynb":
        with suppress(ValueError, KeyError, TypeError):
            cells = [
                [cell["cell_type"], "".join(cell["source"]), cell.get("outputs")]
                for cell in json.loads(content)["cells"]
            ]
            content = json.dumps(cells, sort_keys=True).encode()
    return sha256(content).hexdigest()


def _read(path: Path) -> dict[str, str]:
    """What we delivered earlier; a broken list means that every file is taken for theirs."""
    try:
        known = json.loads(path.read_text(encoding="utf-8"))
        return known if isinstance(known, dict) else {}
    except (OSError, ValueError):
        return {}
