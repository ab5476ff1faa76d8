"""Labels: nobody's, Russian, and the same for the pinned Faker."""

from __future__ import annotations

import re
from hashlib import sha256

import numpy as np
import pytest

from salescourse.company import Company
from salescourse.simulation import names
from salescourse.simulation.provider import FEMALE, MALE

BRANDS = re.findall(
    r"\w+",
    """
    газпром лукойл роснефть сбер магнит пятёрочка лента ашан метро перекрёсток леруа ozon
    wildberries яндекс мтс билайн мегафон ростелеком камаз автоваз ржд контур битрикс комус
    петрович всеинструменты ситилинк днс эльдорадо мвидео икеа ростех русал северсталь нлмк
    сибур евраз мечел татнефть башнефть транснефть аэрофлот почта втб тинькофф альфа уралхим
    """,
)


@pytest.fixture(scope="module")
def company() -> Company:
    return Company.generate("ROP-7F3A-K")


def test_pools_are_those_of_the_pinned_faker():
    """Another Faker would rename everybody's company: raise the edition together with the pin."""
    pools = names.pools()
    text = "\n".join([*pools.firms, *pools.men, *pools.women])
    assert sha256(text.encode()).hexdigest()[:16] == "b7aa1cbb3f8bbaa4"


def test_no_firm_bears_a_known_brand():
    firms = [firm.lower() for firm in names.pools().firms]
    assert [f for f in firms for brand in BRANDS if brand in re.split(r"[\s-]", f)] == []
    assert [f for f in firms if any(f.startswith(b) for b in BRANDS if len(b) > 4)] == []


def test_a_tax_number_has_a_region_that_does_not_exist(company):
    inn = company.clients.inn.dropna()
    assert inn.str.fullmatch(r"00\d{8}").all()


def test_a_phone_has_a_code_that_nobody_has(company):
    phones = company.clients.phone.dropna()
    digits = phones.str.replace(r"\D", "", regex=True)
    real = digits[digits.str.len() == 11]
    assert real.str.match(r"[78]000").all()
    spoilt = phones[digits.str.len() != 11]
    assert set(spoilt) == {"нет", "0000000"}


def test_mail_goes_nowhere(company):
    assert company.clients.email.dropna().str.endswith(".example").all()


def test_patronymics_agree_with_names():
    for fio in names.pools().women[:300]:
        surname, name, patronymic = fio.split()
        assert patronymic.endswith("на") and name in FEMALE
        assert not surname.endswith(("ов", "ев", "ин"))
    for fio in names.pools().men[:300]:
        surname, name, patronymic = fio.split()
        assert (
            patronymic.endswith("ич")
            and name in MALE
            and not surname.endswith(("ова", "ева", "ина"))
        )


def test_surnames_of_employees_differ_from_their_first_letters_on(company):
    roots = company.employees.fio.str.slice(0, 4)
    assert roots.is_unique


def test_labels_change_no_number(monkeypatch):
    plain = Company.generate("ROP-7F3A-K")
    before, name = plain.deals.gp.sum(), plain.clients.name.iloc[0]
    monkeypatch.setattr(names, "pools", lambda: names.Pools(
        np.array([f"Фирма {i}" for i in range(names.FIRMS)], dtype=object),
        np.array([f"Петров{chr(1072 + i % 32)}{i} Пётр Петрович" for i in range(600)], object),
        np.array([f"Ива{chr(1072 + i % 32)}{i} Анна Петровна" for i in range(600)], object),
    ))  # fmt: skip
    other = Company.generate("ROP-7F3A-K")
    assert other.clients.name.iloc[0] != name
    assert other.deals.gp.sum() == before
