"""What notebooks of random codes are worth, and which answer counts."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import schoolwork
from schoolwork import firm, hand_in, judged, notebook, random_codes, record, right, save, slips

from salescourse import records, units
from salescourse.grading import judging, marking, remarks
from salescourse.grading.collect import collect
from salescourse.grading.judging import Sheet
from salescourse.grading.marking import NO_ANSWER, NOT_MARKED, TO_READ, TWO, Run, mark
from salescourse.grading.submission import Submission
from salescourse.tasks import NOT_YET, RIGHT

ONE, OTHER, THIRD = random_codes(3, seed=61)


def marked(*paths: Path, **how) -> Run:
    return mark(collect(paths), **how)


def points(run: Run, code: str) -> float:
    return sum(m.points or 0 for m in run.marks if m.code == code)


def kinds(run: Run) -> list[str]:
    return [remark.kind for remark in run.remarks]


def of(code: str, *answers: records.Record, file: str = "а.ipynb") -> Submission:
    return Submission(file, answers=list(answers))


def by_task(run: Run, code: str) -> dict[str, marking.Mark]:
    return {m.task: m for m in run.marks if m.code == code}


FULL = sum(task.points for slug in schoolwork.slugs() for task in judged(slug))


# Notebooks of random codes ------------------------------------------------------------------


@pytest.mark.parametrize("code", random_codes(3, seed=6))
def test_solved_half_wrong_and_untouched_notebooks(code, tmp_path):
    truth, wrong = right(code), slips(code)
    half = dict(list(truth.items())[: len(truth) // 2])
    cases = {
        "решил": truth,
        "половина": half,
        "ошибся": {task: value for task, (_, value) in wrong.items()},
        "не трогал": {},
    }
    for name, answers in cases.items():
        hand_in(tmp_path / name, name, code, answers)
    solved = marked(tmp_path / "решил")
    assert points(solved, code) == FULL
    assert {m.status for m in solved.marks} <= {RIGHT, NO_ANSWER}
    worth = {task.id: task.points for task in units.all_tasks()}
    assert points(marked(tmp_path / "половина"), code) == sum(worth[task] for task in half)
    slipped = by_task(marked(tmp_path / "ошибся"), code)
    assert {task: m.mistake for task, m in slipped.items() if m.mistake} == {
        task: name for task, (name, _) in wrong.items()
    }
    assert len(wrong) > len(truth) // 2
    assert all(m.points < m.most for m in slipped.values())
    untouched = marked(tmp_path / "не трогал", known=[code])
    assert {(m.status, m.points) for m in untouched.marks} == {(NO_ANSWER, 0.0)}
    assert {m.task for m in untouched.marks} == {t.id for s in schoolwork.slugs()
                                                 for t in units.tasks_of(s)}  # fmt: skip
    assert remarks.EMPTY in kinds(untouched)


def test_a_file_of_submit_is_worth_what_the_notebooks_are(tmp_path):
    answers = right(ONE) | {task: value for task, (_, value) in list(slips(ONE).items())[:4]}
    hand_in(tmp_path / "тетради", "Иванов", ONE, answers)
    kept = [record(task, value, ONE) for task, value in answers.items()]
    (tmp_path / "файл").mkdir()
    records.pack(kept, firm(ONE), tmp_path / "файл" / f"Ответы {ONE}.json")
    one, two = marked(tmp_path / "тетради"), marked(tmp_path / "файл")
    assert [replace(m, file="") for m in one.marks] == [replace(m, file="") for m in two.marks]
    assert 0 < points(one, ONE) < FULL
    both = marked(tmp_path)
    assert TWO not in {m.status for m in both.marks}


def test_html_carries_the_record_where_its_type_was_dropped(tmp_path):
    hand_in(tmp_path, "Colab", ONE, right(ONE), typed=False)
    assert points(marked(tmp_path), ONE) == FULL


def test_a_written_answer_waits_for_a_person_and_its_stub_is_no_answer(tmp_path):
    by_hand = [task.id for task in units.tasks_of("funnel") if task.by_hand]
    assert by_hand
    answers = {task: v for task, v in right(ONE).items() if task.startswith("funnel")}
    save(notebook("funnel", ONE, answers, text="Утечка на КП."), tmp_path / "а.ipynb")
    written = by_task(marked(tmp_path), ONE)[by_hand[0]]
    assert (written.status, written.points, written.shown) == (TO_READ, None, "Утечка на КП.")
    save(notebook("funnel", ONE, answers), tmp_path / "а.ipynb")
    assert by_task(marked(tmp_path), ONE)[by_hand[0]].status == NO_ANSWER


def test_marks_do_not_depend_on_the_executor(tmp_path):
    for name, code in (("а", ONE), ("б", OTHER)):
        hand_in(tmp_path, name, code, {t: v for t, (_, v) in slips(code).items()})
    with ThreadPoolExecutor(2) as pool:
        assert marked(tmp_path, executor=pool).marks == marked(tmp_path).marks


# Which answer counts ------------------------------------------------------------------------

TASK = "funnel-1"


def number(value: float, code: str = ONE) -> records.Record:
    return record(TASK, value, code)


def test_the_last_record_in_document_order_wins_and_the_conflict_is_told(tmp_path):
    truth = right(ONE)[TASK]
    made = notebook("funnel", ONE, {TASK: truth / 3})
    again = next(c for c in made.cells if f'check("{TASK}"' in c.source).copy()
    again.id = "again"
    again.outputs = [schoolwork.output(schoolwork.bundle(number(truth)))]
    made.cells.append(again)
    save(made, tmp_path / "а.ipynb")
    run = marked(tmp_path)
    assert by_task(run, ONE)[TASK].status == RIGHT
    assert remarks.REPEATED in kinds(run)


def test_two_files_of_one_code_that_disagree_wait_and_the_rest_is_marked():
    truth, start = right(ONE), "start-1"
    shared = record(start, truth[start], ONE)
    run = mark([
        of(ONE, shared, number(truth[TASK]), file="раз.ipynb"),
        of(ONE, shared, number(truth[TASK] / 3), file="два.ipynb"),
    ])  # fmt: skip
    made = by_task(run, ONE)
    assert (made[TASK].status, made[TASK].points) == (TWO, None)
    assert made[start].status == RIGHT
    told = next(r for r in run.remarks if r.kind == remarks.TWO)
    assert "раз.ipynb" in told.what
    assert "два.ipynb" in told.what


def test_a_record_on_anothers_code_changes_nobodys_mark():
    mine, theirs = right(ONE), right(OTHER)
    thief = of(ONE, number(mine[TASK]), record("start-1", mine["start-1"], ONE),
               number(theirs[TASK] / 3, OTHER))  # fmt: skip
    run = mark([thief, of(OTHER, number(theirs[TASK], OTHER), file="б.ipynb")])
    assert by_task(run, OTHER)[TASK].status == RIGHT
    assert by_task(run, ONE)[TASK].status == RIGHT
    assert [(r.code, r.kind) for r in run.remarks if r.kind == remarks.ANOTHERS] == [
        (ONE, remarks.ANOTHERS)
    ]


def test_codes_that_are_not_in_the_roster_are_told_and_not_marked():
    run = mark([of(ONE, number(5.0)), of(OTHER, number(5.0, OTHER))], known=[OTHER, THIRD])
    assert {m.code for m in run.marks} == {OTHER, THIRD}
    assert [r.detail for r in run.remarks if r.kind == remarks.UNKNOWN_CODE] == [ONE]
    assert [r.code for r in run.remarks if r.kind == remarks.ABSENT] == [THIRD]


def test_a_missing_record_is_a_zero_only_if_it_was_never_there():
    truth = right(ONE)
    run = mark([of(ONE, number(truth[TASK]))], answered={(ONE, "funnel-2")})
    missing = next(r for r in run.remarks if r.kind == remarks.MISSING).detail
    assert "funnel-3" in missing
    assert "funnel-2" not in missing
    assert by_task(run, ONE)["funnel-3"].points == 0.0


@pytest.mark.parametrize(
    ("change", "kind"),
    [({"edition": 99}, remarks.EDITION), ({"data": "00000000"}, remarks.DATA)],
)
def test_answers_on_other_data_are_told_and_not_marked(change, kind):
    run = mark([of(ONE, replace(number(right(ONE)[TASK]), **change))])
    made = by_task(run, ONE)[TASK]
    assert (made.status, made.points) == (NOT_MARKED, None)
    assert kind in kinds(run)


def test_an_unknown_task_is_told():
    run = mark([of(ONE, replace(number(1.0), task="funnel-99"))])
    assert [r.detail for r in run.remarks if r.kind == remarks.UNKNOWN_TASK] == ["funnel-99"]


def test_the_courses_own_error_is_nobodys_zero(monkeypatch):
    monkeypatch.setattr(records, "judge", lambda *_: 1 / 0)
    run = mark([of(ONE, number(1.0))])
    assert by_task(run, ONE)[TASK].points is None
    told = next(r for r in run.remarks if r.kind == remarks.COURSE)
    assert told.detail == "ZeroDivisionError"


# Kept sheets --------------------------------------------------------------------------------


def test_a_second_grading_makes_no_company(monkeypatch):
    kept: dict[str, Sheet] = {}
    work = [of(ONE, number(right(ONE)[TASK])), of(OTHER, number(3.0, OTHER), file="б")]
    first = mark(work, keep=lambda s: kept.update({s.code: Sheet.from_line(s.line())}))
    assert set(kept) == {ONE, OTHER}
    monkeypatch.setattr(judging.Company, "generate", lambda code: 1 / 0)
    assert mark(work, sheets=kept).marks == first.marks


def test_a_new_answer_to_a_kept_company_is_judged():
    kept: dict[str, Sheet] = {}
    mark([of(ONE, number(1.0))], keep=lambda s: kept.update({s.code: s}))
    run = mark([of(ONE, number(right(ONE)[TASK]))], sheets=kept)
    assert by_task(run, ONE)[TASK].status == RIGHT


# Whose answers ------------------------------------------------------------------------------


def numeric(code: str) -> list[str]:
    """Tasks whose truth here differs from the truth of ONE in its digits."""
    mine = judging.judge(judging.Job(ONE)).truths
    return [t for t, digits in judging.judge(judging.Job(code)).truths.items() if digits != mine[t]]


@pytest.mark.parametrize(("n", "told"), [(2, False), (3, True)])
def test_three_answers_that_are_anothers_truths_are_a_hint_and_no_mark(n, told):
    theirs = right(OTHER)
    copied = [record(task, theirs[task], ONE) for task in numeric(OTHER)[:n]]
    assert len(copied) == n
    run = mark([of(ONE, *copied)], known=[ONE, OTHER])
    found = [r for r in run.remarks if r.kind == remarks.ALIKE]
    assert [OTHER in r.detail for r in found] == ([True] if told else [])
    assert all(m.status != TWO for m in run.marks)
    if told:
        assert {by_task(run, ONE)[r.task].status for r in copied} & {NOT_YET}


def test_a_students_own_truths_are_no_coincidence():
    truth = right(ONE)
    run = mark([of(ONE, *(record(t, v, ONE) for t, v in truth.items()))], known=[ONE, OTHER])
    assert remarks.ALIKE not in kinds(run)


def test_an_answer_typed_with_its_unit_is_a_number_too():
    from salescourse.answers import Absolute, Number

    assert judging.digits_of(Number("%", Absolute(0.1)), "7.4312 %") == "7.431"
    assert judging.digits_of(Number("%", Absolute(0.1)), 7.4312) == "7.431"
    assert judging.digits_of(Number("%", Absolute(0.1)), "восемь") == ""


def test_truths_that_many_companies_share_say_nothing():
    tasks = numeric(OTHER)[:3]
    theirs = judging.judge(judging.Job(OTHER)).truths
    answers = {ONE: {t: [(record(t, right(OTHER)[t], ONE), "а")] for t in tasks}}
    mine = {ONE: judging.judge(judging.Job(ONE))}
    for n, told in ((1, 1), (40, 0)):
        others = {code: Sheet(code, 1, truths=theirs) for code in random_codes(n, seed=70)}
        assert len(marking.alike(answers, mine | others)) == told


def test_only_the_truths_of_what_was_handed_in_are_computed():
    made: list[Sheet] = []
    mark([of(ONE, record("start-1", right(ONE)["start-1"], ONE))], keep=made.append)
    assert {t.rpartition("-")[0] for s in made for t in s.truths} == {"start"}
    kept = {s.code: s for s in made}
    mark([of(ONE, number(right(ONE)[TASK]))], sheets=kept, keep=made.append)
    assert {t.rpartition("-")[0] for t in made[-1].truths} == {"start", "funnel"}
