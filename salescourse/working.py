"""What `how(helper)` shows: the pandas line a helper stands for, and the Excel way."""

from __future__ import annotations

import inspect
from html import escape
from typing import Any

from salescourse import replies
from salescourse.errors import StudentError

USAGE = "Передайте помощника без кавычек и без скобок в конце, например how(funnel.stages)."


def explain(helper: Any) -> tuple[str, str]:
    """How a helper reckons: (html, plain text). Raises `StudentError` if it is no helper."""
    if not callable(helper) or isinstance(helper, str):
        raise StudentError(USAGE)
    pandas, excel = ways(helper)
    name = getattr(helper, "__name__", "помощник")
    first = (inspect.getdoc(helper) or "").partition("\n")[0].strip()
    title = f"{name}: {first}" if first else str(name)
    if not pandas and not excel:
        text = f"{title}\nДля этого помощника разбора нет."
        return replies.framed(replies.NOTE, text), text
    blocks = [(caption, body) for caption, body in (("pandas", pandas), ("Excel", excel)) if body]
    html = "".join(
        f'<div style="margin-top:6px"><b>{caption}</b></div>'
        f'<pre style="margin:2px 0;white-space:pre-wrap;{replies.INK}">{escape(body)}</pre>'
        for caption, body in blocks
    )
    plain = "\n".join([title, *(f"{caption}:\n{body}" for caption, body in blocks)])
    return replies.framed(replies.NOTE, title, below=html), plain


def ways(helper: Any) -> tuple[str, str]:
    """The helper's pandas line and Excel way; empty where it tells none."""
    try:
        working = getattr(helper, "working", None)
        if isinstance(working, dict):
            found = (working.get("pandas"), working.get("excel"))
        elif hasattr(working, "pandas") or hasattr(working, "excel"):
            found = (getattr(working, "pandas", ""), getattr(working, "excel", ""))
        else:
            found = tuple(working or ("", ""))[:2]
        pandas, excel = (part.strip() if isinstance(part, str) else "" for part in found)
    except Exception:  # a student's own object: whatever it does, there is no working in it
        return "", ""
    return pandas, excel
