"""Labels from Faker: people, firms, ИНН, phones and mail that can be nobody's.

No answer depends on a label, so Faker may change without changing a mark. The pools are
made once a process from a fixed seed; a company picks from them with its own bits.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from salescourse.simulation.streams import Streams

SEED = 2024
FIRMS, PEOPLE = 4_000, 600


@dataclass(frozen=True)
class Pools:
    """Ready-made labels; `men` and `women` are full names of sellers and contacts."""

    firms: np.ndarray
    men: np.ndarray
    women: np.ndarray


@lru_cache(maxsize=1)
def pools() -> Pools:
    """Every label a company can get, from our Faker provider."""
    from salescourse.simulation.provider import sales_faker

    fake = sales_faker(SEED)
    return Pools(
        firms=_unique(fake.firm, FIRMS),
        men=_unique(fake.man, PEOPLE),
        women=_unique(fake.woman, PEOPLE),
    )


def _unique(make, n: int) -> np.ndarray:
    found: dict[str, None] = {}
    while len(found) < n:
        found[make()] = None
    return np.array(list(found), dtype=object)


def firm_of(streams: Streams) -> str:
    """The name of the company itself."""
    return f"ООО «{pools().firms[-1 - int(streams.one('names/self') * 500)]}»"


def employees(streams: Streams, n: int) -> dict[str, np.ndarray]:
    """Full names with different surnames, so that a surname is enough to name a seller."""
    men, women = pools().men, pools().women
    male = streams.uniform("names/sex", n) < 0.5
    order = streams.order("names/people", PEOPLE)
    names, seen, k = [], set(), 0
    while len(names) < n:
        fio = (men if male[len(names)] else women)[order[k]]
        root = fio.split()[0][:4]
        k += 1
        if root not in seen:
            seen.add(root)
            names.append(fio)
    fio = np.array(names, dtype=object)
    return {"fio": fio}


def clients(streams: Streams, n: int) -> dict[str, np.ndarray]:
    """Names, ИНН, contacts, phones and mail of clients, some of them missing or spoilt."""
    firms = pools().firms
    order = streams.order("names/firms", FIRMS)
    which = order[np.arange(n) % FIRMS]
    form = np.where(streams.uniform("names/form", n) < 0.85, "ООО", "АО")
    again = np.arange(n) // FIRMS
    name = [
        f"{f} «{firms[w]}»" if not a else f"{f} «{firms[w]}-{a + 1}»"
        for f, w, a in zip(form.tolist(), which.tolist(), again.tolist(), strict=True)
    ]
    digits = streams.raw("names/digits", n)
    inn = np.char.add("00", np.char.zfill((digits % np.uint64(10**8)).astype(str), 8))
    u = streams.uniform("names/card", n)
    people = np.concatenate([pools().men, pools().women])
    contact = people[(streams.uniform("names/contact", n) * len(people)).astype(np.int64)]
    site = (which + 1).astype(str)
    mail = np.char.add(np.char.add("zakaz", site), "@firma.example").astype(object)
    return {
        "name": np.array(name, dtype=object),
        "inn": np.where(u < 0.97, inn.astype(object), None),
        "contact_name": np.where((u * 7.0) % 1.0 < 0.65, contact, None),
        "phone": _phones(digits, (u * 13.0) % 1.0),
        "email": np.where((u * 17.0) % 1.0 < 0.6, mail, None),
    }


def _phones(digits: np.ndarray, u: np.ndarray) -> np.ndarray:
    """Numbers in the code 000, which nobody has, written in four ways; some are rubbish."""
    number = np.char.zfill(((digits >> np.uint64(30)) % np.uint64(10**7)).astype(str), 7)
    phone = np.array(
        [
            (
                f"+7 000 {d[:3]}-{d[3:5]}-{d[5:]}",
                f"8 (000) {d[:3]}-{d[3:]}",
                f"7000{d}",
                f"+7000{d}",
            )[int(x * 97) % 4]
            for d, x in zip(number.tolist(), u.tolist(), strict=True)
        ],
        dtype=object,
    )
    phone[u < 0.06] = "0000000"
    phone[u < 0.03] = "нет"
    phone[u > 0.92] = None
    return phone
