"""What a student's slip was, told in Russian: one module a family of errors.

Each rule takes a `Trouble` and returns a message, or None if the slip is not its own.
"""

from __future__ import annotations

from salescourse.slips.calls import of_call
from salescourse.slips.names import of_name
from salescourse.slips.other import of_any
from salescourse.slips.syntax import of_syntax
from salescourse.slips.tables import of_table
from salescourse.slips.trouble import Trouble

RULES = (of_syntax, of_name, of_call, of_table, of_any)

__all__ = ["RULES", "Trouble", "explain"]


def explain(trouble: Trouble) -> str:
    """The first rule that knows this slip; `of_any` knows all."""
    return next(message for rule in RULES if (message := rule(trouble)))
