"""The report in words: what needs the instructor's eye, by student, with what to do."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from salescourse.grading import remarks
from salescourse.grading.remarks import KINDS, Remark
from salescourse.grading.roster import Person, plain
from salescourse.storage import replacing

QUIET = (remarks.MISSING, remarks.REPEATED)  # nothing to do: in the report, not on the screen
NOBODY = "Файлы, которые никому не засчитаны"


def lines(found: Iterable[Remark], people: dict[str, Person]) -> list[str]:
    """The report as lines of text: whoever has a name by name, files of nobody last."""
    groups: dict[str, list[Remark]] = {}
    for remark in found:
        groups.setdefault(remark.code, []).append(remark)

    def name(code: str) -> str:
        return people[code].name if code in people else code

    out = []
    for code in sorted(groups, key=lambda c: (not c, plain(name(c)), c)):
        named = name(code) != code
        out.append((f"{name(code)}, {code}" if named else code) if code else NOBODY)
        for remark in dict.fromkeys(groups[code]):
            where = f" [{remark.where}]" if remark.where else ""
            out.append(f"  • {remark.what}{where}")
            out.append(f"    {remark.advice}")
        out.append("")
    return out


def counts(found: Iterable[Remark]) -> list[tuple[str, int]]:
    """What happened how many times, in the order of `KINDS`; the quiet kinds left out."""
    kinds = [remark.kind for remark in found]
    return [(KINDS[k][0], kinds.count(k)) for k in KINDS if k in kinds and k not in QUIET]


def write(path: Path, found: Iterable[Remark], people: dict[str, Person]) -> None:
    """Write the report; it appears only whole. Raises `OSError`."""
    text = "\n".join(lines(found, people)) or "Замечаний нет.\n"
    with replacing(Path(path)) as temporary:
        temporary.write_text(text, encoding="utf-8-sig", errors="replace", newline="\r\n")
