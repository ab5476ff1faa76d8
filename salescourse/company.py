"""`Company`: the tables of one firm at one as-of date."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

import pandas as pd

from salescourse import schema, storage
from salescourse.codes import normalise
from salescourse.errors import StudentError
from salescourse.frames import digest, to_frame
from salescourse.simulation.profile import ASOF, EDITION

__all__ = ["EDITION", "Company"]

WRITERS = 2  # tables written at a time: packing releases the interpreter's lock
LARGE = ("activities", "deals", "stage_history", "orders")


class _Lazy(Mapping):
    """Tables that are made from numbers when first looked at."""

    def __init__(self, numbers):
        self._numbers = numbers
        self._made: dict[str, pd.DataFrame] = {}
        self._named: dict[str, Mapping] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._made:
            self._made[name] = to_frame(schema.BY_NAME[name], self.columns(name))
        return self._made[name]

    def columns(self, name: str) -> Mapping:
        """The table as arrays, or as the frame if it has been made."""
        if name in self._made:
            return self._made[name]
        return {**self._numbers.tables[name], **self._labels(name)}

    def _labels(self, name: str) -> Mapping:
        from salescourse.simulation import names

        make = {"employees": names.employees, "clients": names.clients}.get(name)
        if name not in self._named:
            size = len(next(iter(self._numbers.tables[name].values())))
            self._named[name] = make(self._numbers.streams, size) if make else {}
        return self._named[name]

    def chunks(self, name: str, rows: int) -> Iterator[pd.DataFrame]:
        """The table in pieces, none of which is kept: so a large company is written."""
        columns, table = self.columns(name), schema.BY_NAME[name]
        if isinstance(columns, pd.DataFrame):
            yield from storage.pieces(columns, rows)
            return
        total = len(next(iter(columns.values())))
        for start in range(0, max(total, 1), rows):
            yield to_frame(table, {k: v[start : start + rows] for k, v in columns.items()})

    def __contains__(self, name: object) -> bool:
        return name in schema.BY_NAME  # without making the table

    def __iter__(self) -> Iterator[str]:
        return iter(table.name for table in schema.TABLES)

    def __len__(self) -> int:
        return len(schema.TABLES)


class Company:
    """Одна фирма: её таблицы из CRM и бухгалтерии на одну дату.

    Parameters
    ----------
    tables : словарь «имя таблицы → DataFrame»
    asof : дата выгрузки; всё, что известно к концу этого дня
    code, edition : код компании и версия генератора; пусто у таблиц, собранных вручную
    name, city : название и город

    Examples
    --------
    >>> company = Company.load("demo")
    >>> company.asof.year
    2026
    >>> len(company.employees[company.employees.left_on.isna()])
    14
    """

    def __init__(
        self,
        tables: Mapping[str, pd.DataFrame],
        asof: object,
        *,
        code: str | None = None,
        edition: int = EDITION,
        name: str = "",
        city: str = "",
    ):
        self.tables = tables
        self.asof = pd.Timestamp(asof)
        self.code = code
        self.edition = edition
        self.name = name
        self.city = city
        self._memo: dict[Any, Any] = {}
        self._numbers = None

    @classmethod
    def generate(cls, code: str, *, scale: float = 1.0) -> Company:
        """Компания по коду. Один и тот же код всегда даёт одну и ту же компанию.

        Parameters
        ----------
        code : код вида «ROP-7F3A-K»; регистр и похожие русские буквы не важны
        scale : во сколько раз больше заявок, клиентов и КП, чем у учебной компании

        Raises
        ------
        BadCode
            Код не распознан; в сообщении сказано, что исправить.

        Examples
        --------
        >>> Company.generate("rop-7f3a-k").code
        'ROP-7F3A-K'
        """
        return cls._from_code(normalise(code), scale=scale)

    @classmethod
    def _from_code(cls, code: str, *, scale: float = 1.0, leak: bool = True) -> Company:
        from salescourse.simulation import generate, names

        numbers = generate.numbers(code, scale=scale, leak=leak)
        made = cls(
            _Lazy(numbers),
            str(ASOF),
            code=code,
            name=names.firm_of(numbers.streams),
            city=numbers.cast.city,
        )
        made._numbers = numbers
        return made

    @classmethod
    def load(cls, where: str | Path) -> Company:
        """Компания из папки, которую записал `save`, или учебная: `Company.load("demo")`.

        Raises
        ------
        StudentError
            В папке нет компании или файлы испорчены.
        """
        if where == "demo":
            from salescourse.paths import course_root

            where = course_root() / "datasets" / "demo"
        folder = Path(where)
        manifest = storage.read_manifest(folder)
        tables = {}
        for table in schema.TABLES:
            frame = storage.read_table(table, folder)
            if frame is None:
                raise StudentError(
                    f"В папке {folder.name} нет таблицы «{table.caption}» "
                    f"({table.name}.parquet или {table.name}.csv)."
                )
            tables[table.name] = frame
        return cls(
            tables,
            manifest.get("asof", str(ASOF)),
            code=manifest.get("code"),
            edition=manifest.get("edition", EDITION),
            name=manifest.get("name", ""),
            city=manifest.get("city", ""),
        )

    def save(
        self,
        folder: str | Path,
        format: str = "parquet",
        progress: Callable[[str], None] = lambda caption: None,
    ) -> Path:
        """Записать таблицы в папку: parquet, csv (для русского Excel) или xlsx (одна книга).

        Каждый файл появляется только целиком. `progress` зовётся с названием таблицы.
        """
        if format not in storage.FORMATS:
            raise StudentError(f"Не знаю формат «{format}». Есть {', '.join(storage.FORMATS)}.")
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        if format == "xlsx":
            storage.write_workbook(self.tables, folder / f"{self.code or 'company'}.xlsx")
            return folder

        def write(table: schema.Table) -> tuple[schema.Table, int]:
            self._digest(table)
            rows = storage.write_table(table, self._chunks(table.name), folder, format)
            return table, rows

        from concurrent.futures import ThreadPoolExecutor

        largest_first = sorted(schema.TABLES, key=lambda table: table.name not in LARGE)
        rows = {}
        with ThreadPoolExecutor(WRITERS) as pool:
            for table, n in pool.map(write, largest_first):
                rows[table.name] = n
                progress(table.caption)
        storage.write_manifest(folder, self._manifest(rows))
        return folder

    def manifest(self) -> dict:
        """Что за компания и каковы хеши её таблиц."""
        return self._manifest({name: len(frame) for name, frame in self.tables.items()})

    def _manifest(self, rows: Mapping[str, int]) -> dict:
        return {
            "code": self.code,
            "edition": self.edition,
            "asof": str(self.asof.date()),
            "name": self.name,
            "city": self.city,
            "content": self.content_hash(),
            "tables": {
                table.name: {"rows": rows[table.name], "hash": self._digest(table)}
                for table in schema.TABLES
            },
        }

    def _chunks(self, name: str) -> Iterator[pd.DataFrame]:
        if isinstance(self.tables, _Lazy):
            return self.tables.chunks(name, storage.CHUNK)
        return storage.pieces(self.tables[name], storage.CHUNK)

    def _digest(self, table: schema.Table) -> str:
        lazy = isinstance(self.tables, _Lazy)
        columns = self.tables.columns(table.name) if lazy else self.tables[table.name]
        return self.memo(("digest", table.name), lambda: digest(table, columns))

    def content_hash(self) -> str:
        """Хеш содержания: не зависит от формата файлов, версий библиотек и компьютера."""
        known = [table for table in schema.TABLES if table.name in self.tables]
        return sha256("".join(self._digest(table) for table in known).encode()).hexdigest()

    @cached_property
    def fingerprint(self) -> str:
        """Начало хеша содержания: по нему узнают, что ответ дан именно на этих данных."""
        return self.content_hash()[:8]

    def validate(self) -> list[str]:
        """Список нарушений: ссылки, порядок дат, будущее, деньги. Пустой — всё в порядке."""
        from salescourse.validation import problems

        return problems(self)

    def without(self, cause: str) -> Company:
        """Та же компания без заложенной причины: «что было бы». Для преподавателя.

        Случайность та же, меняется только причина. Пока есть `"leak"` — главная утечка.
        """
        if cause != "leak":
            raise StudentError(f"Не знаю причины «{cause}». Есть «leak» — главная утечка воронки.")
        if self.code is None:
            raise StudentError("У компании нет кода: пересчитать её без утечки нельзя.")
        return self._from_code(self.code, leak=False)

    def facts(self) -> dict[str, Any]:
        """Что заложено в компанию: для преподавателя и проверок, не для оценок."""
        if self._numbers is None:
            if self.code is None:
                return {}
            return self._from_code(self.code).facts()
        from salescourse.simulation.people import FIRST_SELLER

        cast = self._numbers.cast
        return {
            "leak": cast.leak,
            "leak_campaign": cast.leak_campaign,
            "pilot": cast.pilot,
            "leading": cast.leading,
            "lacks": cast.lacks,
            "pay": cast.pay,
            "city": cast.city,
            "roles": {role.name: FIRST_SELLER + i for i, role in enumerate(cast.roles)},
            "fearful": tuple(FIRST_SELLER + i for i in cast.fearful),
        }

    def memo(self, key: Any, make: Callable[[], Any]) -> Any:
        """Посчитать один раз и запомнить: для дорогих промежуточных таблиц."""
        if key not in self._memo:
            self._memo[key] = make()
        return self._memo[key]

    def __getattr__(self, name: str) -> pd.DataFrame:
        if name in schema.BY_NAME:
            try:
                return self.tables[name]
            except KeyError:
                raise AttributeError(f"в этой компании нет таблицы {name}") from None
        raise AttributeError(f"у компании нет «{name}»")

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *schema.BY_NAME})

    def __repr__(self) -> str:
        return f"<Компания {self.name or 'без названия'}, {self.code or 'без кода'}>"
