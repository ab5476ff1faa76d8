"""What is installed, what the wheel carries, and three lists of dependencies that agree."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from salescourse.paths import course_root

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
TO_CONDA = {"matplotlib": "matplotlib-base"}  # without Qt: figures are drawn in the notebook


def needs(lines: list[str]) -> dict[str, Requirement]:
    found = [Requirement(line) for line in lines]
    return {canonicalize_name(need.name): need for need in found if need.name != "salescourse"}


CORE, LAB = needs(PROJECT["dependencies"]), needs(EXTRAS["lab"])
DEV = CORE | LAB | needs(EXTRAS["grade"]) | needs(EXTRAS["dev"])


def constraints() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return dict(line.split("==") for line in lines if line and not line.startswith("#"))


def environment() -> tuple[dict[str, str], list[str]]:
    """Conda's packages with their versions, and the lines for pip; a subset of YAML is enough."""
    lines = (ROOT / "environment.yml").read_text(encoding="utf-8").splitlines()
    lines = lines[lines.index("dependencies:") + 1 :]
    conda = [line[4:] for line in lines if re.match(r"  - [^:]*$", line)]
    pip = [line[8:] for line in lines if line.startswith("      - ")]
    pairs = [re.fullmatch(r"([\w-]+?)(?:=?([<>=].*|[\d.]+))?", line).groups() for line in conda]
    return {name: version or "" for name, version in pairs}, pip


# Dependencies -------------------------------------------------------------------------------


def test_constraints_are_exact_sorted_and_name_no_index():
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if not line.startswith("#")]
    assert all(re.fullmatch(r"[a-z0-9-]+==[0-9][0-9a-z.]*", pin) for pin in pins)
    names = [pin.split("==")[0] for pin in pins]
    assert names == sorted(set(names))
    assert [canonicalize_name(name) for name in names] == names


@pytest.mark.parametrize("name", sorted(DEV))
def test_every_dependency_is_constrained_to_a_version_that_fits(name):
    assert DEV[name].specifier.contains(constraints()[name], prereleases=True)


@pytest.mark.parametrize("name", ["playwright", "pip", "setuptools", "salescourse", "nbgrader"])
def test_constraints_hold_nothing_that_dev_does_not_bring(name):
    assert name not in constraints()


def test_dev_holds_lab_and_grade():
    own = next(need for need in map(Requirement, EXTRAS["dev"]) if need.name == "salescourse")
    assert own.extras == {"lab", "grade"}


def test_faker_is_pinned_to_the_patch_everywhere():
    assert str(CORE["faker"].specifier) == f"=={constraints()['faker']}"
    assert environment()[0]["faker"] == constraints()["faker"]


def test_conda_brings_core_and_lab_in_the_tested_versions():
    conda, pip = environment()
    by_pip = {canonicalize_name(line.split("==")[0]): line.split("==")[1] for line in pip[:-1]}
    assert pip[-1] == "-e ."
    wanted = {TO_CONDA.get(name, name): constraints()[name] for name in CORE | LAB}
    assert set(conda) - {"python", "pip"} | set(by_pip) == set(wanted)
    for name, version in by_pip.items():
        assert version == wanted[name]
    for name in set(wanted) - set(by_pip):
        assert (wanted[name] + ".").startswith(conda[name] + "."), name


def test_python_is_the_same_everywhere():
    lowest = SpecifierSet(PROJECT["requires-python"])
    conda = SpecifierSet(environment()[0]["python"])
    classified = [c.rpartition(" ")[2] for c in PROJECT["classifiers"] if re.search(r":: 3\.\d", c)]
    assert classified == ["3.11", "3.12", "3.13"]
    for version in classified:
        assert version in lowest
        assert version in conda
    assert "3.10" not in lowest
    assert "3.10" not in conda


# The readmes and CI -------------------------------------------------------------------------


def commands(name: str) -> list[str]:
    text = (ROOT / name).read_text(encoding="utf-8")
    return re.findall(r"^```(?:bash|powershell)\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


def test_both_readmes_hold_the_same_commands():
    assert commands("README.md") == commands("README.en.md")
    typed = [
        re.findall(r"`(salescourse [^`]+|python -m [^`]+)`", (ROOT / name).read_text("utf-8"))
        for name in ("README.md", "README.en.md")
    ]
    assert set(typed[0]) >= set(typed[1])
    assert "python -m salescourse start" in typed[1]


@pytest.mark.parametrize(
    "command",
    [
        'pip install -c constraints.txt -e ".[lab]" && salescourse start\n',
        'pip install -c constraints.txt -e ".[dev]" && pytest\n',
    ],
)
def test_readme_holds_the_two_commands(command):
    assert command in commands("README.md")
    first, second = command.split(" && ")
    assert f"{first}\n{second}" in commands("README.md")  # for PowerShell


def test_readme_links_lead_somewhere():
    for name in ("README.md", "README.en.md", "CONTRIBUTING.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        links = re.findall(r"\]\((?!https?:)([^)#]+)\)", text)
        assert [link for link in links if not (ROOT / link).exists()] == []


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps no execute bit")
def test_ci_runs_the_readmes_test_command():
    script = ROOT / ".ci" / "run"
    text = script.read_text(encoding="utf-8")
    assert os.access(script, os.X_OK)
    for part in ('-c constraints.txt -e ".[dev]"', "pytest", "build --check", "verify --codes"):
        assert part in text


# The wheel ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def inside(wheel: Path) -> set[str]:
    return set(zipfile.ZipFile(wheel).namelist())


def test_wheel_carries_what_a_student_reads(wheel):
    names = inside(wheel)
    for kind in ("notebooks", "exercises"):
        for path in (ROOT / kind).glob("*.ipynb"):
            assert f"salescourse/course/{kind}/{path.name}" in names
    for path in (ROOT / "datasets" / "demo").glob("*.*"):
        assert f"salescourse/course/datasets/demo/{path.name}" in names
    assert "salescourse/labconfig/page_config.json" in names
    assert "salescourse/labconfig/default_setting_overrides.json" in names


def test_wheel_carries_the_instructors_page(wheel):
    own = ROOT / "salescourse" / "grading"
    pages = [p for p in own.rglob("*") if p.suffix in (".html", ".css", ".js", ".svg")]
    assert len(pages) > 8
    assert {p.relative_to(ROOT).as_posix() for p in pages} <= inside(wheel)


def test_wheel_carries_no_solutions(wheel):
    names = inside(wheel)
    assert [name for name in names if "/src/" in name or "solved" in name] == []
    assert {name.split("/")[0].split("-")[0] for name in names} == {"salescourse"}
    with zipfile.ZipFile(wheel) as archive:
        leaks = [
            name
            for name in names
            if name.startswith("salescourse/course/exercises/")
            and "# решение" in archive.read(name).decode("utf-8")
        ]
    assert leaks == []


SEEN = """
import json, salescourse.doctor
from salescourse.company import Company
from salescourse.paths import course_root
print(json.dumps({
    "root": str(course_root()),
    "file": salescourse.__file__,
    "code": Company.load("demo").code,
    "tested": salescourse.doctor.tested_versions().get("faker"),
}))
"""


def test_installed_wheel_finds_its_course_in_a_folder_with_a_russian_name(wheel, tmp_path):
    target = tmp_path / "Мои программы"
    pip = [sys.executable, "-m", "pip", "install", "--no-deps", "--no-index", "--quiet"]
    subprocess.run([*pip, "--target", str(target), str(wheel)], check=True, capture_output=True)
    done = subprocess.run(
        [sys.executable, "-c", SEEN],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(target), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    seen = json.loads(done.stdout)
    assert Path(seen["file"]) == target / "salescourse" / "__init__.py"
    assert Path(seen["root"]) == target / "salescourse" / "course"
    assert seen["code"].startswith("ROP-")
    assert seen["tested"] == constraints()["faker"]


def test_checkout_finds_its_own_course():
    assert course_root() == ROOT
