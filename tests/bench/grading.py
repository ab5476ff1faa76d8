"""Grading in numbers: marks as expected, seconds, CPU a notebook, nbgrader beside it.

    python tests/bench/grading.py [cohort] [hostile] [kill] [large]

`cohort` compares with `nbgrader autograde` on some of the same notebooks in the same run, if
nbgrader is installed. Everything is graded by the command in a fresh process.
"""

from __future__ import annotations

import functools
import importlib.util
import io
import json
import os
import random
import resource
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import zipfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
import schoolwork
from schoolwork import firm, hand_in, notebook, random_codes, record, right, save, slips, slugs

from salescourse import units
from salescourse.grading.grade import GRADEBOOK
from salescourse.grading.gradebook import Gradebook

STUDENTS, SAMPLE, KILLS, MANY = 200, 6, 50, 10_000
STATES = ("решил", "половина", "ошибся", "не трогал")


def cpu(command: list, **how) -> tuple[float, float, float]:
    """Wall seconds, CPU seconds and peak megabytes of a command and all it started."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    text = (
        "import resource, subprocess, sys; r = subprocess.run(sys.argv[1:]);"
        "u = resource.getrusage(resource.RUSAGE_CHILDREN);"
        "print('PEAK', u.ru_maxrss / 1024); sys.exit(r.returncode)"
    )
    done = subprocess.run(
        [sys.executable, "-c", text, *map(str, command)],
        capture_output=True, text=True, encoding="utf-8", **how,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(done.stdout[-2000:] + done.stderr[-4000:])
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - began, spent, float(done.stdout.rpartition("PEAK")[2])


def command(*args: object) -> list:
    return [sys.executable, "-m", "salescourse", *args]


def roster(path: Path, codes: list[str]) -> Path:
    lines = [f"{code};Студент {i}" for i, code in enumerate(codes)]
    path.write_text("\n".join(["Код;ФИО", *lines]), encoding="utf-8-sig")
    return path


# 1. A class ---------------------------------------------------------------------------------


def answers_of(pair: tuple[str, str]) -> tuple[dict, float]:
    """A student's answers by state, and the points they must bring."""
    code, state = pair
    truth, worth = right(code), {t.id: t.points for t in units.all_tasks()}
    if state == "решил":
        return truth, sum(worth[t] for t in truth)
    if state == "половина":
        half = dict(list(truth.items())[::2])
        return half, sum(worth[t] for t in half)
    if state == "ошибся":
        from salescourse.tasks import evaluate

        wrong = {t: v for t, (_, v) in slips(code).items()}
        kinds = {t: units.find(t).kind for t in wrong}
        return wrong, sum(
            evaluate(units.find(t), (kinds[t].from_json(kinds[t].to_json(v)),), firm(code)).points
            for t, v in wrong.items()
        )
    return {}, 0.0


def make(job: tuple[Path, str, str]) -> tuple[str, float]:
    folder, code, state = job
    given, points = answers_of((code, state))
    hand_in(folder, f"{state} {code}", code, given)
    return code, points


def cohort() -> None:
    codes = random_codes(STUDENTS, seed=6)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        jobs = [(folder / "работы", c, STATES[i % 4]) for i, c in enumerate(codes)]
        with ProcessPoolExecutor() as pool:
            expected = dict(pool.map(make, jobs, chunksize=10))
        files = len(list((folder / "работы").rglob("*.ipynb")))
        args = command("grade", folder / "работы", "--out", folder / "out", "--roster",
                       roster(folder / "roster.csv", codes))  # fmt: skip
        wall, spent, peak = cpu(args)
        again_wall, again, _ = cpu(args)
        with Gradebook(folder / "out" / GRADEBOOK) as book:
            got = dict.fromkeys(codes, 0.0)
            for row in book.rows():
                got[row.mark.code] += row.points or 0.0
            alike = [r for r in book.remarks() if r.kind == "alike"]
        wrong = [c for c in codes if abs(got[c] - expected[c]) > 1e-6]
        print(f"cohort: {STUDENTS} codes, {files} notebooks of {', '.join(slugs())}")
        print(f"  marks not as expected: {len(wrong)} {wrong[:3]}; «совпадает»: {len(alike)}")
        print(f"  {wall:.1f} s, {spent:.1f} CPU-s, {1000 * spent / files:.0f} CPU-ms a notebook, "
              f"{peak:.0f} MB")  # fmt: skip
        print(f"  again with kept truths: {again_wall:.1f} s, {again:.1f} CPU-s, "
              f"{1000 * again / files:.1f} CPU-ms a notebook")  # fmt: skip
        if importlib.util.find_spec("nbgrader"):
            peer = stock(folder, [j for j in jobs if j[2] == "решил"][:SAMPLE])
            print(f"  nbgrader autograde, {SAMPLE} solved students: {1000 * peer:.0f} CPU-ms a "
                  f"notebook, {peer / (spent / files):.0f} times ours, "
                  f"{peer / (again / files):.0f} times a re-grade")  # fmt: skip
        else:
            print('  nbgrader is not installed: pip install "salescourse[nbgrader]"')


def stock(folder: Path, jobs: list) -> float:
    """CPU seconds a notebook of nbgrader's own autograde, which executes it."""
    from salescourse.grading.bridge import release

    course = folder / "course"
    names = {p.parent.name: p.name for p in release.release(course, slugs())}
    config = f"c = get_config()\nc.CourseDirectory.root = {str(course)!r}\n"
    (course / "nbgrader_config.py").write_text(config, encoding="utf-8")
    for _, code, _ in jobs:
        for slug in slugs():
            mine = {t: v for t, v in right(code).items() if t.startswith(f"{slug}-")}
            made = release.described(notebook(slug, code, mine), slug)
            save(made, course / "submitted" / code / slug / names[slug])
    spent = 0.0
    env = {k: v for k, v in os.environ.items() if k != "CI"}
    for slug in slugs():
        args = [sys.executable, "-m", "nbgrader", "autograde", slug]
        spent += cpu(args, cwd=course, env=env)[1]
    return spent / len(jobs) / len(slugs())


# 2. A hostile folder ------------------------------------------------------------------------


def hostile() -> None:
    honest, victim, liar = random_codes(3, seed=62)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        work = folder / "работы"
        hand_in(work, "=HYPERLINK(«x») <b>Честный", honest, right(honest))
        hand_in(work, "Жертва", victim, right(victim))
        whole = next(iter(work.rglob("*.ipynb"))).read_bytes()
        bad = work / "враг"
        bad.mkdir()
        (bad / "обрыв.ipynb").write_bytes(whole[: len(whole) // 2])
        with (bad / "200 МБ.ipynb").open("wb") as file:
            file.write(b'{"cells": [')
            file.truncate(200_000_000)
        (bad / "глубоко.ipynb").write_bytes(b'{"cells": ' + b"[" * 500_000)
        (bad / "не тетрадь.ipynb").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(1000))
        (bad / "ссылка.ipynb").symlink_to("/etc/passwd")
        (bad / "папка").symlink_to(folder)
        base = record("funnel-1", 5.0, liar).as_json()
        strange = [
            float("nan"), 10**400, 1e308, True, None, [], {}, [[[[[[[[[[[[[[1]]]]]]]]]]]]]],
            "=HYPERLINK(\"http://x\")", "<script>alert(1)</script>", "\u0000", {"points": 100},
        ]  # fmt: skip
        cells = [base | {"answer": value, "points": 100, "status": "верно"} for value in strange]
        cells += [base | change for change in (
            {"schema": 2}, {"task": "../x"}, {"task": 5}, {"edition": "1"}, {"data": None},
            {"code": {"a": 1}}, {"edition": 99}, {"data": "00000000"}, {"task": "funnel-99"},
        )]  # fmt: skip
        (bad / "записи.ipynb").write_text(dumped(cells), encoding="utf-8")
        (bad / "10 000.ipynb").write_text(dumped([base] * 10_000), encoding="utf-8")
        stolen = record("start-1", 1, victim).as_json()
        (bad / "чужой код.ipynb").write_text(dumped([stolen]), encoding="utf-8")
        with zipfile.ZipFile(bad / "выход.zip", "w") as packed:
            packed.writestr("../../зло.ipynb", whole)
            packed.writestr("/etc/зло.ipynb", whole)
        bomb = io.BytesIO()
        with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as packed:
            for i in range(200):
                packed.writestr(f"{i}.ipynb", bytes(30_000_000))
        (bad / "бомба.zip").write_bytes(bomb.getvalue())
        trap = folder / "выполнено"
        run = f"open({str(trap)!r}, 'w')"
        cell = {"cell_type": "code", "source": run, "outputs": [], "metadata": {}}
        (bad / "код.ipynb").write_text(json.dumps({"cells": [cell]}), encoding="utf-8")
        people = roster(folder / "roster.csv", [honest, victim, liar])
        args = command("grade", work, "--out", folder / "out", "--roster", people)
        wall, spent, peak = cpu(args)
        with Gradebook(folder / "out" / GRADEBOOK) as book:
            got = dict.fromkeys((honest, victim, liar), 0.0)
            for row in book.rows():
                got[row.mark.code] += row.points or 0.0
            two = sorted({r.mark.task for r in book.rows() if r.mark.status == "две работы"})
            told = book.remarks()
        full = sum(units.find(t).points for t in right(honest))
        lost = sum(units.find(t).points for t in two)
        files = {p.name for p in bad.iterdir()}
        named = {f for f in files if any(f in r.file or f in r.detail for r in told)}
        print(f"hostile: {wall:.1f} s, {spent:.1f} CPU-s, {peak:.0f} MB; code executed: "
              f"{trap.exists()}")  # fmt: skip
        print(f"  honest {got[honest]:g} of {full:g}; robbed {got[victim]:g} of {full:g}, "
              f"waits for the instructor: {two} ({lost:g}); liar {got[liar]:g}")  # fmt: skip
        print(f"  hostile files told about: {len(named)} of {len(files)}; not: {files - named}")
        for remark in dict.fromkeys((r.kind, r.what.partition(":")[0]) for r in told):
            print("   ", *remark)


def dumped(items: list) -> str:
    outputs = [{"output_type": "display_data", "data": {schoolwork.MIME: item}} for item in items]
    source = 'check("funnel-1", answer)'
    cells = [{"cell_type": "code", "source": source, "outputs": [o]} for o in outputs]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4})


# 3. Killed at random moments ----------------------------------------------------------------


FINE = """
import sys
from salescourse.grading import gradebook
gradebook.AT_ONCE = 1  # every student a transaction of their own, so that kills fall between
from salescourse.cli.app import main
main(args=sys.argv[1:])
"""


def kill() -> None:
    codes = random_codes(12, seed=63)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for i, code in enumerate(codes):
            make((folder / "работы", code, STATES[i % 4]))
        people = roster(folder / "roster.csv", codes)

        def args(out: str) -> list:
            grade = ("grade", folder / "работы", "--out", folder / out, "--roster", people)
            return [sys.executable, "-c", FINE, *map(str, grade)]

        wall = cpu([*args("целиком")])[0]
        whole = dump(folder / "целиком" / GRADEBOOK)
        same = landed = 0
        moments = random.Random(64)
        for i in range(KILLS):
            run = subprocess.Popen(
                args(f"убит {i}"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            time.sleep(moments.uniform(0.4 * wall, 1.05 * wall))
            landed += run.poll() is None
            run.send_signal(signal.SIGKILL)
            run.wait()
            subprocess.run(args(f"убит {i}"), check=True, stdout=subprocess.DEVNULL)
            same += dump(folder / f"убит {i}" / GRADEBOOK) == whole
        print(f"kill: {KILLS} runs of {wall:.1f} s, {landed} killed before their end; "
              f"gradebooks equal to the undisturbed one after a rerun: {same}")  # fmt: skip


def dump(path: Path) -> list:
    """Everything the gradebook holds but the moments it was written at."""
    with sqlite3.connect(path) as db:
        names = [n for (n,) in db.execute("SELECT name FROM sqlite_master WHERE type='table'")]
        out = []
        for name in sorted(names):
            heads = [c[1] for c in db.execute(f"PRAGMA table_info({name})") if c[1] != "at"]
            columns = ", ".join(f'"{h}"' for h in heads)
            out.append((name, sorted(map(repr, db.execute(f"SELECT {columns} FROM {name}")))))
        return out


# 4. Many notebooks --------------------------------------------------------------------------


def large() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder, each = Path(name), len(slugs())
        codes = random_codes(MANY // each, seed=65)
        jobs = [(folder / "работы", c, i) for i, c in enumerate(codes)]
        with ProcessPoolExecutor() as pool:
            list(pool.map(rough, jobs, chunksize=50))
        figures = {}
        for n in (MANY // 10, MANY):
            some = codes[: n // each]
            people = roster(folder / f"{n}.csv", some)
            target = folder / "тысяча" if n < MANY else folder / "работы"
            if n < MANY:
                target.mkdir()
                for code in some:
                    (folder / "работы" / code).rename(target / code)
            out = folder / f"out{n}"
            figures[n] = cpu(command("grade", target, "--out", out, "--roster", people))
            again = cpu(command("grade", target, "--out", out, "--roster", people))
            if n < MANY:
                for code in some:
                    (target / code).rename(folder / "работы" / code)
            wall, spent, peak = figures[n]
            print(f"large: {n} notebooks, {len(some)} codes: {wall:.0f} s, {spent:.0f} CPU-s, peak "
                  f"of one process {peak:.0f} MB, gradebook "
                  f"{(out / GRADEBOOK).stat().st_size / 1e6:.1f} MB; again {again[0]:.0f} s, "
                  f"{again[2]:.0f} MB")  # fmt: skip
        few, many = figures[MANY // 10], figures[MANY]
        print(f"  from {MANY // 10} to {MANY}: seconds × {many[0] / few[0]:.1f}, "
              f"memory × {many[2] / few[2]:.1f}")  # fmt: skip


@functools.cache
def bare(slug: str) -> str:
    return json.dumps(notebook(slug, "ROP-7F3A-K", {"": None}))


def rough(job: tuple[Path, str, int]) -> None:
    """A student whose numbers are of no importance, written without ceremony."""
    folder, code, i = job
    (folder / code).mkdir(parents=True)
    for slug in slugs():
        made = json.loads(bare(slug))
        for cell in made["cells"]:
            called = schoolwork.CALL.search(cell["source"])
            if called and type(units.find(called[1]).kind).__name__ == "Number":
                kept = schoolwork.bundle(record(called[1], 1.0 + i / 7, code))
                cell["outputs"] = [schoolwork.output(kept)]
        path = folder / code / f"Копия {slug}.ipynb"
        path.write_text(json.dumps(made, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    parts = {f.__name__: f for f in (cohort, hostile, kill, large)}
    for name in sys.argv[1:] or parts:
        parts[name]()
