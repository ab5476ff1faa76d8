"""Ready MIME data under a cell; its plain text where there is no IPython."""

from __future__ import annotations

import sys

CONSOLE = str.maketrans({"₽": "руб.", "−": "-", "→": "->", "\u00a0": " ", "…": "..."})


def shell():
    """The running IPython, or None. Never imports it."""
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython and hasattr(ipython, "get_ipython") else None


def show_bundle(bundle: dict) -> None:
    """Display ready MIME data, or print its plain text outside IPython."""
    if shell() is None:
        to_console(bundle["text/plain"])
    else:
        from IPython.display import display

        display(bundle, raw=True)


def to_console(text: str) -> None:
    """Print, also on a cp1251 console that has no rouble sign."""
    try:
        sys.stdout.write(text + "\n")
    except UnicodeEncodeError:
        code = sys.stdout.encoding or "ascii"
        sys.stdout.write(text.translate(CONSOLE).encode(code, "replace").decode(code) + "\n")
