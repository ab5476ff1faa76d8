"""Any object whatever as an answer gets an outcome in Russian, never an exception."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from salescourse import records, replies, units
from salescourse.answers import (
    Absolute,
    Choice,
    Choices,
    Config,
    Group,
    Interval,
    Number,
    Parts,
    People,
    Person,
    Relative,
    Table,
    Text,
)
from salescourse.company import Company
from salescourse.tasks import UNDERSTOOD, WORDS, Mistake, Task, evaluate

REASONS = (("speed", "Долго не перезванивали"), ("price", "Цену не назвали <b>"))
PEOPLE = {105: "Иванова Анна Петровна", 106: "Петров Семён Ильич"}
PERCENT = Number("%", Absolute(0.3))
KINDS = {
    "number": (PERCENT, 7.4, 9.0),
    "money": (Number("₽", Relative(0.1)), 250_000, 400_000),
    "interval": (Interval("%"), (5, 9), (1, 2)),
    "choice": (Choice(REASONS), "speed", "price"),
    "choices": (Choices(REASONS), ("speed",), ("price",)),
    "person": (Person(lambda company: PEOPLE), 105, 106),
    "person or nobody": (Person(lambda company: PEOPLE, nobody=True), 0, 105),
    "people": (People(lambda company: PEOPLE), (105,), (105, 106)),
    "table": (Table(("КП", "Оплата"), PERCENT), {"КП": 4, "Оплата": 5}, {"КП": 9, "Оплата": 9}),
    "parts": (
        Parts({"причина": (Choice(REASONS), 1), "доля": (PERCENT, 1)}),
        {"причина": "speed", "доля": 7.4},
        {"доля": 9.0},
    ),
    "config": (
        Config(
            {"скидка": PERCENT},
            lambda value, truth, company: value["скидка"] <= truth["скидка"],
            faults=lambda value, company: ["Скидка велика."],
        ),
        {"скидка": 7.0},
        {"скидка": 9.0},
    ),
    "group": (
        Config(
            {"ступень": Group({"оборот": PERCENT, "порог": PERCENT}, frozenset({"порог"}))},
            lambda value, truth, company: value["ступень"]["оборот"] < 8,
        ),
        {"ступень": {"оборот": 7}},
        {"ступень": {"оборот": 9}},
    ),
    "text": (Text("Рубрика"), None, None),
}
SAMPLES = [
    Task(
        id=f"sample-{i}",
        title="Проба",
        question="Вопрос",
        kind=kind,
        truth=lambda company, truth=truth: truth,
        estimator="дано",
        mistakes=(Mistake("known", lambda company, wrong=wrong: wrong, "Узнали."),),
    )
    for i, (kind, truth, wrong) in enumerate(KINDS.values())
]


@cache
def firm() -> Company:
    return Company.generate("ROP-7F3A-K")


# What students and others may pass ----------------------------------------------------------


class Rage(Exception):
    """What a hostile object raises."""


def _rage(*args, **kwargs):
    raise Rage


SPECIAL = (
    *("__eq__", "__ne__", "__lt__", "__hash__", "__repr__", "__str__", "__bool__", "__len__"),
    *("__iter__", "__next__", "__getitem__", "__contains__", "__float__", "__int__", "__index__"),
    *("__complex__", "__getattr__", "__array__", "__array_interface__", "__call__", "__format__"),
    *("__reduce__", "__dict__", "__bytes__"),
)


class RagingMeta(type):
    """A class that objects to being looked at itself."""

    __eq__ = __hash__ = __repr__ = __instancecheck__ = __subclasscheck__ = _rage

    def __getattribute__(cls, name):
        raise Rage


def raging(base: type, *args) -> object:
    """An instance of a base class all of whose methods raise."""
    own = dict.fromkeys(SPECIAL, _rage)
    own |= {"items": _rage, "keys": _rage, "tolist": _rage, "__class__": property(_rage)}
    kind = type("Rag<i>ing", (base,), {"__new__": base.__new__, **own})
    return kind.__new__(kind, *args)


def holding(thing: object) -> np.ndarray:
    """An array of one object, which numpy does not look into."""
    array = np.empty(1, dtype=object)
    array[0] = thing
    return array


class RagingAttribute:
    """Every attribute raises, methods of `object` too."""

    def __getattribute__(self, name):
        raise Rage


raging_class = RagingMeta("Зло", (), {"__init__": _rage})

TEXTS = st.one_of(
    st.text(max_size=60),
    st.text(
        st.sampled_from("а0123456789,. %₽-−\u00a0\u202f\u202e\x00\x1b<>&\"'«»\ud800"), max_size=30
    ),
    st.sampled_from(
        [
            "<script>alert(1)</script>",
            "<b>а</b>",
            "`rm -rf`",
            "\u202e5,8",
            "٣٫٥",
            "1" * 5000,
            "9" * 59,
            "1e999",
            "-0",
            "İ",
            "ß",
            "К",
            "NaN",
            "%%",
            "а" * 3000,
            "]]>",
        ]
    ),
)
NUMBERS = st.one_of(
    st.integers(),
    st.integers(10**280, 10**320),
    st.floats(),
    st.complex_numbers(),
    st.booleans(),
    st.decimals(),
    st.fractions(),
    st.sampled_from([Decimal("sNaN"), Decimal("1e999999"), Fraction(1, 3), 2**1000, -(2**999)]),
)
THINGS = {  # made inside the test: hypothesis shows what it draws, and some object to that
    "NaN": lambda: np.float64("nan"),
    "float32": lambda: np.float32(7.4),
    "int8": lambda: np.int8(7),
    "longdouble": lambda: np.longdouble(7.4),
    "bool_": lambda: np.bool_(True),
    "datetime64": lambda: np.datetime64("2026-01-01"),
    "timedelta64": lambda: np.timedelta64(3, "D"),
    "str_": lambda: np.str_("7,4"),
    "scalar array": lambda: np.array(7.4),
    "matrix": lambda: np.array([[7.4, 5], [1, 2]]),
    "long array": lambda: np.zeros(1000),
    "empty array": lambda: np.zeros((0, 3)),
    "masked array": lambda: np.ma.masked_array([7.4], mask=[True]),
    "records": lambda: np.zeros(2, dtype=[("a", "f8"), ("b", "U3")]),
    "NA": lambda: pd.NA,
    "NaT": lambda: pd.NaT,
    "moment": lambda: pd.Timestamp("2026-01-01"),
    "twins": lambda: pd.Series([7.4, 5], index=["КП", "КП"]),
    "with a hole": lambda: pd.Series({"КП": 4, "Оплата": pd.NA}, dtype="Int64"),
    "category": lambda: pd.Series(["а"], dtype="category"),
    "long series": lambda: pd.Series(range(1000)),
    "empty frame": pd.DataFrame,
    "levels": lambda: pd.DataFrame(
        [[1, 2]], columns=pd.MultiIndex.from_tuples([("а", 1), ("б", None)])
    ),
    "twin columns": lambda: pd.DataFrame([[1, 2], [3, 4]], columns=["x", "x"]),
    "odd columns": lambda: pd.DataFrame({0.5: ["КП"], None: [4]}),
    "tags for columns": lambda: pd.DataFrame({"<b>": ["КП", "Оплата"], "y": [4, np.nan]}),
    "index": lambda: pd.Index([7.4]),
    "multiindex": lambda: pd.MultiIndex.from_tuples([(1, 2)]),
    "interval": lambda: pd.Interval(5, 9),
    "categorical": lambda: pd.Categorical(["а"]),
    "ellipsis of its own": lambda: NotImplemented,
    "bytes": lambda: b"7.4",
    "memory": lambda: memoryview(b"7"),
    "object": object,
    "class": lambda: type,
    "function": lambda: len,
    "generator": lambda: (i for i in range(3)),
    "range": lambda: range(10**30),
    "keys": lambda: {}.keys(),
    "values": lambda: {"a": 1}.values(),
    "date": lambda: date(2026, 1, 1),
    "module": lambda: np,
    "pattern": lambda: re.compile("а"),
    "error": Rage,
    "company": lambda: firm(),
    "one list many times": lambda: [[[[1] * 400] * 400] * 400] * 400,
    "raging class": lambda: raging_class,
    "raging attribute": RagingAttribute,
    "raging object": lambda: raging(object),
    "raging int": lambda: raging(int, 7),
    "raging float": lambda: raging(float, 7.4),
    "raging str": lambda: raging(str, "7,4"),
    "raging list": lambda: raging(list),
    "raging tuple": lambda: raging(tuple, (7, 4)),
    "raging dict": lambda: raging(dict),
    "raging set": lambda: raging(set),
    "raging in an array": lambda: holding(raging(object)),
    "raging in a series": lambda: pd.Series(holding(raging(object)), dtype=object),
    "raging in a frame": lambda: pd.DataFrame(
        {"a": pd.Series(holding(raging(object)), dtype=object)}
    ),
    "raging deep": lambda: {"КП": [raging(int, 7)], "Оплата": raging(float, 5.0)},
}


@dataclass(frozen=True)
class Thing:
    """Stands for one of `THINGS` until the test makes it."""

    name: str


def made(drawn: Any) -> Any:
    """What was drawn, with the things themselves in place of their names."""
    if type(drawn) is Thing:
        return THINGS[drawn.name]()
    if type(drawn) in (list, tuple):
        return type(drawn)(made(item) for item in drawn)
    if type(drawn) is dict:
        return {key: made(value) for key, value in drawn.items()}
    return drawn


LEAVES = st.one_of(TEXTS, NUMBERS, st.sampled_from(sorted(THINGS)).map(Thing))
KEYS = st.one_of(
    st.sampled_from(["КП", "Оплата", "причина", "доля", "скидка", "от", "до", "<i>"]),
    st.text(max_size=10),
    st.integers(),
    st.floats(),
    st.none(),
    st.tuples(st.integers()),
)
ANYTHING = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.tuples(inner, inner),
        st.dictionaries(KEYS, inner, max_size=4),
    ),
    max_leaves=8,
)
ANSWERS = st.lists(ANYTHING, max_size=3).map(tuple)


class Tags(HTMLParser):
    """Which tags and attributes stand in some HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, tuple[str, ...]]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, tuple(name for name, _ in attrs)))


FRAME = [
    ("div", ("class", "style")),
    ("div", ("class", "data-salescourse", "style")),
    ("span", ("aria-hidden", "style")),
]
INLINE = {("b", ()), ("br", ()), ("code", ())}


def assert_answered(task: Task, raw: tuple, company: Company) -> None:
    """An outcome in Russian whose HTML holds no tag of the answer's."""
    got = evaluate(task, raw, company)
    assert got.kind in WORDS
    assert 0 <= got.share <= 1
    assert 0 <= got.points <= task.points
    assert re.match(r"[А-ЯЁ]", got.text)
    ours = re.sub(r"«[^»]*»", "", got.text)  # what was typed is quoted back
    assert not re.search(r"Error|Traceback", ours)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\u202a-\u202e\ud800-\udfff]", got.text)
    record = records.of(task, got.value, company) if got.kind in UNDERSTOOD else None
    html, plain = replies.outcome(got, record)
    assert plain == got.text
    assert all(tag in FRAME or tag in INLINE for tag in Tags(html).found), html
    if record:
        assert records.parse(record.line()) == record
        again = records.judge(record, task, company)
        assert (again.kind, again.points, again.mistake) == (got.kind, got.points, got.mistake)


@pytest.mark.parametrize("task", SAMPLES, ids=KINDS)
@given(raw=ANSWERS)
@settings(
    deadline=None,
    max_examples=100,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
def test_any_object_at_every_kind_of_answer_gets_an_outcome(task, raw):
    assert_answered(task, made(raw), firm())


@pytest.mark.parametrize("task", units.all_tasks(), ids=lambda task: task.id)
@given(raw=ANSWERS)
@settings(
    deadline=None,
    max_examples=50,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
def test_any_object_at_every_task_of_the_course_gets_an_outcome(task, raw):
    assert_answered(task, made(raw), firm())


@pytest.mark.parametrize("task", SAMPLES, ids=KINDS)
def test_a_strange_object_alone_and_in_company_gets_an_outcome(task):
    for make in THINGS.values():
        assert_answered(task, (make(),), firm())
        assert_answered(task, (1, make()), firm())


@pytest.mark.parametrize("task", SAMPLES, ids=KINDS)
@given(raw=TEXTS)
@settings(deadline=None, max_examples=100)
def test_any_text_at_every_kind_of_answer_gets_an_outcome(task, raw):
    assert_answered(task, (raw,), firm())


def test_a_hostile_object_is_named_in_russian():
    got = evaluate(SAMPLES[0], (raging(object),), firm())
    assert got.text.startswith("Не понял ответ. Вместо числа передано: объект Rag")
    assert "<i>" not in replies.outcome(got, None)[0]


def test_nothing_of_a_hostile_object_is_run():
    calls = []

    class Spy(list):
        def __iter__(self):
            calls.append("iter")
            return iter([])

        def __len__(self):
            calls.append("len")
            return 0

    assert evaluate(SAMPLES[0], (Spy([7.4]),), firm()).points == 1
    assert calls == []
