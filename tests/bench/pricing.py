"""What the unit on price costs to reckon, and how often the pilot tells what was planted.

    python tests/bench/pricing.py [CODES] [SEED]

Milliseconds of the best three prices, the best one, the pilot's interval, of a move of the
simulator and of grading the whole unit for one student; then, by variant of the pilot, the
share of random codes whose interval leads to the planted conclusion, and of those whose
sellers who fear to name a price stand out; then what a neighbour's prices are worth.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor

import numpy as np

from salescourse import soundness, units, widgets
from salescourse.codes import COUNT, from_number
from salescourse.company import Company
from salescourse.funnel.people import names
from salescourse.pricing import choice, market, naming, search, trial
from salescourse.tasks import evaluate, true_value

RUNS = 50
RIGHT = {"rollout": "внедрять", "extend": "продлить", "null": "продлить", "close": "закрыть"}
CLEAR = {  # the gates of IDENTIFIABILITY §6
    "rollout": lambda z: z >= 2.4,
    "extend": lambda z: 0.2 <= z <= 1.6,
    "null": lambda z: abs(z) <= 1.5,
    "close": lambda z: z <= -2.4,
}


def median(action, before=lambda: None) -> float:
    """Median milliseconds of `RUNS` calls, each after `before`."""
    taken = []
    for _ in range(RUNS):
        before()
        start = time.perf_counter()
        action()
        taken.append(1000 * (time.perf_counter() - start))
    return statistics.median(taken)


def forget() -> None:
    search._found.cache_clear()


def forget_all() -> None:
    forget()
    search._odds.cache_clear()
    choice._nodes.cache_clear()


def interval(company: Company) -> trial.Interval:
    found = trial.arms(company)
    return trial.between(found[1], found[3])


def anew(company: Company) -> None:
    company._memo.clear()
    forget_all()


def mover(company: Company):
    """What the browser waits for when a slider moves."""
    sheet = widgets.price_sheet(company)
    slider = sheet._widget().children[2].children[0]

    def move() -> None:
        slider.value += 500 if slider.value < 70_000 else -5_000

    return move


def grade(company: Company) -> None:
    """One student's answers, all of them marked: wrong prices, the rest right."""
    for task in units.tasks_of("pricing"):
        if not task.by_hand:
            answer = true_value(task, company)
            if task.id == "pricing-6":
                answer = {name: 0.97 * price for name, price in answer.items()}
            evaluate(task, (task.kind.from_json(task.kind.to_json(answer)),), company)


def speeds() -> None:
    company = Company.generate("ROP-7F3A-K")
    company.deals  # noqa: B018
    arms = trial.arms(company)
    figures = {
        "best three, everything anew": median(search.find_triple, forget_all),
        "best three, clients known": median(search.find_triple, forget),
        "best three, remembered": median(search.find_triple),
        "best single": median(search.find_single),
        "shares of three prices": median(lambda: choice.chosen((86_000, 108_000, 157_000))),
        "pilot: arms from the deals": median(lambda: trial.arms(company), company._memo.clear),
        "pilot: interval": median(lambda: trial.between(arms[1], arms[3])),
        "naming by seller": median(lambda: naming(company, 50_000), company._memo.clear),
        "clients fitted to the pilot": median(lambda: market.market(company), company._memo.clear),
        "a move of the simulator": median(mover(company)),
        "unit graded, company made": median(lambda: grade(company), lambda: anew(company)),
        "unit graded again": median(lambda: grade(company)),
        "company and unit graded": median(
            lambda: grade(Company.generate("ROP-7F3A-K")), forget_all
        ),
    }
    for what, ms in figures.items():
        print(f"{what:28} {ms:8.3f} ms")


def verdict(number: int) -> tuple[str, float, str, bool]:
    company = Company.generate(from_number(number))
    facts, found = company.facts(), interval(company)
    rows, label = naming(company, 50_000), names(company)
    fear = {label[seller] for seller in facts["fearful"]} == set(rows.index[rows["gap"] >= 20])
    return facts["pilot"], found.z, trial.conclusion(found), fear


def shares(codes: int, seed: int) -> None:
    drawn = np.random.default_rng(seed).choice(COUNT, codes, replace=False).tolist()
    with ProcessPoolExecutor(2) as pool:
        rows = list(pool.map(verdict, drawn, chunksize=5))
    by = defaultdict(list)
    for kind, z, said, _ in rows:
        by[kind].append((z, said))
    print(f"\n{'pilot':8} codes  right  clear      z: least, median, greatest")
    for kind, right in RIGHT.items():
        z = np.array([z for z, _ in by[kind]])
        if not len(z):
            continue
        told = np.mean([said == right for _, said in by[kind]])
        clear = np.mean([CLEAR[kind](value) for value in z])
        ends = z.min(), np.median(z), z.max()
        print(f"{kind:8} {len(z):5} {told:6.1%} {clear:6.1%}     ", *(f"{e:6.2f}" for e in ends))
    total = np.mean([said == RIGHT[kind] for kind, _, said, _ in rows])
    print(f"all      {len(rows):5} {total:6.1%}")
    print(f"sellers who fear to name a price found: {np.mean([row[3] for row in rows]):.1%}")


def copied(codes: int, seed: int) -> None:
    """Marks of task 6 for a neighbour's best prices, and of task 7 for his answer."""
    drawn = np.random.default_rng(seed + 1).permutation(COUNT)
    fit: list[Company] = []
    for number in drawn.tolist():
        company = Company.generate(from_number(number))
        if soundness.passes(company, ("pricing",)):
            fit.append(company)
        if len(fit) == codes:
            break
    six, seven = units.find("pricing-6"), units.find("pricing-7")
    marks, same = [], []
    for company in fit:
        for other in fit:
            if other is not company:
                got = evaluate(six, (true_value(six, other),), company)
                marks.append(got.share)
                same.append(true_value(seven, other) == true_value(seven, company))
    marks = np.array(marks)
    print(f"\na neighbour's prices, {codes} codes: mean {marks.mean():.0%} of the points,")
    print(f"nothing in {np.mean(marks == 0):.0%}, all in {np.mean(marks >= 1):.0%} of pairs;")
    print(f"his answer to the effect of the middle is right in {np.mean(same):.0%}")


if __name__ == "__main__":
    given = [int(text) for text in sys.argv[1:3]]
    speeds()
    codes, seed = (*given, *(100, 1)[len(given) :])
    shares(codes, seed)
    copied(min(codes, 40), seed)
