"""What the student's commands answer: one output each, as HTML and as plain text.

Ink comes from JupyterLab's own variables and falls back to the page's colour, so that
both themes read well; the coloured edge only repeats what the icon and the word say.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from salescourse.cards import INK, LINE, MUTED
from salescourse.output import show_bundle
from salescourse.records import MIME
from salescourse.tasks import ASK, NOT_YET, NOTED, OPEN, PARTLY, RIGHT, UNCLEAR, WORDS

if TYPE_CHECKING:
    from salescourse.records import Record
    from salescourse.tasks import Outcome

NOTE, FAILED = "note", "failed"  # a reply that is no outcome; an error before the check
LOOKS = {  # icon and edge
    RIGHT: ("✔", "var(--jp-success-color1,#388e3c)"),
    PARTLY: ("◐", "var(--jp-warn-color1,#f57c00)"),
    NOT_YET: ("○", "var(--jp-warn-color1,#f57c00)"),
    OPEN: ("…", LINE),
    NOTED: ("●", "var(--jp-brand-color1,#1565c0)"),
    UNCLEAR: ("?", "var(--jp-info-color1,#0097a7)"),
    NOTE: ("→", "var(--jp-brand-color1,#1565c0)"),
    FAILED: ("!", "var(--jp-error-color1,#d32f2f)"),
}


def outcome(result: Outcome, record: Record | None) -> tuple[str, str]:
    """The answer to `check`; the record travels in the HTML too, for places that drop its type."""
    return framed(result.kind, result.text, record=record), result.text


def note(text: str, kind: str = NOTE) -> tuple[str, str]:
    """A short reply in words."""
    return framed(kind, text), text


def framed(kind: str, text: str, *, below: str = "", record: Record | None = None) -> str:
    """Text in a frame of its kind; `below` is ready HTML."""
    icon, edge = LOOKS[kind]
    carried = f' data-salescourse="{escape(record.line())}"' if record else ""
    return (
        f'<div class="salescourse"{carried} style="border:1px solid {LINE};'
        f"border-left:4px solid {edge};border-radius:4px;padding:8px 14px;margin:4px 0;"
        f'max-width:46em;line-height:1.5;{INK}"><span aria-hidden="true" '
        f'style="display:inline-block;width:1.4em;font-weight:600">{icon}</span>'
        f"{rich(text)}{below}</div>"
    )


def rich(text: str) -> str:
    """Escaped text with the outcome's word in bold and `code` as code."""
    words = sorted({*WORDS.values(), ASK}, key=len, reverse=True)
    html = escape(text)
    html = re.sub(r"`([^`\n]+)`", r"<code>\1</code>", html)
    html = re.sub(rf"^({'|'.join(words)})\b", r"<b>\1</b>", html)
    return html.replace("\n", "<br>")


def table(title: str, rows: list[tuple[str, ...]], heads: tuple[str, ...], last: str) -> tuple:
    """A small table with a heading and a closing line: (html, plain text)."""
    head = "".join(
        f'<th scope="col" style="text-align:left;padding:2px 16px 2px 0;{MUTED}">{escape(h)}</th>'
        for h in heads
    )
    body = "".join(
        "<tr>"
        + "".join(f'<td style="text-align:left;padding:2px 16px 2px 0">{rich(c)}</td>' for c in row)
        + "</tr>"
        for row in rows
    )
    below = (
        f'<table style="border:none;margin:6px 0;{INK}"><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table><div>{rich(last)}</div>"
    )
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    lines = [
        "  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
    return framed(NOTE, title, below=below), "\n".join([title, *lines, last])


# Putting it under the cell ------------------------------------------------------------------


def emit(html: str, plain: str, *, record: Record | None = None) -> None:
    """One output of the cell; plain text where there is no IPython."""
    bundle: dict = {"text/html": html, "text/plain": plain}
    if record:
        bundle[MIME] = record.as_json()
    show_bundle(bundle)
