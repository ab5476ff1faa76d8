"""The numbers of DESIGN §8 that are seconds and megabytes, each beside a peer in the same run.

    python tests/bench/speed.py [company] [million] [import] [check]

Every figure is taken in a fresh process; the median of several runs is printed.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys

RUNS = 5

COMPANY = """
import json, time
import pandas, numpy
t0 = time.perf_counter()
from salescourse.company import Company
first = Company.generate("ROP-7F3A-K")
for name in first.tables: first.tables[name]
t1 = time.perf_counter()
second = Company.generate(OTHER)
for name in second.tables: second.tables[name]
t2 = time.perf_counter()
from salescourse.simulation.generate import numbers
numbers("ROP-7F3A-K")
t3 = time.perf_counter()
for _ in range(5): numbers(OTHER)
t4 = time.perf_counter()
from faker import Faker
fake = Faker("ru_RU")
t5 = time.perf_counter()
for _ in range(2000): (fake.company(), fake.name(), fake.phone_number(), fake.city(), fake.email())
t6 = time.perf_counter()
rows = sum(map(len, first.tables.values()))
print(json.dumps({"first": t1 - t0, "next": t2 - t1, "numbers": (t4 - t3) / 5,
                  "rows": rows, "naive": 2000 / (t6 - t5)}))
"""

MILLION = """
import json, resource, tempfile, time
from pathlib import Path
import pandas, numpy, pyarrow.parquet
from salescourse.company import Company
Company.generate("ROP-7F3A-K").clients
one = len(Company.generate("ROP-7F3A-K").deals)
t0 = time.perf_counter()
with tempfile.TemporaryDirectory() as folder:
    company = Company.generate("ROP-7F3A-K", scale=1_002_000 / one)
    t1 = time.perf_counter()
    company.save(folder)
    t2 = time.perf_counter()
    manifest = json.loads((Path(folder) / "manifest.json").read_text())
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
from faker import Faker
fake = Faker("ru_RU")
t3 = time.perf_counter()
for _ in range(3000): (fake.company(), fake.name(), fake.phone_number(), fake.city(), fake.email())
naive = 3000 / (time.perf_counter() - t3)
rows = {name: table["rows"] for name, table in manifest["tables"].items()}
print(json.dumps({"numbers": t1 - t0, "files": t2 - t1, "peak": peak, "deals": rows["deals"],
                  "rows": sum(rows.values()), "naive": naive}))
"""

IMPORT = {
    "import pandas": "import pandas",
    "star": "from salescourse import *",
}

CHECK = """
import json, os, time
os.environ["SALESCOURSE_JOURNAL"] = "0"
from contextlib import redirect_stdout
import io
from salescourse import *
out = io.StringIO()
with redirect_stdout(out):
    my_company("ROP-7F3A-K")
    answers = {"start-1": 1, "start-2": 25, "funnel-1": 8.5, "funnel-3": [30, 60, 50, 40],
               "funnel-5": 30000}
    t0 = time.perf_counter()
    for task, answer in answers.items(): check(task, answer)
    t1 = time.perf_counter()
    for _ in range(20):
        for task, answer in answers.items(): check(task, answer)
    t2 = time.perf_counter()
print(json.dumps({"first": (t1 - t0) / len(answers), "next": (t2 - t1) / 20 / len(answers)}))
"""


def run(script: str) -> dict[str, float]:
    from salescourse.codes import from_number

    script = f"OTHER = {from_number(12345)!r}\n{script}"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr)
    return json.loads(done.stdout.splitlines()[-1])


def medians(script: str, runs: int = RUNS) -> dict[str, float]:
    results = [run(script) for _ in range(runs)]
    return {key: statistics.median(r[key] for r in results) for key in results[0]}


def company() -> None:
    m = medians(COMPANY)
    print("Компания студента, все таблицы")
    print(f"  первый вызов {m['first']:.2f} с, следующий {m['next']:.3f} с")
    print(f"  только числа {1000 * m['numbers']:.0f} мс")
    ratio = m["rows"] / m["next"] / m["naive"]
    print(f"  {m['rows']:.0f} строк; построчный Faker {m['naive']:.0f} строк/с: ×{ratio:.0f}")


def million() -> None:
    m = medians(MILLION, 3)
    seconds = m["numbers"] + m["files"]
    print(f"Миллион сделок ({m['deals']:.0f}; всего строк {m['rows']:.0f}) в Parquet")
    print(f"  {seconds:.1f} с: числа {m['numbers']:.1f}, файлы и хеши {m['files']:.1f}")
    print(f"  пик памяти {m['peak']:.0f} МБ")
    ratio = m["rows"] / seconds / m["naive"]
    print(f"  построчный Faker {m['naive']:.0f} строк/с: ×{ratio:.0f}")


def imports() -> None:
    taken: dict[str, list[float]] = {name: [] for name in IMPORT}
    for _ in range(3 * RUNS):  # in turns, so that a busy moment hits both
        for name, line in IMPORT.items():
            script = f"import time, json\nt = time.perf_counter()\n{line}\n"
            script += 'print(json.dumps({"s": time.perf_counter() - t}))'
            taken[name].append(run(script)["s"])
    pandas, star = (statistics.median(taken[name]) for name in IMPORT)
    print(f"Импорт: pandas {pandas:.3f} с, from salescourse import * {star:.3f} с")
    print(f"  отношение {star / pandas:.2f}")


def check() -> None:
    m = medians(CHECK)
    print(f"check(): первый {1000 * m['first']:.0f} мс, дальше {1000 * m['next']:.1f} мс")


WHAT = {"company": company, "million": million, "import": imports, "check": check}

if __name__ == "__main__":
    for name in sys.argv[1:] or WHAT:
        WHAT[name]()
