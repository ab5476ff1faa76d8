"""The instructor's page: what it shows, what its forms do, and whom it refuses."""

from __future__ import annotations

import io
import os
import re
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from urllib.request import HTTPCookieProcessor, ProxyHandler, build_opener

import openpyxl
import pytest
from starlette.testclient import TestClient

sys.path.insert(0, str(Path(__file__).parent))
from schoolwork import notebook, random_codes, right, save

from salescourse import units
from salescourse.grading import roster
from salescourse.grading.gradebook import Gradebook
from salescourse.grading.page.app import application
from salescourse.grading.page.guard import COOKIE, Keys
from salescourse.grading.roster import Person

ONE, OTHER = random_codes(2, seed=68)
HOST = "http://127.0.0.1:8888"
WRITTEN = next(t for t in units.all_tasks() if t.by_hand)
SLUG = WRITTEN.id.rpartition("-")[0]
EVIL = '<script>alert("х")</script>'


class Visitor:
    """A browser that was opened with the key."""

    def __init__(self, folder: Path, **limits: int):
        self.book = Gradebook(folder / "класс.db", by="тест")
        self.keys = Keys()
        self.web = TestClient(application(self.book, self.keys, **limits), base_url=HOST)
        self.web.get(f"/?key={self.keys.door}")

    def get(self, path: str) -> str:
        answer = self.web.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.text

    def post(self, path: str, data: dict | None = None, files=None, **headers: str):
        data = {"key": self.keys.form, **(data or {})}
        sent = {"origin": HOST, **headers}
        return self.web.post(path, data=data, files=files, headers=sent)

    def grade(self, files: dict[str, bytes], **data: str) -> str:
        self.post("/files", data, [("files", pair) for pair in files.items()])
        for _ in range(200):
            page = self.get("/")
            if "Проверяю работы" not in page:
                return page
            time.sleep(0.05)
        raise AssertionError("the grading does not end")


@pytest.fixture
def visitor(tmp_path):
    made = Visitor(tmp_path)
    yield made
    made.book.close()


@pytest.fixture(scope="module")
def works(tmp_path_factory) -> dict[str, bytes]:
    """Two students with a written answer each."""
    folder, made = tmp_path_factory.mktemp("работы"), {}
    for code, text in ((ONE, f"Утечка на КП {EVIL}"), (OTHER, "=1+1 и срок")):
        answers = {t: v for t, v in right(code).items() if t.startswith(SLUG)}
        path = save(notebook(SLUG, code, answers, text=text), folder / f"{code}.ipynb")
        made[path.name] = path.read_bytes()
    return made


@pytest.fixture
def graded(visitor, works, tmp_path):
    people = [Person(f"Иванова {EVIL}", code=ONE), Person("Ким Ли", code=OTHER)]
    roster.write(people, tmp_path / "roster.csv")
    content = (tmp_path / "roster.csv").read_bytes()
    visitor.post("/roster", files={"roster": ("roster.csv", content)})
    page = visitor.grade(works)
    assert "Прочитано файлов: 2, работы сдали студентов: 2" in page
    return visitor


# Marks --------------------------------------------------------------------------------------


def test_an_empty_gradebook_says_what_to_do(visitor):
    assert "В журнале пока пусто" in visitor.get("/")
    assert "Замечаний нет" in visitor.get("/report")


def test_marks_names_and_reports_are_shown_and_escaped(graded):
    pages = [graded.get(p) for p in ("/", "/report", f"/student/{ONE}", f"/student/{ONE}/feedback")]
    for page in pages:
        assert "<script>alert" not in page
    assert "Иванова &lt;script&gt;" in pages[0]
    assert ONE in pages[0]
    assert "Ким Ли" in pages[0]


def test_a_broken_file_is_told_and_the_rest_is_marked(graded, works):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as out:
        out.writestr("../зло.ipynb", "{}")
        out.writestr("обрыв <b>.ipynb", "{")
        out.writestr(next(iter(works)), next(iter(works.values())))
    page = graded.grade({"работы.zip": packed.getvalue(), "x.exe": b"MZ"})
    assert "изменений в журнале: 0" in page
    report = graded.get("/report")
    assert "имя ведёт за пределы архива" in report
    assert "работы.zip/обрыв &lt;b&gt;.ipynb" in report
    assert "x.exe" in report


def test_a_different_work_changes_marks_only_as_a_resubmission(graded, tmp_path):
    first = next(t for t in units.tasks_of(SLUG) if not t.by_hand).id
    worse = save(notebook(SLUG, ONE, {first: 1.0}), tmp_path / "хуже.ipynb").read_bytes()
    before = {(r.mark.code, r.mark.task): r.points for r in graded.book.rows()}
    assert "не такие, как в прежней работе" in graded.grade({"хуже.ipynb": worse})
    assert {(r.mark.code, r.mark.task): r.points for r in graded.book.rows()} == before
    graded.grade({"хуже.ipynb": worse}, again="yes")
    after = {(r.mark.code, r.mark.task): r.points for r in graded.book.rows()}
    assert {key for key in after if after[key] != before[key]} == {(ONE, first)}


def test_a_mark_is_set_by_hand_and_taken_back(graded):
    task = next(t for t in units.tasks_of(SLUG) if not t.by_hand)
    where = f"/student/{ONE}/{task.id}"
    graded.post("/reader", {"name": "Анна", "share": "20"})
    assert graded.post(where, {"points": "0,5", "comment": EVIL}).status_code == 200
    found = next(r for r in graded.book.rows() if (r.mark.code, r.mark.task) == (ONE, task.id))
    assert (found.points, found.comment, found.by) == (0.5, EVIL, "Анна")
    assert "<script>alert" not in graded.get(f"/student/{ONE}")
    for points in ("много", "100", "5 %", "nan"):
        refused = graded.post(where, {"points": points})
        assert refused.status_code == 400
        assert 'role="alert"' in refused.text
    graded.post(where, {"points": "", "comment": ""})
    found = next(r for r in graded.book.rows() if (r.mark.code, r.mark.task) == (ONE, task.id))
    assert found.hand is None


def test_one_of_two_works_is_chosen(visitor, tmp_path):
    first = next(t for t in units.tasks_of(SLUG) if not t.by_hand)
    good = save(notebook(SLUG, ONE, {first.id: right(ONE)[first.id]}), tmp_path / "а.ipynb")
    bad = save(notebook(SLUG, ONE, {first.id: 1.0}), tmp_path / "б.ipynb")
    visitor.grade({p.name: p.read_bytes() for p in (good, bad)})
    page = visitor.get(f"/student/{ONE}")
    assert "Какую засчитать" in page
    visitor.post(f"/student/{ONE}/choose", {"file": "а.ipynb"})
    found = next(r for r in visitor.book.rows() if r.mark.task == first.id)
    assert (found.points, found.comment) == (first.points, "Засчитана работа «а.ipynb».")


def test_the_workbook_moodle_and_feedback_are_downloaded(graded):
    page = graded.get("/")
    links = re.findall(r'href="(/download/[^"]+)"', page)
    answers = [graded.web.get(link) for link in links]
    assert all(answer.headers["content-disposition"].startswith("attachment") for answer in answers)
    book = openpyxl.load_workbook(io.BytesIO(answers[0].content))
    assert "Ким Ли" in [cell.value for cell in book["Итоги"]["A"]]
    assert answers[1].text.startswith("Фамилия,Имя")
    with zipfile.ZipFile(io.BytesIO(answers[2].content)) as packed:
        assert len(packed.namelist()) == 2
    assert graded.web.get("/download/..%2F..%2Fetc%2Fpasswd").status_code == 404


# Written answers ----------------------------------------------------------------------------


def read_all(visitor: Visitor, who: str, levels: list[int], comment: str = "", share: int = 100):
    """Read until nothing is left; the pages that were seen before each mark."""
    visitor.post("/reader", {"name": who, "share": str(share)})
    seen = []
    for _ in range(10):
        page = visitor.get(f"/read/{WRITTEN.id}")
        found = re.search(rf'action="(/read/{WRITTEN.id}/\w+)"', page)
        if not found:
            return seen
        seen.append(page)
        given = {f"line{i}": str(level) for i, level in enumerate(levels)}
        assert visitor.post(found[1], {**given, "comment": comment}).status_code == 200
    raise AssertionError("the queue does not end")


def test_a_work_is_read_without_its_authors_name_and_marked_by_the_rubric(graded):
    seen = read_all(graded, "Анна", [2, 1, 0, 2], "Нет срока.\nНазовите исполнителя")
    assert len(seen) == 2
    first = seen[0]
    for secret in (ONE, OTHER, "Ким Ли", "Иванова", ".ipynb"):
        assert secret not in first
    rows = [r for r in graded.book.rows() if r.mark.task == WRITTEN.id]
    assert {r.points for r in rows} == {0.5 + 0.25 + 0 + 0.5}
    assert {r.by for r in rows} == {"Анна"}
    assert "Прочитано 2 из 2" in graded.get("/read")


def test_the_bank_of_comments_grows_and_is_offered(graded):
    seen = read_all(graded, "Анна", [0, 0, 0, 0], f"Нет срока.\n{EVIL}")
    assert 'name="phrase"' not in seen[0]
    assert 'value="Нет срока."' in seen[1]
    assert "<script>alert" not in seen[1]


def test_a_second_reader_gets_a_share_sees_no_points_and_changes_no_mark(graded):
    read_all(graded, "Анна", [2, 2, 2, 2], "Хорошо.")
    assert read_all(graded, "Анна", [0, 0, 0, 0]) == []
    assert read_all(graded, "Борис", [0, 0, 0, 0], share=0) == []
    seen = read_all(graded, "Борис", [2, 2, 2, 0])
    assert len(seen) == 2
    assert "второе чтение" in seen[0]
    assert "checked" not in seen[0]
    rows = [r for r in graded.book.rows() if r.mark.task == WRITTEN.id]
    assert {r.points for r in rows} == {2.0}
    page = graded.get("/read")
    assert "Прочитаны дважды: 2\u00a0работы" in page
    assert "75\u00a0%" in page
    assert "каппа" in page


def test_a_changed_text_is_read_anew(graded, tmp_path):
    read_all(graded, "Анна", [2, 2, 2, 2])
    path = save(notebook(SLUG, ONE, {}, text="Совсем другой ответ"), tmp_path / "а.ipynb")
    source = path.read_text("utf-8").replace("my_company()", f"my_company('{ONE}')")
    graded.grade({"а.ipynb": source.encode()}, again="yes")
    assert "после вашей оценки" in graded.get("/report")
    seen = read_all(graded, "Анна", [0, 0, 0, 0])
    assert len(seen) == 1
    assert "Совсем другой ответ" in seen[0]


@pytest.mark.parametrize("levels", [[], [0, 0, 0], [0, 0, 0, 3], [0, 0, 0, -1], ["x"] * 4])
def test_a_rubric_filled_in_part_is_refused(levels, graded):
    graded.post("/reader", {"name": "Анна", "share": "0"})
    page = graded.get(f"/read/{WRITTEN.id}")
    where = re.search(rf'action="(/read/{WRITTEN.id}/\w+)"', page)[1]
    answer = graded.post(where, {f"line{i}": str(v) for i, v in enumerate(levels)})
    assert answer.status_code == 400
    assert "по каждой строке" in answer.text


# Whom it refuses ----------------------------------------------------------------------------


def test_without_the_key_nothing_is_shown(visitor):
    stranger = TestClient(visitor.web.app, base_url=HOST)
    for path in ("/", "/report", "/static/page.css", "/download/Moodle.csv", "/?key=угадал"):
        answer = stranger.get(path)
        assert answer.status_code == 403
        assert "ключ" in answer.text


def test_the_key_does_not_stay_in_the_address(visitor):
    answer = visitor.web.get(f"/?key={visitor.keys.door}", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert "HttpOnly" in answer.headers["set-cookie"]
    assert "SameSite=strict" in answer.headers["set-cookie"]


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example:8888", "", "[::1]:8888"])
def test_another_host_name_is_refused(host, visitor):
    assert visitor.web.get("/", headers={"host": host}).status_code == 421


REFUSED = [
    {"origin": "http://evil.example"},
    {"origin": "null"},
    {"origin": "http://127.0.0.1:9999"},
    {"origin": HOST, "sec-fetch-site": "cross-site"},
    {"origin": HOST, "sec-fetch-site": "same-site"},
]


@pytest.mark.parametrize("headers", REFUSED)
def test_forms_of_other_sites_are_refused(headers, graded):
    before = graded.book.last_change()
    task = next(t for t in units.tasks_of(SLUG) if not t.by_hand).id
    assert graded.post(f"/student/{ONE}/{task}", {"points": "0"}, **headers).status_code == 403
    assert graded.book.last_change() == before


def test_a_form_without_our_key_is_refused(graded):
    task = next(t for t in units.tasks_of(SLUG) if not t.by_hand).id
    for path in (f"/student/{ONE}/{task}", "/reader", f"/student/{ONE}/choose"):
        assert graded.post(path, {"key": "чужой", "points": "0", "name": "а"}).status_code == 403
    files = [("files", ("а.ipynb", b"{}"))]
    assert graded.post("/files", {"key": ""}, files).status_code == 403


def test_too_much_data_is_refused(tmp_path):
    visitor = Visitor(tmp_path, most=100_000)
    files = [("files", ("а.ipynb", b" " * 200_000))]
    assert visitor.post("/files", files=files).status_code == 413

    def pieces():
        for _ in range(30):
            yield b" " * 10_000

    kind = {"origin": HOST, "content-type": "multipart/form-data; boundary=x"}
    assert visitor.web.post("/files", content=pieces(), headers=kind).status_code == 413
    visitor.book.close()


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
def test_other_methods_are_refused(method, visitor):
    assert visitor.web.request(method, "/").status_code == 405


def test_every_page_is_sealed(graded):
    graded.post("/reader", {"name": "Анна", "share": "0"})
    for path in (
        "/",
        "/report",
        "/read",
        f"/read/{WRITTEN.id}",
        f"/student/{ONE}",
        "/static/page.js",
    ):
        headers = graded.web.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert headers["cache-control"] == "no-store"
        page = graded.get(path)
        assert not re.search(r"(?:src|href|action)=[\"']?(?:https?:)?//", page)
    policy = graded.web.get(f"/student/{ONE}/feedback").headers["content-security-policy"]
    assert "sandbox" in policy
    assert "script" not in policy


def test_what_is_not_there_is_told_in_russian(visitor):
    for path in ("/нет", f"/student/{ONE}", "/read/funnel-1", "/read/x"):
        answer = visitor.web.get(path)
        assert answer.status_code == 404
        assert "Такой страницы нет" in answer.text


def test_a_failure_of_ours_shows_no_traceback(visitor, monkeypatch):
    monkeypatch.setattr(visitor.book, "rows", lambda: 1 / 0)
    web = TestClient(visitor.web.app, base_url=HOST, raise_server_exceptions=False)
    web.cookies.set(COOKIE, visitor.keys.door)
    answer = web.get("/")
    assert answer.status_code == 500
    assert "наша вина" in answer.text
    assert "ZeroDivisionError" not in answer.text


# The command --------------------------------------------------------------------------------


@pytest.mark.skipif(os.name == "nt", reason="Ctrl+C can't be sent to one process there")
def test_the_command_serves_on_loopback_until_it_is_stopped(tmp_path):
    args = [sys.executable, "-m", "salescourse", "review", "--no-browser", "--gradebook"]
    with subprocess.Popen(
        [*args, tmp_path / "класс.db"], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, encoding="utf-8", env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as run:  # fmt: skip
        said = run.stdout.readline()
        address = re.search(r"http://127\.0\.0\.1:\d+/\?key=\S+", said)[0]
        opener = build_opener(ProxyHandler({}), HTTPCookieProcessor())
        assert "В журнале пока пусто" in opener.open(address, timeout=20).read().decode()
        run.send_signal(signal.SIGINT)
        out, err = run.communicate(timeout=20)
    assert run.returncode == 0, err
    assert "сохранено в журнале" in out
    assert err == ""


def test_the_command_names_what_is_missing(tmp_path, capsys):
    from salescourse.cli.app import run

    assert run(["review"]) == 2
    assert "--gradebook" in capsys.readouterr().err
    roster_ = str(tmp_path / "нет.csv")
    assert run(["review", "--gradebook", str(tmp_path / "а.db"), "--roster", roster_]) == 1
    assert "Не нашёл файл" in capsys.readouterr().err
