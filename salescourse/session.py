"""What a student calls in a notebook: `my_company`, `check`, `question`, `hint`, `progress`…

One session a kernel. Answers are judged on a company of the session's own: what a
student does to the tables they were given changes no mark.
"""

from __future__ import annotations

import contextlib
import functools
import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from salescourse.codes import normalise
from salescourse.company import Company
from salescourse.errors import StudentError
from salescourse.text import NBSP, plural
from salescourse.workplace import (
    find_code,
    in_build,
    keeps_journal,
    on_exam,
    save_code,
    student_folder,
)

if TYPE_CHECKING:
    from salescourse.records import Record
    from salescourse.tasks import Outcome, Task

# What judges and answers is imported when first asked: a star import resolves this module.

__all__ = ["check", "find_code", "hint", "how", "my_company", "progress", "question"]
__all__ += ["save_code", "submit"]

NO_COMPANY = "Сначала запустите ячейку с `company = my_company()`: без неё не с чем сверять ответ."
NO_CODE = (
    "Не знаю, какая компания ваша. Впишите в скобки код от преподавателя, в кавычках: "
    'my_company("ROP-7F3A-K").'
)


EXAM = (
    "Идёт зачёт: check записывает ответ и говорит, как его понял, а верно ли — скажет "
    "преподаватель. Подсказок нет. Ответ можно менять, засчитан будет последний."
)


class Session:
    """The company in hand, hints already given, and answers that no journal holds."""

    def __init__(self) -> None:
        self.code: str | None = None
        self.exam = False
        self.hints: Counter[str] = Counter()
        self.loose: list[Record] = []
        self._graded: dict[str, Company] = {}

    @property
    def company(self) -> Company:
        """The tables answers are judged on: made apart from those the student holds."""
        if self.code is None:
            raise StudentError(NO_COMPANY)
        if self.code not in self._graded:
            self._graded[self.code] = Company.generate(self.code)
        return self._graded[self.code]

    def keep(self, record: Record) -> None:
        """To the journal; in memory where there is none."""
        from salescourse import journal

        if not (keeps_journal() and journal.append(student_folder(), record)):
            self.loose.append(record)

    def answers(self) -> dict[str, Record]:
        """The last record of each task for the company in hand."""
        from salescourse import journal

        written = journal.read(student_folder()) if keeps_journal() else ()
        return {r.task: r for r in (*written, *self.loose) if r.code == self.code}


SESSION = Session()


def _replies(command: Callable) -> Callable:
    """A command that answers a student's slip in words; the notebook goes on."""

    @functools.wraps(command)
    def answering(*args: Any, **kwargs: Any) -> None:
        from salescourse import replies

        try:
            command(*args, **kwargs)
        except StudentError as error:
            replies.emit(*replies.note(str(error)))

    return answering


def my_company(code: str | None = None, *, exam: bool = False) -> Company:
    """Ваша компания: показывает её карточку и отдаёт таблицы.

    Parameters
    ----------
    code : код от преподавателя в кавычках; без него берётся тот, что записан в вашей папке
    exam : True на зачёте — check записывает ответы и не говорит, верны ли они

    Returns
    -------
    Company
        Таблицы компании: `company.leads`, `company.deals` и другие.

    Raises
    ------
    StudentError
        Код не найден или в нём опечатка; в сообщении сказано, что набрать.

    Examples
    --------
    >>> company = my_company("ROP-7F3A-K")  # doctest: +SKIP
    >>> len(company.leads)  # doctest: +SKIP
    10449
    """
    if code is None or code is ...:
        code = os.environ.get("SALESCOURSE_CODE") or find_code(student_folder())
        if code is None:
            raise StudentError(NO_CODE)
    code = normalise(code)
    company = Company.generate(code)
    SESSION.code, SESSION.exam = code, bool(exam) or on_exam()
    if keeps_journal():
        with contextlib.suppress(OSError):  # a folder closed for writing: it stays in the cell
            save_code(student_folder(), code)
    from salescourse import replies
    from salescourse.cards import company_card

    replies.emit(*company_card(company))
    if SESSION.exam:
        replies.emit(*replies.note(EXAM))
    return company


@_replies
def check(task: str = "", *answer: Any) -> None:
    """Проверяет ответ и сразу говорит, верно ли, а если нет — в чём ошибка.

    Parameters
    ----------
    task : номер задания в кавычках, например "funnel-1"
    answer : ответ; `...` значит «ещё не решено»

    Числа понимает так, как их пишут в Excel: 8.5, "8,5", "8,5 %", "1 250 000 ₽".

    Examples
    --------
    >>> check("start-2", 20)  # doctest: +SKIP
    Верно: 20,0 %.
    """
    from salescourse import replies, units

    found, company = units.find(task), SESSION.company
    outcome, record = _judged(found, answer, company)
    if record:
        SESSION.keep(record)
    replies.emit(*replies.outcome(outcome, record), record=record)


def _judged(task: Task, answer: tuple, company: Company) -> tuple[Outcome, Record | None]:
    from salescourse import records
    from salescourse.tasks import NOTED, UNDERSTOOD, evaluate, note

    try:
        outcome = (note if SESSION.exam else evaluate)(task, answer, company)
        value = outcome.value if outcome.kind in (*UNDERSTOOD, NOTED) else None
    except Exception as error:
        if in_build():
            raise
        outcome, value = _our_fault(task, answer, company, error)
    return outcome, None if value is None else records.of(task, value, company)


def _our_fault(task: Task, answer: tuple, company: Company, error: Exception) -> tuple:
    """The course can't judge this answer; it is kept and marked when the course is mended."""
    from salescourse.tasks import OPEN, Outcome, read

    text = (
        "Проверить ответ не получилось: ошибка в самом курсе, не у вас. Ответ записан. "
        f"Покажите преподавателю эту строку: {task.id}, {company.code}, {type(error).__name__}."
    )
    try:
        value = read(task, answer, company)
    except Exception:  # not understood either, or the course's own rows are at fault
        value = None
    return Outcome(OPEN, task.id, text), value


@_replies
def question(task: str = "") -> None:
    """Показывает, что спрашивают именно про вашу компанию: строки и варианты ответа.

    task — номер задания в кавычках.

    Пример: question("funnel-4")
    """
    from salescourse import output, units

    found = units.find(task)
    text = [f"**{found.id} · {found.title}**"]
    if found.asks_of_company:
        company = SESSION.company
        text += [found.details(company) if found.details else "", found.kind.describe(company)]
    else:
        text.append(found.question.strip())
    markdown = "\n\n".join(filter(None, text))
    output.show_bundle({"text/markdown": markdown, "text/plain": markdown.replace("**", "")})


@_replies
def hint(task: str = "") -> None:
    """Даёт подсказку; каждый следующий вызов — на шаг дальше. На баллы не влияет.

    task — номер задания в кавычках.

    Пример: hint("funnel-1")
    """
    from salescourse import replies, units

    found = units.find(task)
    total = len(found.hints)
    if SESSION.exam:
        text = "На зачёте подсказок нет."
    elif not total:
        text = "К этому заданию подсказок нет: всё нужное есть в вопросе."
    else:
        step = min(SESSION.hints[found.id], total - 1)
        SESSION.hints[found.id] += 1
        last = ", последняя" if step == total - 1 and total > 1 else ""
        text = f"Подсказка {step + 1} из{NBSP}{total}{last}. {found.hints[step]}"
    replies.emit(*replies.note(text))


@_replies
def progress(unit: str | None = None) -> None:
    """Показывает, что решено и сколько баллов набрано. Помнит ответы и после перезапуска.

    unit — раздел, например "funnel"; без него показывает все.

    Пример: progress()
    """
    from salescourse import progress_table, replies, units

    slugs = units.UNITS if unit is None else (units.find_unit(unit),)
    company, answers = SESSION.company, SESSION.answers()
    replies.emit(*progress_table.of(slugs, answers, company, exam=SESSION.exam))


@_replies
def submit() -> None:
    """Собирает ваши ответы в один маленький файл рядом с тетрадью, чтобы отправить его.

    Нужен, если результаты в тетради пропали или она не открывается.

    Пример: submit()
    """
    from salescourse import records, replies, units

    company, answers = SESSION.company, SESSION.answers()
    if not answers:
        raise StudentError("Собирать пока нечего: ни на одно задание ответа нет.")
    known = [task.id for task in units.all_tasks()]
    kept = [
        answers[name] for name in (*known, *sorted(set(answers) - set(known))) if name in answers
    ]
    path = Path(f"Ответы {company.code}.json")
    try:
        records.pack(kept, company, path)
    except OSError as error:
        raise StudentError(
            f"Не смог записать файл «{path.name}»: в эту папку нельзя писать. "
            "Сохраните тетрадь в свою папку и запустите ещё раз."
        ) from error
    count = f"{len(kept)}{NBSP}{plural(len(kept), 'ответ', 'ответа', 'ответов')}"
    text = f"Файл «{path.name}» лежит рядом с тетрадью, в нём {count}. Отправьте его преподавателю."
    absent = [t.id for t in units.all_tasks() if t.id not in answers and not t.by_hand]
    if absent:
        text += f" Нет ответа: {', '.join(absent)}."
    if written := [task.id for task in units.all_tasks() if task.by_hand]:
        text += f" Письменный ответ ({', '.join(written)}) живёт в тетради: пришлите и её."
    replies.emit(*replies.note(text))


@_replies
def how(helper: Any = None) -> None:
    """Показывает, как помощник считает: строка pandas и то же самое в Excel.

    helper — помощник без кавычек и без скобок в конце.

    Пример: how(funnel.stages)
    """
    from salescourse import replies
    from salescourse.working import explain

    replies.emit(*explain(helper))
