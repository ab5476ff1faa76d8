"""`datasets/`: the demo company in both formats, and the data dictionary made from the schema."""

from __future__ import annotations

import json
from pathlib import Path

from salescourse import schema
from salescourse.authoring.notebooks import ROOT
from salescourse.company import EDITION, Company
from salescourse.storage import MANIFEST, replacing
from salescourse.text import number

DEMO_CODE = "ROP-3X8A-B"
FORMATS = ("parquet", "csv")
TYPES = {
    schema.INT: "целое",
    schema.MONEY: "деньги",
    schema.PERCENT: "проценты",
    schema.FLAG: "да или нет",
    schema.CATEGORY: "одно из списка",
    schema.TEXT: "текст",
    schema.DATE: "дата",
    schema.MOMENT: "дата и время",
}


def build_datasets(root: Path = ROOT, *, check: bool = False) -> list[str]:
    """Write what is stale and return its paths; with `check` only say what is."""
    datasets = root / "datasets"
    demo, dictionary = datasets / "demo", datasets / "README.md"
    stale = []
    if not _is_fresh(demo):
        stale.append(demo.relative_to(root).as_posix())
        if not check:
            company = Company.generate(DEMO_CODE)
            for format in FORMATS:
                company.save(demo, format)
    text = data_dictionary(Company.load(demo)) if demo.is_dir() else ""
    if not dictionary.is_file() or dictionary.read_text(encoding="utf-8") != text:
        stale.append(dictionary.relative_to(root).as_posix())
        if not check:
            with replacing(dictionary) as temporary:
                temporary.write_text(text, encoding="utf-8", newline="\n")
    return stale


def _is_fresh(demo: Path) -> bool:
    """All files are there, and their manifest is that of the code's company."""
    files = [demo / f"{table.name}.{format}" for table in schema.TABLES for format in FORMATS]
    if not all(path.is_file() for path in (demo / MANIFEST, *files)):
        return False
    found = json.loads((demo / MANIFEST).read_text(encoding="utf-8"))
    return found == Company.generate(DEMO_CODE).manifest()


def data_dictionary(demo: Company) -> str:
    """Every table and column in Russian, as Markdown."""
    lines = [
        "# Словарь данных",
        "",
        "<!-- Собран из salescourse/schema.py командой salescourse build, руками не правят. -->",
        "",
        f"В папке `demo` — учебная компания {demo.name} ({demo.city}), код `{demo.code}`: "
        "каждая таблица в Parquet и в CSV для русского Excel (`;`, десятичная запятая, UTF-8). "
        f"Данные на {demo.asof:%d.%m.%Y}, издание генератора {EDITION}. "
        "Хеши содержания — в `demo/manifest.json`.",
        "",
        "Все люди, фирмы, ИНН и телефоны выдуманы. Дубли, пропуски и откаты сделок — нарочно: "
        "в живой CRM они тоже есть.",
        "",
        "| Таблица | Имя | Строк | Что в ней |",
        "| --- | --- | ---: | --- |",
    ]
    for table in schema.TABLES:
        rows = number(len(demo.tables[table.name]))
        lines.append(
            f"| [{table.caption}](#{table.name}) | `{table.name}` | {rows} | {table.meaning} |"
        )
    for table in schema.TABLES:
        lines += ["", f'<a id="{table.name}"></a>', "", f"## {table.caption}", ""]
        lines += [f"`company.{table.name}`. {table.meaning} Ключ: {_key(table)}.", ""]
        lines += ["| Столбец | Имя | Тип | Что значит |", "| --- | --- | --- | --- |"]
        lines += [_row(column) for column in table.columns]
    return "\n".join(lines) + "\n"


def _key(table: schema.Table) -> str:
    return ", ".join(f"`{name}`" for name in table.key)


def _row(column: schema.Column) -> str:
    kind = TYPES[column.dtype] + (f", {column.unit}" if column.unit else "")
    kind += ", бывает пусто" if column.nullable else ""
    meaning = column.meaning
    if column.values and len(column.values) <= 7:
        meaning += f" ({', '.join(column.values)})"
    if column.references:
        meaning += f" → `{column.references}`"
    return f"| {column.caption} | `{column.name}` | {kind} | {meaning} |"
