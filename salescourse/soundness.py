"""Is a company fit for a unit, and a unit sound on every fit company?

Gates stand above the generator: a code is issued only if every planted cause can be found
in its company's tables and every promised mistake lies far from the truth. `verify` is the
author's proof over many random codes.
"""

from __future__ import annotations

import ast
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from salescourse import units
from salescourse.codes import COUNT, from_number
from salescourse.company import Company
from salescourse.tasks import (
    FAR,
    FULL,
    OPEN,
    Task,
    evaluate,
    separations,
    true_value,
    wrong_values,
)
from salescourse.text import number, percent

Solve = Callable[[str, Company], dict[str, tuple]]
Oracles = Callable[[], dict[str, Callable[[Company], Any]]]


# Gates --------------------------------------------------------------------------------------


def obstacles(company: Company, slugs: Iterable[str] = units.UNITS) -> list[str]:
    """Why a company is not fit for these units: ids of gates and of mistakes too near the truth."""
    found = []
    for slug in slugs:
        found += [f"{slug}: {gate.id}" for gate in units.gates_of(slug) if not gate.holds(company)]
        for task in _judged(slug):
            found += [
                f"{task.id}: {mistake.id}"
                for mistake in task.mistakes
                if mistake.gated and separations(task, company).get(mistake.id, FAR) < FAR
            ]
    return found


def passes(company: Company, slugs: Iterable[str] = units.UNITS) -> bool:
    """Whether a company may be given to a student."""
    return not obstacles(company, slugs)


def issue_codes(n: int, seed: int | None = None) -> Iterator[str]:
    """`n` different codes whose companies are fit for every unit; random without a seed."""
    for code in _drawn(seed):
        if n <= 0:
            return
        if passes(Company.generate(code)):
            n -= 1
            yield code


def _drawn(seed: int | None) -> Iterator[str]:
    source = random.SystemRandom() if seed is None else random.Random(seed)
    seen: set[int] = set()
    while len(seen) < COUNT:
        number = source.randrange(COUNT)
        if number not in seen:
            seen.add(number)
            yield from_number(number)


def _variants(slugs: Iterable[str]) -> list[str]:
    """The facts by which these units' companies are told apart, each once."""
    return list(dict.fromkeys(units.variant_of(slug) for slug in slugs))


def _judged(slug: str) -> list[Task]:
    return [task for task in units.tasks_of(slug) if not task.by_hand]


# One company ---------------------------------------------------------------------------------


@dataclass
class Finding:
    """What one company says about the units."""

    code: str
    variants: dict[str, str]  # what was planted, by the facts the units name
    obstacles: list[str]
    margins: dict[tuple[str, str], float] = field(default_factory=dict)  # (task, mistake)
    recognised: dict[tuple[str, str], bool] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)


def examine(
    code: str, slugs: Sequence[str], solve: Solve | None = None, oracles: Oracles | None = None
) -> Finding:
    """Everything `verify` checks on one company; a company that is not fit is only counted."""
    company = Company.generate(code)
    facts = company.facts()
    variants = {name: str(facts.get(name, "")) for name in _variants(slugs)}
    found = Finding(code, variants, obstacles(company, slugs))
    if found.obstacles:
        return found
    second = oracles() if oracles else {}
    for slug in slugs:
        solved = solve(slug, company) if solve else {}
        for task in _judged(slug):
            _truth_and_stub(task, company, found)
            _mistakes(task, company, found)
            if solve:
                _solution(task, company, solved, found)
            if oracles:
                _oracle(task, company, second, found)
    return found


def _say(found: Finding, task: Task, what: str) -> None:
    found.failures.append(f"{task.id}, {found.code}: {what}")


def _truth_and_stub(task: Task, company: Company, found: Finding) -> None:
    truth = task.kind.from_json(task.kind.to_json(true_value(task, company)))
    outcome = evaluate(task, (truth,), company)
    if outcome.share < FULL:
        _say(found, task, f"истина не получила полный балл: {outcome.text}")
    for stub in (..., ast.literal_eval(task.kind.stub_for(company))):
        outcome = evaluate(task, (stub,), company)
        if outcome.kind != OPEN or outcome.points:
            _say(found, task, f"нетронутое задание: {outcome.text}")


def _mistakes(task: Task, company: Company, found: Finding) -> None:
    truth = true_value(task, company)
    far = separations(task, company)
    wrong = wrong_values(task, company)
    for mistake in task.mistakes:
        if mistake.id not in wrong or (not mistake.gated and far[mistake.id] < FAR):
            continue
        value = wrong[mistake.id]
        if isinstance(truth, dict) and isinstance(value, dict):
            value = {**truth, **value}
        outcome = evaluate(task, (task.kind.from_json(task.kind.to_json(value)),), company)
        key = (task.id, mistake.id)
        found.margins[key] = far[mistake.id]
        found.recognised[key] = outcome.mistake == mistake.id
        if outcome.share >= FULL:
            _say(found, task, f"ошибка {mistake.id} получила полный балл")
        elif outcome.mistake != mistake.id and not _twin(task, mistake.id, outcome.mistake, wrong,
                                                         company):  # fmt: skip
            _say(found, task, f"ошибка {mistake.id} не узнана: {outcome.text}")


def _twin(task: Task, mine: str, answered: str | None, wrong: dict, company: Company) -> bool:
    """Two mistakes may lead to one value: then the hint of either is right."""
    if answered is None or answered not in wrong:
        return False
    truth = true_value(task, company)
    return (
        task.kind.distance(_whole(wrong[mine], truth), wrong[answered], truth, company) is not None
    )


def _whole(value: Any, truth: Any) -> Any:
    return {**truth, **value} if isinstance(truth, dict) and isinstance(value, dict) else value


def _solution(task: Task, company: Company, solved: dict[str, tuple], found: Finding) -> None:
    if task.id not in solved:
        _say(found, task, "в тетради нет решения")
        return
    outcome = evaluate(task, solved[task.id], company)
    if outcome.share < FULL:
        _say(found, task, f"решение из тетради: {outcome.text}")


def _oracle(task: Task, company: Company, oracles: dict, found: Finding) -> None:
    if task.id not in oracles:
        _say(found, task, "нет независимого расчёта")
        return
    truth, other = true_value(task, company), oracles[task.id](company)
    outcome = evaluate(task, (task.kind.from_json(task.kind.to_json(other)),), company)
    if outcome.share < FULL:
        shown = task.kind.show(truth, company)
        _say(found, task, f"независимый расчёт дал {other!r}, а истина {shown}")


# Many companies ------------------------------------------------------------------------------


@dataclass
class Report:
    """The outcome of `verify`: `ok`, `failures` and lines to print."""

    findings: list[Finding]
    slugs: Sequence[str]
    wanted: int

    @property
    def fit(self) -> list[Finding]:
        return [f for f in self.findings if not f.obstacles]

    @property
    def failures(self) -> list[str]:
        found = [line for finding in self.fit for line in finding.failures]
        if len(self.fit) < self.wanted:
            found.append(f"годных кодов {len(self.fit)} вместо {self.wanted}")
        return found

    @property
    def ok(self) -> bool:
        return not self.failures

    def shares(self) -> list[tuple[str, int, float]]:
        """Variant, drawn codes, share of them that pass the gates; the whole last."""
        groups = [
            (f"{fact} {name}", [f for f in self.findings if f.variants[fact] == name])
            for fact in _variants(self.slugs)
            for name in sorted({f.variants[fact] for f in self.findings})
        ]
        groups.append(("все", self.findings))
        return [(n, len(g), sum(not f.obstacles for f in g) / max(len(g), 1)) for n, g in groups]

    def hindrances(self) -> list[tuple[str, float]]:
        """Gates by the share of drawn codes that fail them, worst first."""
        counts = Counter(name for f in self.findings for name in f.obstacles)
        return [(name, n / len(self.findings)) for name, n in counts.most_common()]

    def table(self) -> str:
        """Everything above as text."""
        lines = ["Годных кодов по варианту:"]
        lines += [f"  {name:16} {percent(100 * p):>8} из {n}" for name, n, p in self.shares()]
        if self.hindrances():
            lines.append("Что мешает остальным (доля всех вытянутых кодов):")
            lines += [f"  {name:44} {percent(100 * p):>8}" for name, p in self.hindrances()[:12]]
        if rows := self.by_mistake():
            lines.append(f"Ошибки на {len(self.fit)} годных кодах:")
            head = ("задание", "ошибка", "встречается", "запас, допусков", "своя подсказка")
            lines.append("  {:10} {:22} {:>12} {:>16} {:>15}".format(*head))
            for task, mistake, share, worst, own in rows:
                margin = number(worst, 1) if worst < 1000 else "другой ответ"
                cells = (percent(100 * share, 0), margin, percent(100 * own, 0))
                lines.append("  {:10} {:22} {:>12} {:>16} {:>15}".format(task, mistake, *cells))
        lines += [f"НЕТ: {line}" for line in self.failures[:20]]
        if (rest := len(self.failures) - 20) > 0:
            lines.append(f"…и ещё {rest}")
        lines.append("Замечаний нет." if self.ok else f"Замечаний: {len(self.failures)}.")
        return "\n".join(lines)

    def by_mistake(self) -> list[tuple[str, str, float, float, float]]:
        """Task, mistake, share of fit codes where it is told apart, worst margin, own hint."""
        rows = []
        for slug in self.slugs:
            for task in _judged(slug):
                for mistake in task.mistakes:
                    key = (task.id, mistake.id)
                    seen = [f for f in self.fit if key in f.margins]
                    worst = min((f.margins[key] for f in seen), default=float("nan"))
                    own = sum(f.recognised[key] for f in seen) / max(len(seen), 1)
                    rows.append((*key, len(seen) / max(len(self.fit), 1), worst, own))
        return rows


def verify(
    slugs: Sequence[str] = units.UNITS,
    codes: int = 200,
    seed: int | None = None,
    *,
    solve: Solve | None = None,
    oracles: Oracles | None = None,
    workers: int | None = None,
    progress: Callable[[int], None] = lambda done: None,
) -> Report:
    """Prove units on random companies: draw codes until `codes` of them pass the gates.

    `solve(unit, company)` gives the exercise's own answers, `oracles()` the second ways to
    them; both are importable functions, so that other processes can run them. `progress` is
    called with the number of fit codes so far.
    """
    drawn = _drawn(seed)
    findings: list[Finding] = []
    fit = 0
    with ProcessPoolExecutor(workers) as pool:
        while fit < codes and len(findings) < 3 * codes + 30:
            batch = [next(drawn) for _ in range(max(8, min(64, codes - fit)))]
            for found in pool.map(_Examine(tuple(slugs), solve, oracles), batch, chunksize=4):
                if fit == codes:
                    break
                findings.append(found)
                fit += not found.obstacles
                progress(fit)
    return Report(findings, slugs, codes)


@dataclass(frozen=True)
class _Examine:
    slugs: tuple[str, ...]
    solve: Solve | None
    oracles: Oracles | None

    def __call__(self, code: str) -> Finding:
        return examine(code, self.slugs, self.solve, self.oracles)
