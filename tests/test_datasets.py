"""The data dictionary and the demo company are made, not written."""

from __future__ import annotations

import pytest

from salescourse import schema
from salescourse.authoring import datasets
from salescourse.authoring.notebooks import ROOT
from salescourse.company import Company


@pytest.fixture(scope="module")
def demo() -> Company:
    return Company.load("demo")


def test_the_dictionary_names_every_column_in_russian(demo):
    text = datasets.data_dictionary(demo)
    for table in schema.TABLES:
        assert f"## {table.caption}\n" in text
        for column in table.columns:
            assert f"| {column.caption} | `{column.name}` |" in text


def test_captions_of_a_table_differ_and_are_russian():
    for table in schema.TABLES:
        captions = list(table.captions.values())
        assert len(set(captions)) == len(captions), table.name
        assert all(not any("a" <= c.lower() <= "z" for c in caption) for caption in captions)


def test_the_committed_datasets_are_fresh():
    assert datasets.build_datasets(ROOT, check=True) == []


def test_building_mends_what_is_stale_and_leaves_the_rest(tmp_path):
    assert datasets.build_datasets(tmp_path) == ["datasets/demo", "datasets/README.md"]
    assert datasets.build_datasets(tmp_path, check=True) == []
    (tmp_path / "datasets/README.md").write_text("правка руками", encoding="utf-8")
    (tmp_path / "datasets/demo/deals.csv").unlink()
    assert datasets.build_datasets(tmp_path, check=True) == ["datasets/demo", "datasets/README.md"]
    assert (tmp_path / "datasets/README.md").read_text(encoding="utf-8") == "правка руками"
    datasets.build_datasets(tmp_path)
    assert datasets.build_datasets(tmp_path, check=True) == []
