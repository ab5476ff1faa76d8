"""What breaks in a student's cell, met in Russian, with the original folded below.

An IPython exception handler: `from salescourse import *` installs it where students
work. Builds, CI and plain Python keep their tracebacks.
"""

from __future__ import annotations

import sys
import traceback
from html import escape

from salescourse.errors import StudentError
from salescourse.output import shell
from salescourse.text import clean
from salescourse.workplace import in_build

ORIGINAL = 20_000  # characters of the original message that are worth folding
QUIET = (StudentError, KeyboardInterrupt)  # their own words say all


def install() -> bool:
    """Meet errors of the running IPython in Russian; False where that is not wanted."""
    running = shell()
    if running is None or in_build():
        return False
    running.set_custom_exc((Exception, KeyboardInterrupt), _handle)
    return True


def _handle(running, etype, error, tb, tb_offset=None) -> list[str]:
    """What IPython calls. Whatever goes wrong here, the student gets the original."""
    try:
        from salescourse import replies

        original = _original(etype, error, _from_the_cell(running, tb))
        message = _message(running, error, tb)
        html, plain = reply(message, original, folded=not isinstance(error, QUIET))
        sys.last_type, sys.last_value, sys.last_traceback = etype, error, tb  # for %tb
        replies.emit(html, plain)
    except Exception:
        running.showtraceback((etype, error, tb))
        return []
    lines = original.splitlines(keepends=True)
    if hasattr(running, "_last_traceback"):
        running._last_traceback = lines  # what nbclient tells an author
    return lines


def _message(running, error: BaseException, tb) -> str:
    from salescourse.slips import Trouble, explain

    try:
        return explain(Trouble(error, running.user_ns, tb))
    except Exception:  # a student's object that objects to being looked at
        return "Ячейка не досчиталась. Сверьте её с уроком или верните, как было."


def _from_the_cell(running, tb):
    """The traceback without IPython's own frames."""
    step = tb
    while step is not None and step.tb_frame.f_globals is not running.user_ns:
        step = step.tb_next
    return step or tb


def _original(etype, error: BaseException, tb) -> str:
    try:
        return "".join(traceback.format_exception(etype, error, tb))[-ORIGINAL:]
    except Exception:
        return str.__str__(getattr(etype, "__name__", "Exception"))


def reply(message: str, original: str, *, folded: bool) -> tuple[str, str]:
    """The message with the original below it: (html, plain text)."""
    from salescourse import replies

    if not folded:
        return replies.note(message, replies.FAILED)
    below = (
        f'<details style="margin-top:6px;{replies.MUTED}"><summary>Исходное сообщение</summary>'
        f'<pre style="white-space:pre-wrap;{replies.INK}">{escape(original)}</pre></details>'
    )
    last = clean(original.strip().rpartition("\n")[2], 200)
    html = replies.framed(replies.FAILED, message, below=below)
    return html, f"{message}\nИсходное сообщение: {last}"
