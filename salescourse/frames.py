"""Arrays of numbers ↔ pandas tables ↔ canonical bytes, all by the schema."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

import numpy as np
import pandas as pd

from salescourse import schema
from salescourse.schema import (
    CATEGORY,
    DATE,
    FLAG,
    INT,
    MOMENT,
    MONEY,
    PERCENT,
    TEXT,
    Column,
    Table,
)

NEVER = np.iinfo(np.int64).max // 4  # an empty date or moment in an array of numbers
EMPTY = -1  # an empty number, category or flag


def to_frame(table: Table, columns: dict[str, np.ndarray]) -> pd.DataFrame:
    """A pandas table from arrays of numbers and labels."""
    made = {c.name: _series(c, columns[c.name]) for c in table.columns}
    return pd.DataFrame(made, copy=False)


def _series(column: Column, values: np.ndarray):
    kind = column.dtype
    if kind in (INT, MONEY):
        if column.nullable:
            missing = values < 0
            return pd.arrays.IntegerArray(np.where(missing, 0, values).astype(np.int64), missing)
        return values.astype(np.int64, copy=False)
    if kind == FLAG:
        if column.nullable:
            return pd.arrays.BooleanArray(values > 0, values < 0)
        return values.astype(bool)
    if kind == CATEGORY:
        return pd.Categorical.from_codes(values.astype(np.int8), dtype=dtype_of(column))
    if kind in (DATE, MOMENT):
        return _seconds(column, values).view("datetime64[s]")
    if kind == PERCENT:
        return values.astype(np.float64)
    return pd.array(values, dtype=dtype_of(column))


def _seconds(column: Column, values: np.ndarray) -> np.ndarray:
    """Seconds from 1970, the least integer where there is no time."""
    seconds = values * 86_400 if column.dtype == DATE else values
    return np.where(values >= NEVER, np.iinfo(np.int64).min, seconds)


def dtype_of(column: Column):
    """The pandas dtype of a column."""
    if column.dtype == CATEGORY:
        return pd.CategoricalDtype(list(column.values), ordered=False)
    if column.dtype in (INT, MONEY):
        return "Int64" if column.nullable else "int64"
    if column.dtype == FLAG:
        return "boolean" if column.nullable else "bool"
    if column.dtype in (DATE, MOMENT):
        return "datetime64[s]"
    return "float64" if column.dtype == PERCENT else object


def conform(table: Table, frame: pd.DataFrame) -> pd.DataFrame:
    """A table read from a file, with the schema's columns, order and dtypes.

    Raises `ValueError` naming the column that is missing or does not fit.
    """
    made = {}
    for column in table.columns:
        if column.name not in frame:
            raise ValueError(f"{table.name}: нет столбца {column.name} («{column.caption}»)")
        try:
            made[column.name] = _cast(column, frame[column.name])
        except (ValueError, TypeError, OverflowError) as error:
            raise ValueError(
                f"{table.name}: в столбце {column.name} («{column.caption}») "
                f"не то, что нужно: {error}"
            ) from error
    return pd.DataFrame(made)


def _cast(column: Column, values: pd.Series):
    kind = column.dtype
    if kind == CATEGORY:
        unknown = set(values.dropna().astype(str)) - set(column.values)
        if unknown:
            raise ValueError(f"неизвестное значение «{sorted(unknown)[0]}»")
        return pd.Categorical(values.astype(object), dtype=dtype_of(column))
    if kind == FLAG:
        if values.dtype == object or str(values.dtype) in ("str", "string"):
            values = values.map({"да": True, "нет": False, True: True, False: False})
        return values.astype("boolean").astype(dtype_of(column))
    if kind in (DATE, MOMENT):
        return pd.to_datetime(values).astype("datetime64[s]")
    if kind == TEXT:
        return values.astype(object).where(values.notna(), None)
    return pd.to_numeric(values).astype(dtype_of(column))


def digest(table: Table, columns: Mapping[str, pd.Series | np.ndarray]) -> str:
    """Hash of a table's content: independent of pandas, file formats and platforms.

    `columns` is a pandas table, or the arrays of numbers it would be made from.
    """
    total = sha256(table.name.encode())
    for column in table.columns:
        values = columns[column.name]
        total.update(f"|{column.name}:{column.dtype}:{len(values)}|".encode())
        total.update(_canonical(column, values))
    return total.hexdigest()


def _canonical(column: Column, values: pd.Series | np.ndarray) -> bytes | np.ndarray:
    kind = column.dtype
    if kind == TEXT:
        absent = pd.isna(values).tolist()
        parts = [
            "\x00" if gone else str(v) for v, gone in zip(values.tolist(), absent, strict=True)
        ]
        return "\x1f".join(parts).encode()
    if isinstance(values, np.ndarray):
        numbers = _stored(column, values)
    elif kind == CATEGORY:
        numbers = values.array.codes
    elif kind in (DATE, MOMENT):
        numbers = values.to_numpy().astype("datetime64[s]").view(np.int64)
    elif kind == PERCENT:
        numbers = np.rint(np.nan_to_num(values.to_numpy(), nan=-1.0) * 100)
    elif column.nullable:
        numbers = values.array.to_numpy(dtype=np.int64, na_value=EMPTY)
    else:
        numbers = values.to_numpy()
    return np.ascontiguousarray(numbers, dtype="<i8")


def _stored(column: Column, values: np.ndarray) -> np.ndarray:
    """The canonical numbers of an array that has not become a pandas column yet."""
    if column.dtype in (DATE, MOMENT):
        return _seconds(column, values)
    if column.dtype == PERCENT:
        return np.rint(np.nan_to_num(values, nan=-1.0) * 100)
    return np.where(values < 0, EMPTY, values) if column.nullable else values


def captioned(table: Table, frame: pd.DataFrame) -> pd.DataFrame:
    """The table under its Russian captions, for people and exports."""
    return frame.rename(columns=schema.BY_NAME[table.name].captions)
