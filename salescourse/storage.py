"""Companies in files: Parquet, CSV for a Russian Excel, XLSX; and back."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd

from salescourse import schema
from salescourse.errors import StudentError
from salescourse.frames import captioned, conform
from salescourse.schema import DATE, FLAG, MOMENT, Table

FORMATS = ("parquet", "csv", "xlsx")
MANIFEST = "manifest.json"
CHUNK = 100_000  # rows written at a time
EXCEL_ROWS = 1_048_575
MAX_FILE = 500_000_000  # bytes; larger files are not ours


@contextmanager
def replacing(path: Path):
    """A temporary file beside `path` that takes its place when the block succeeds."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".~", suffix=path.suffix)
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        temporary.chmod(0o644)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def pieces(frame: pd.DataFrame, rows: int) -> Iterator[pd.DataFrame]:
    """A table cut into parts of at most `rows` rows; one empty part of an empty table."""
    for start in range(0, max(len(frame), 1), rows):
        yield frame.iloc[start : start + rows]


def write_table(table: Table, chunks: Iterable[pd.DataFrame], folder: Path, format: str) -> int:
    """Write one table from its parts and return its rows; the file appears only when whole."""
    write = {"parquet": _write_parquet, "csv": _write_csv}[format]
    with replacing(folder / f"{table.name}.{format}") as temporary:
        return write(table, chunks, temporary)


def _write_parquet(table: Table, chunks: Iterable[pd.DataFrame], path: Path) -> int:
    """Dictionaries only where values repeat; whole numbers and times as differences."""
    import pyarrow as pa
    from pyarrow.parquet import ParquetWriter

    repeating = [c.name for c in table.columns if c.dtype in (schema.CATEGORY, schema.PERCENT)]
    differing = (schema.INT, schema.MONEY, DATE, MOMENT)
    encoding = {c.name: "DELTA_BINARY_PACKED" for c in table.columns if c.dtype in differing}
    rows, writer = 0, None
    for chunk in chunks:
        made = pa.Table.from_pandas(chunk, writer.schema if writer else None, preserve_index=False)
        if writer is None:
            writer = ParquetWriter(
                path,
                made.schema,
                compression="zstd",
                use_dictionary=repeating,
                column_encoding=encoding,
            )
        writer.write_table(made)
        rows += len(chunk)
    writer.close()
    return rows


def _write_csv(table: Table, chunks: Iterable[pd.DataFrame], path: Path) -> int:
    rows = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        for chunk in chunks:
            _for_excel(table, chunk).to_csv(
                file, index=False, header=rows == 0, sep=";", decimal=",", lineterminator="\r\n"
            )
            rows += len(chunk)
    return rows


def _for_excel(table: Table, frame: pd.DataFrame) -> pd.DataFrame:
    """Captions, «да» and «нет», dates as dd.mm.yyyy, no formulas."""
    made = frame.copy()
    for column in table.columns:
        values = made[column.name]
        if column.dtype == FLAG:
            made[column.name] = values.map({True: "да", False: "нет"}).astype(object)
        elif column.dtype == DATE:
            made[column.name] = values.dt.strftime("%d.%m.%Y")
        elif column.dtype == MOMENT:
            made[column.name] = values.dt.strftime("%d.%m.%Y %H:%M:%S")
        elif column.dtype == schema.TEXT:
            made[column.name] = values.map(plain_text)
    return captioned(table, made)


def plain_text(value: object) -> object:
    """Text that a spreadsheet will not take for a formula."""
    if isinstance(value, str) and value[:1] in "=+-@\t\r" and value:
        return "'" + value
    return value


def read_table(table: Table, folder: Path) -> pd.DataFrame | None:
    """One table of a folder, from Parquet if it is there, else from CSV; None if neither."""
    for format in ("parquet", "csv"):
        path = folder / f"{table.name}.{format}"
        if not path.is_file():
            continue
        if path.stat().st_size > MAX_FILE:
            raise StudentError(f"Файл {path.name} больше 500 МБ: это не данные нашей компании.")
        try:
            if format == "parquet":
                return conform(table, pd.read_parquet(path))
            return conform(table, _read_csv(table, path))
        except ImportError:  # no pyarrow, as in a browser kernel: the CSV beside will do
            continue
        except (ValueError, OSError, KeyError) as error:
            raise StudentError(
                f"Не смог прочитать {path.name}: {error}. "
                "Выгрузите компанию заново: salescourse company КОД --out папка."
            ) from error
    return None


def _read_csv(table: Table, path: Path) -> pd.DataFrame:
    names = {caption: name for name, caption in table.captions.items()}
    texts = {c.caption: str for c in table.columns if c.dtype == schema.TEXT}
    frame = pd.read_csv(
        path, sep=";", decimal=",", encoding="utf-8-sig", dtype=texts, keep_default_na=True
    ).rename(columns=names)
    for column in table.columns:
        if column.name not in frame:
            continue
        if column.dtype == DATE:
            frame[column.name] = pd.to_datetime(frame[column.name], format="%d.%m.%Y")
        elif column.dtype == MOMENT:
            frame[column.name] = pd.to_datetime(frame[column.name], format="%d.%m.%Y %H:%M:%S")
        elif column.dtype == schema.TEXT:
            frame[column.name] = frame[column.name].map(
                lambda v: v[1:] if isinstance(v, str) and v[:1] == "'" else v
            )
    return frame


def write_workbook(tables: dict[str, pd.DataFrame], path: Path) -> Path:
    """All tables as sheets of one Excel workbook, with frozen headers and widths that fit."""
    try:
        from openpyxl import Workbook
        from openpyxl.styles import Font
        from openpyxl.utils import get_column_letter
    except ImportError as error:
        raise StudentError(
            'Чтобы писать Excel, нужен openpyxl. Установите его: pip install "salescourse[grade]". '
            "Или выгрузите в CSV: --format csv."
        ) from error
    book = Workbook(write_only=True)
    for table in schema.TABLES:
        frame = tables[table.name]
        if len(frame) > EXCEL_ROWS:
            raise StudentError(
                f"В таблице «{table.caption}» {len(frame)} строк, а лист Excel держит 1 048 576. "
                "Выгрузите в parquet или csv."
            )
        sheet = book.create_sheet(table.caption)
        sheet.freeze_panes = "A2"
        for i, column in enumerate(table.columns, 1):
            width = max(len(column.caption) + 2, 20 if column.dtype == MOMENT else 12)
            sheet.column_dimensions[get_column_letter(i)].width = width
        sheet.append([_bold(sheet, caption, Font) for caption in table.captions.values()])
        for row in zip(*[_cells(table[c], frame[c]) for c in frame.columns], strict=True):
            sheet.append([_dated(sheet, v) for v in row])
    with replacing(path) as temporary:
        book.save(temporary)
    return path


def _bold(sheet, text, font):
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, value=text)
    cell.font = font(bold=True)
    return cell


def _dated(sheet, value):
    """A date becomes a cell that a Russian Excel shows as dd.mm.yyyy."""
    if not isinstance(value, tuple):
        return value
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, value=value[0])
    cell.number_format = value[1]
    return cell


def _cells(column: schema.Column, values: pd.Series) -> list:
    if column.dtype == FLAG:
        return [None if pd.isna(v) else "да" if v else "нет" for v in values.tolist()]
    if column.dtype in (DATE, MOMENT):
        pattern = "dd.mm.yyyy" if column.dtype == DATE else "dd.mm.yyyy hh:mm"
        return [None if pd.isna(v) else (v.to_pydatetime(), pattern) for v in values]
    return [None if pd.isna(v) else plain_text(v) for v in values.astype(object).tolist()]


def write_manifest(folder: Path, content: dict) -> None:
    """What the folder holds: code, edition, as-of date and content hashes."""
    with replacing(folder / MANIFEST) as temporary:
        text = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
        temporary.write_text(text, encoding="utf-8", newline="\n")


def read_manifest(folder: Path) -> dict:
    """The manifest of a folder; a Russian error if this is no company."""
    path = folder / MANIFEST
    if not path.is_file():
        raise StudentError(
            f"В папке {folder.name or folder} нет компании: не нашёл {MANIFEST}. "
            "Укажите папку, которую создала команда salescourse company."
        )
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(content, dict):
            raise ValueError("not an object")
        return content
    except (ValueError, OSError) as error:
        raise StudentError(f"Файл {MANIFEST} испорчен. Выгрузите компанию заново.") from error
