"""Are the ladder's planted people and its leading work found, and by what margin?

    python tests/bench/ladder.py [CODES] [SEED] [WORKERS]

Draws random codes until so many pass the unit's gates. Prints how often the seller found is
the planted one, how far the work that leads is ahead of the next, whether some ladder passes
all eight checks, and how long the truths of a company take.
"""

from __future__ import annotations

import random
import sys
import time
from concurrent.futures import ProcessPoolExecutor

import numpy as np

from salescourse import units
from salescourse.codes import COUNT, from_number
from salescourse.company import Company
from salescourse.ladder.search import feasible
from salescourse.units.ladder.leading import activities, leader

DRIVER = {"quotes": "КП", "meetings": "встречи", "talks": "разговоры"}
TABLES = ("orders", "activities", "deals", "leads", "employees", "payroll", "market_salary")
FOUND = ("скидочник", "наследник", "поднять сейчас", "через квартал", "опережает", "лестница")


def one(number: int) -> tuple[bool, str, str, tuple[bool, ...], float, float]:
    company = Company.generate(from_number(number))
    for name in TABLES:
        getattr(company, name)
    start = time.process_time()
    truth = {t.id: t.truth(company) for t in units.tasks_of("ladder") if not t.by_hand}
    spent = time.process_time() - start
    facts = company.facts()
    roles, lacks = facts["roles"], facts["lacks"]
    first, second = sorted(activities(company).values(), reverse=True)[:2]
    moves = truth["ladder-7"]
    found = (
        truth["ladder-2"] == (0 if lacks == "discounter" else roles["discounter"]),
        truth["ladder-3"] == (0 if lacks == "inherited" else roles["order_taker_1"]),
        moves["сейчас"] == (roles["up_now"],),
        moves["через квартал"] == (roles["up_next"],),
        DRIVER.get(leader(company)) == facts["leading"],
        feasible(company) is not None,
    )
    fit = all(gate.holds(company) for gate in units.gates_of("ladder"))
    return fit, facts["leading"], lacks, found, first - second, spent


def main(codes: int = 200, seed: int = 1, workers: int = 2) -> None:
    draw, results = random.Random(seed), []
    with ProcessPoolExecutor(workers) as pool:
        while sum(r[0] for r in results) < codes:
            batch = [draw.randrange(COUNT) for _ in range(min(100, codes))]
            results += pool.map(one, batch, chunksize=5)
    fit = [r for r in results if r[0]][:codes]
    print(f"вытянуто {len(results)}, годных {np.mean([r[0] for r in results]):.1%}")
    for kind in (1, 2):
        for name in sorted({r[kind] for r in results}):
            own = [r[0] for r in results if r[kind] == name]
            print(f"  {('leading', 'lacks')[kind - 1]} {name or '—':12} {np.mean(own):6.1%}")
    for i, what in enumerate(FOUND):
        drawn = np.mean([r[3][i] for r in results])
        print(f"{what:20} на годных {np.mean([r[3][i] for r in fit]):7.2%}, на всех {drawn:7.2%}")
    gap = np.array([r[4] for r in fit])
    low, tail, middle = gap.min(), *np.percentile(gap, [2, 50])
    print(f"впереди следующего: меньше всего {low:.2f}, 2 % — {tail:.2f}, медиана {middle:.2f}")
    spent = np.array([1000 * r[5] for r in results])
    print("истины, мс: медиана {:.0f}, 95 % — {:.0f}".format(*np.percentile(spent, [50, 95])))


if __name__ == "__main__":
    main(*(int(x) for x in sys.argv[1:]))
