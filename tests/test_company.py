"""A company: from a code, consistent, the same everywhere, in files and back."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from salescourse import schema
from salescourse.codes import COUNT, BadCode, from_number
from salescourse.company import Company
from salescourse.errors import StudentError
from salescourse.paths import course_root

CODE = "ROP-7F3A-K"
SOME = [from_number(n * 20_011 % COUNT) for n in range(1, 9)]


@pytest.fixture(scope="module")
def company() -> Company:
    return Company.generate(CODE)


# From a code ---------------------------------------------------------------------------------


def test_the_same_code_gives_the_same_company(company):
    again = Company.generate("роп 7f3a к")
    assert again.code == CODE
    assert again.content_hash() == company.content_hash()


def test_content_hash_is_the_contract_of_this_edition(company):
    """Other bytes mean another company in students' hands: raise EDITION and the demo with it."""
    assert company.content_hash()[:16] == "8ef71b7a83aa5915"


def test_neighbours_have_different_companies():
    made = [Company.generate(code) for code in SOME]
    assert len({c.content_hash() for c in made}) == len(made)
    assert len({tuple(sorted(c.facts()["roles"].items())) for c in made}) == len(made)
    assert len({c.facts()["leak"] for c in made}) > 1


@pytest.mark.parametrize("code", SOME)
def test_every_company_is_consistent(code):
    assert Company.generate(code).validate() == []


def test_a_bad_code_makes_no_company():
    with pytest.raises(BadCode):
        Company.generate("ROP-7F3A-M")


def test_tables_are_those_of_the_schema(company):
    for table in schema.TABLES:
        frame = company.tables[table.name]
        assert list(frame.columns) == [c.name for c in table.columns], table.name
        assert len(frame) > 0
        for column in table.columns:
            if not column.nullable:
                assert frame[column.name].notna().all(), (table.name, column.name)


def test_scale_multiplies_leads_and_deals(company):
    larger = Company.generate(CODE, scale=3)
    assert len(larger.deals) == pytest.approx(3 * len(company.deals), rel=0.02)
    assert larger.validate() == []


def test_nothing_is_known_after_the_as_of_date(company):
    end = company.asof + pd.Timedelta(days=1)
    assert company.activities["at"].max() < end
    assert company.stage_history.entered_at.max() < end
    assert (company.deals.status == "открыта").any()


# Validation finds what is wrong ----------------------------------------------------------------


def spoil(company: Company, table: str, change) -> Company:
    frames = {name: frame.copy() for name, frame in company.tables.items()}
    change(frames[table])
    return Company(frames, company.asof)


@pytest.mark.parametrize(
    ("table", "change", "words"),
    [
        ("orders", lambda t: t.__setitem__("gp", t.gp + (t.index == 7)), "ВП не равна выручке"),
        ("orders", lambda t: t.__setitem__("client_id", t.client_id + 10**6 * (t.index == 3)),
         "ни на что не указывает"),
        ("leads", lambda t: t.__setitem__("lead_id", t.lead_id.where(t.index != 1, 1)),
         "повторяется ключ"),
        ("activities", lambda t: t.__setitem__("at", t["at"] + pd.Timedelta(days=400)),
         "позже даты выгрузки"),
        ("deals", lambda t: t.__setitem__("closed_at", t.closed_at - pd.Timedelta(days=900)),
         "раньше, чем"),
        ("payroll", lambda t: t.__setitem__("fact_gp", t.fact_gp + (t.index == 5)),
         "не сходится с оплатами"),
        ("pnl", lambda t: t.__setitem__("payroll_mop", t.payroll_mop + 1), "ФОТ не сходится"),
    ],
)  # fmt: skip
def test_validate_names_the_violation(company, table, change, words):
    found = spoil(company, table, change).validate()
    assert any(words in sentence for sentence in found), found
    assert any(schema.BY_NAME[table].caption in sentence for sentence in found)


# What if ----------------------------------------------------------------------------------------


def test_without_its_leak_the_same_leads_get_further():
    for code in SOME[:4]:
        company = Company.generate(code)
        mended = company.without("leak")
        assert mended.leads.created_at.equals(company.leads.created_at)
        better = (mended.deals.status == "оплачена").sum()
        assert better > (company.deals.status == "оплачена").sum()


def test_without_its_leak_other_sellers_leads_stay_as_they_were():
    code = next(c for c in SOME if Company.generate(c).facts()["leak"] != "source")
    company = Company.generate(code)
    mended = company.without("leak")
    leaky = company.facts()["roles"]["leak"]
    kept = company.leads[(company.leads.owner_id != leaky) & company.leads.mark.isna()]
    same = mended.leads.set_index("lead_id").is_qualified.reindex(kept.lead_id)
    assert (same.to_numpy() == kept.is_qualified.to_numpy()).mean() > 0.999


def test_an_unknown_cause_is_named():
    with pytest.raises(StudentError, match="leak"):
        Company.generate(CODE).without("всё")


# Files -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("format", ["parquet", "csv"])
def test_a_saved_company_comes_back_the_same(company, tmp_path, format):
    folder = company.save(tmp_path / "Моя фирма (1)", format)
    back = Company.load(folder)
    assert back.content_hash() == company.content_hash()
    assert (back.code, back.name, back.asof) == (company.code, company.name, company.asof)
    assert back.validate() == []


def test_csv_is_what_a_russian_excel_opens(company, tmp_path):
    company.save(tmp_path, "csv")
    raw = (tmp_path / "deals.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    head, first, *_ = raw.decode("utf-8-sig").split("\r\n")
    assert head.split(";")[:3] == ["Номер сделки", "Номер заявки", "Номер клиента"]
    assert len(first.split(";")) == len(head.split(";"))
    discounts = company.deals.discount_pct.dropna()
    text = (tmp_path / "deals.csv").read_text(encoding="utf-8-sig")
    assert (discounts % 1 == 0).all() or "," in text


def test_an_excel_book_opens_and_holds_the_same_figures(company, tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    small = Company(
        {name: frame.head(200) for name, frame in company.tables.items()},
        company.asof,
        code=CODE,
    )
    small.save(tmp_path, "xlsx")
    book = openpyxl.load_workbook(tmp_path / f"{CODE}.xlsx", read_only=True)
    assert book.sheetnames == [table.caption for table in schema.TABLES]
    rows = list(book["Заказы"].iter_rows(values_only=True))
    assert rows[0] == tuple(schema.BY_NAME["orders"].captions.values())
    revenue = rows[0].index("Выручка")
    assert [row[revenue] for row in rows[1:]] == company.orders.revenue.head(200).tolist()
    ordered = rows[0].index("Заказан")
    assert rows[1][ordered] == company.orders.ordered_at.iloc[0].to_pydatetime()


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_a_formula_in_a_name_stays_text(company, tmp_path, format):
    frames = {name: frame.head(50).copy() for name, frame in company.tables.items()}
    frames["clients"].loc[frames["clients"].index[0], "name"] = '=HYPERLINK("http://x";"y")'
    hostile = Company(frames, company.asof, code=CODE)
    hostile.save(tmp_path, format)
    if format == "csv":
        cell = (tmp_path / "clients.csv").read_text(encoding="utf-8-sig").splitlines()[1]
        assert "'=HYPERLINK" in cell
        assert Company.load(tmp_path).clients.name.iloc[0].startswith("=HYPERLINK")
    else:
        openpyxl = pytest.importorskip("openpyxl")
        book = openpyxl.load_workbook(tmp_path / f"{CODE}.xlsx")
        cell = book["Клиенты"].cell(2, 2)
        assert (cell.data_type, cell.value[:2]) == ("s", "'=")


def test_a_failed_save_leaves_the_old_files(company, tmp_path, monkeypatch):
    company.save(tmp_path, "csv")
    before = (tmp_path / "deals.csv").read_bytes()

    def fail(*args, **kwargs):
        raise OSError("диск полон")

    monkeypatch.setattr(pd.DataFrame, "to_csv", fail)
    with pytest.raises(OSError):
        Company.generate(SOME[0]).save(tmp_path, "csv")
    assert (tmp_path / "deals.csv").read_bytes() == before
    assert not list(tmp_path.glob(".~*"))


def test_an_unknown_format_names_those_there_are(company, tmp_path):
    with pytest.raises(StudentError, match="parquet, csv, xlsx"):
        company.save(tmp_path, "json")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("manifest.json", b"\xff\x00"),
        ("manifest.json", b"[1]"),
        ("deals.csv", b"\x00\x01\x02"),
        ("deals.csv", "Номер сделки\n1\n".encode()),
        ("deals.csv", b""),
        ("leads.csv", b"a;b\r\n=1+1;<script>\r\n"),
    ],
)
def test_a_spoilt_folder_gets_a_russian_sentence(company, tmp_path, name, content):
    company.save(tmp_path, "csv")
    (tmp_path / name).write_bytes(content)
    with pytest.raises(StudentError):
        Company.load(tmp_path)


def test_a_folder_without_a_company_says_so(tmp_path):
    with pytest.raises(StudentError, match="нет компании"):
        Company.load(tmp_path)


def test_a_pickle_is_never_read(company, tmp_path):
    company.save(tmp_path, "parquet")
    (tmp_path / "deals.parquet").write_bytes(b"\x80\x04cos\nsystem\n(S'touch pwned'\ntR.")
    with pytest.raises(StudentError):
        Company.load(tmp_path)


# The demo company ---------------------------------------------------------------------------------


def test_the_demo_company_is_what_its_code_makes():
    demo = Company.load("demo")
    assert demo.content_hash() == Company.generate(demo.code).content_hash()
    assert demo.validate() == []


def test_the_csv_mirror_and_the_manifest_agree_with_the_parquet(tmp_path):
    folder = course_root() / "datasets"
    manifest = json.loads((folder / "demo" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["content"] == Company.load("demo").content_hash()
    for path in [*(folder / "demo").glob("*.csv"), folder / "demo" / "manifest.json"]:
        shutil.copy(path, tmp_path)
    mirror = Company.load(tmp_path)
    assert mirror.content_hash() == manifest["content"]


def test_a_company_needs_no_arrow_as_in_a_browser_kernel(tmp_path):
    """A kernel without pyarrow: generate, save and load CSV, the demo from its mirror."""
    script = f"""
import sys
sys.modules["pyarrow"] = None
from salescourse.company import Company
company = Company.generate("{CODE}")
company.save(sys.argv[1], "csv")
assert Company.load(sys.argv[1]).content_hash() == company.content_hash()
demo = Company.load("demo")
print(company.content_hash(), demo.content_hash())
"""
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    hashes = done.stdout.split()
    assert hashes == [Company.generate(CODE).content_hash(), Company.load("demo").content_hash()]


def test_numbers_are_whole_roubles(company):
    for table in schema.TABLES:
        for column in table.columns:
            if column.dtype == schema.MONEY:
                values = company.tables[table.name][column.name].dropna()
                assert np.issubdtype(values.to_numpy(dtype=np.int64).dtype, np.integer)
                assert (values >= 0).all() or column.name in {"gp"}, (table.name, column.name)
