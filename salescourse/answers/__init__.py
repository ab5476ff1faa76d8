"""Kinds of answer: how each is typed, read, scored and written down."""

from __future__ import annotations

from salescourse.answers.choice import Choice, Choices
from salescourse.answers.compound import Parts, Table
from salescourse.answers.config import Config, Fraction, Group, Text
from salescourse.answers.kind import Absolute, HalfWidth, Kind, NotUnderstood, Relative, share
from salescourse.answers.number import Interval, Number
from salescourse.answers.person import People, Person, short_name

__all__ = [
    "Absolute",
    "Choice",
    "Choices",
    "Config",
    "Fraction",
    "Group",
    "HalfWidth",
    "Interval",
    "Kind",
    "NotUnderstood",
    "Number",
    "Parts",
    "People",
    "Person",
    "Relative",
    "Table",
    "Text",
    "share",
    "short_name",
]
