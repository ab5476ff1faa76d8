"""Who is who: a seller from whatever a student typed, and how to write them down."""

from __future__ import annotations

from numbers import Integral
from typing import TYPE_CHECKING

from salescourse.errors import StudentError, nearest
from salescourse.funnel.leads import table
from salescourse.text import NBSP

if TYPE_CHECKING:
    from salescourse.company import Company


def sellers(company: Company) -> dict[int, str]:
    """Full names of everybody who was given leads, by id, in the order of ids."""

    def make() -> dict[int, str]:
        owners = sorted(set(table(company)["owner_id"].tolist()))
        people = company.employees.set_index("employee_id")["fio"]
        return {int(i): str(people.get(i, f"Сотрудник {i}")) for i in owners}

    return company.memo("funnel.sellers", make)


def name(company: Company, who: object) -> str:
    """Фамилия и инициалы продавца: «Иванова А. П.».

    Parameters
    ----------
    who : номер сотрудника или фамилия

    Raises
    ------
    StudentError
        Такого продавца нет.

    Examples
    --------
    >>> company = Company.load("demo")
    >>> name(company, company.leads["owner_id"].iloc[0]).endswith(".")
    True
    """
    return names(company)[person(company, who)]


def names(company: Company) -> dict[int, str]:
    """Short names of all sellers by id."""

    def make() -> dict[int, str]:
        return {number: _short(fio) for number, fio in sellers(company).items()}

    return company.memo("funnel.names", make)


def _short(fio: str) -> str:
    surname, *rest = fio.split()
    return NBSP.join([surname, *(f"{word[0]}." for word in rest if word[0].isalpha())])


def person(company: Company, who: object) -> int:
    """Номер продавца по фамилии, фамилии с инициалами, полному имени или номеру.

    Raises
    ------
    StudentError
        Такого продавца нет или подходит больше одного.

    Examples
    --------
    >>> company = Company.load("demo")
    >>> number = int(company.leads["owner_id"].iloc[0])
    >>> person(company, name(company, number)) == number
    True
    """
    known = sellers(company)
    if not isinstance(who, str):
        whole = isinstance(who, Integral) and not isinstance(who, bool)
        if whole and int(who) in known:
            return int(who)
        raise StudentError(
            f"Нет продавца «{_plain(who)}». Дайте фамилию в кавычках или номер сотрудника."
        )
    typed = _words(who)
    if len(typed) == 1 and typed[0].isdigit() and int(typed[0]) in known:
        return int(typed[0])
    found = [number for number, fio in known.items() if _fits(typed, _words(fio))]
    if len(found) == 1:
        return found[0]
    if found:
        both = ", ".join(f"{_short(known[n])} (номер {n})" for n in found)
        raise StudentError(f"«{_plain(who)}» — таких несколько: {both}. Допишите инициалы.")
    surnames = [fio.split()[0] for fio in known.values()]
    surname = who.split()[0] if who.split() else ""
    raise StudentError(
        f"Нет продавца «{_plain(who)}». Есть: {', '.join(surnames)}.{nearest(surname, surnames)}"
    )


def _plain(who: object) -> str:
    return str(who)[:40] if isinstance(who, str | int | float) else type(who).__name__


def _words(text: str) -> list[str]:
    return text.casefold().replace("ё", "е").replace(".", " ").split()


def _fits(typed: list[str], fio: list[str]) -> bool:
    """The surname in full, then names or their first letters in order."""
    if not typed or len(typed) > len(fio) or typed[0] != fio[0]:
        return False
    rest = zip(typed[1:], fio[1:], strict=False)
    return all(word == full or (len(word) == 1 and full[0] == word) for word, full in rest)
