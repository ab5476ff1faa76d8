"""`salescourse start`: the student's folder, the code, and JupyterLab over them."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.request import Request, urlopen

import nbformat
import pytest

from salescourse import coursefolder, shell, soundness
from salescourse.coursefolder import Delivery, choose, deliver, find_unit, title
from salescourse.errors import StudentError
from salescourse.workplace import find_code, save_code

CODE, OTHER = "ROP-7F3A-K", "ROP-0000-G"
KNOWN = ["00_start", "02_funnel"]
LESSON, EXERCISE = "Уроки/02_воронка.ipynb", "Задания/02_воронка_задания.ipynb"


def notebook(text: str):
    cells = [nbformat.v4.new_code_cell(text, id="c01")]
    spec = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": spec})


def publish(root: Path, version: str) -> None:
    """A course of two lessons and one exercise, at some version."""
    for path in ("notebooks/00_start", "notebooks/02_funnel", "exercises/02_funnel"):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook(f"print('{path} {version}')"), root / f"{path}.ipynb")
    (root / "datasets").mkdir(exist_ok=True)
    (root / "datasets" / "README.md").write_text(f"# Словарь {version}\n", encoding="utf-8")


@pytest.fixture
def root(tmp_path) -> Path:
    publish(tmp_path / "course", "v1")
    return tmp_path / "course"


@pytest.fixture
def folder(student_folder) -> Path:
    return student_folder / "Курс РОПа"


def change(path: Path, text: str) -> None:
    content = nbformat.read(path, as_version=4)
    content.cells[0].source = text
    nbformat.write(content, path)


def source(path: Path) -> str:
    return nbformat.read(path, as_version=4).cells[0].source


# The folder ---------------------------------------------------------------------------------


def test_first_delivery_brings_everything(root, folder):
    done = deliver(root, folder)
    assert done.new == ["Уроки/00_запуск.ipynb", LESSON, EXERCISE, "Словарь данных.md"]
    assert all((folder / name).is_file() for name in done.new)


def test_second_delivery_changes_nothing(root, folder):
    deliver(root, folder)
    assert deliver(root, folder) == Delivery()


def test_untouched_files_follow_the_course(root, folder):
    deliver(root, folder)
    publish(root, "v2")
    done = deliver(root, folder)
    assert len(done.updated) == 4
    assert (done.new, done.beside) == ([], [])
    assert "v2" in source(folder / EXERCISE)


def test_edited_work_is_never_touched_and_the_new_version_lands_beside(root, folder):
    deliver(root, folder)
    change(folder / EXERCISE, "check('funnel-1', 8.5)")
    publish(root, "v2")
    done = deliver(root, folder)
    beside = "Задания/02_воронка_задания (новая версия).ipynb"
    assert done.beside == [(EXERCISE, beside)]
    assert source(folder / EXERCISE) == "check('funnel-1', 8.5)"
    assert "v2" in source(folder / beside)
    assert deliver(root, folder) == Delivery()


def test_a_third_version_does_not_multiply_untouched_copies(root, folder):
    deliver(root, folder)
    change(folder / EXERCISE, "моё")
    for version in ("v2", "v3"):
        publish(root, version)
        deliver(root, folder)
    copies = sorted(p.name for p in (folder / "Задания").glob("*новая*"))
    assert copies == ["02_воронка_задания (новая версия).ipynb"]
    assert "v3" in source(folder / "Задания" / copies[0])


def test_an_edited_new_version_is_work_too(root, folder):
    deliver(root, folder)
    change(folder / EXERCISE, "моё")
    publish(root, "v2")
    ((_, beside),) = deliver(root, folder).beside
    change(folder / beside, "моё, второе")
    publish(root, "v3")
    ((_, second),) = deliver(root, folder).beside
    assert second == "Задания/02_воронка_задания (новая версия 2).ipynb"
    assert source(folder / beside) == "моё, второе"


def test_outputs_are_work(root, folder):
    deliver(root, folder)
    path = folder / EXERCISE
    content = nbformat.read(path, as_version=4)
    content.cells[0].outputs = [nbformat.v4.new_output("stream", text="Верно: 8,5 %")]
    nbformat.write(content, path)
    publish(root, "v2")
    assert [theirs for theirs, _ in deliver(root, folder).beside] == [EXERCISE]


def test_opening_a_notebook_is_not_editing_it(root, folder):
    deliver(root, folder)
    path = folder / EXERCISE
    content = json.loads(path.read_text(encoding="utf-8"))
    content["metadata"]["language_info"] = {"name": "python", "version": "3.12.1"}
    path.write_text(json.dumps(content), encoding="utf-8")
    publish(root, "v2")
    assert EXERCISE in deliver(root, folder).updated


def test_a_deleted_notebook_comes_back_fresh(root, folder):
    deliver(root, folder)
    (folder / EXERCISE).unlink()
    assert deliver(root, folder).new == [EXERCISE]


def test_files_of_unknown_origin_are_taken_for_work(root, folder):
    (folder / "Уроки").mkdir(parents=True)
    (folder / LESSON).write_text("заметки, а не тетрадь", encoding="utf-8")
    assert [theirs for theirs, _ in deliver(root, folder).beside] == [LESSON]
    assert (folder / LESSON).read_text(encoding="utf-8") == "заметки, а не тетрадь"


def test_a_lost_list_of_deliveries_harms_nothing(root, folder):
    deliver(root, folder)
    change(folder / EXERCISE, "моё")
    (folder / ".salescourse" / "delivered.json").write_text("{", encoding="utf-8")
    publish(root, "v2")
    deliver(root, folder)
    assert source(folder / EXERCISE) == "моё"


@pytest.mark.parametrize("place", ["занято", "занято/внутри"])
def test_a_folder_that_cannot_be_is_told(place, root, student_folder):
    (student_folder / "занято").write_text("", encoding="utf-8")
    with pytest.raises(StudentError, match="--dir"):
        deliver(root, student_folder / place)


def test_a_read_only_folder_is_told(root, folder, monkeypatch):
    def refuse(*args, **kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.mkstemp", refuse)
    with pytest.raises(StudentError, match="Не могу писать в папку"):
        deliver(root, folder)


def test_the_course_folder_is_made_here_unless_we_are_in_one(root, folder, student_folder):
    assert choose(None, student_folder) == folder
    assert choose(Path("сюда"), student_folder) == Path("сюда").absolute()
    deliver(root, folder)
    assert choose(None, folder) == folder
    assert choose(None, folder / "Задания") == folder


def test_a_stray_journal_makes_no_course_folder(student_folder):
    (student_folder / ".salescourse").mkdir()
    assert choose(None, student_folder) == student_folder / "Курс РОПа"


@pytest.mark.parametrize(
    "word",
    ["02_funnel", "funnel", "2", "02", "воронка", "Воронка ", "02_воронка", "02_funnel.ipynb"],
)
def test_a_unit_is_understood_however_it_is_called(word):
    assert find_unit(word, KNOWN) == "02_funnel"


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("варонка", "Возможно, вы имели в виду «воронка»"),
        ("лестница", "ещё не вышел"),
        ("", "Есть:"),
    ],
)
def test_an_unknown_unit_is_told(word, said):
    with pytest.raises(StudentError, match=said):
        find_unit(word, KNOWN)


def test_an_authors_own_unit_keeps_its_name():
    assert title("20_tenders") == "20_tenders"
    assert find_unit("tenders", ["20_tenders"]) == "20_tenders"


# The code -----------------------------------------------------------------------------------


@pytest.fixture
def issued(monkeypatch, folder) -> list[str]:
    """What is said; codes are issued without generating companies."""
    (folder / ".salescourse").mkdir(parents=True)
    monkeypatch.setattr(soundness, "issue_codes", lambda n: iter([CODE]))
    return []


def test_a_new_student_gets_a_code_that_passes_the_gates(folder, issued):
    assert shell.settle_code(folder, None, issued.append) == CODE
    assert find_code(folder) == CODE
    assert issued[-1] == f"Код компании: {CODE}"


def test_the_kept_code_is_kept(folder, issued, monkeypatch):
    save_code(folder, OTHER)
    monkeypatch.setenv("SALESCOURSE_CODE", CODE)
    assert shell.settle_code(folder, None, issued.append) == OTHER


def test_the_schools_code_comes_from_the_environment(folder, issued, monkeypatch):
    monkeypatch.setenv("SALESCOURSE_CODE", OTHER.lower())
    assert shell.settle_code(folder, None, issued.append) == OTHER
    assert find_code(folder) == OTHER


def test_a_given_code_replaces_the_kept_one_and_says_so(folder, issued):
    save_code(folder, OTHER)
    assert shell.settle_code(folder, CODE, issued.append) == CODE
    assert find_code(folder) == CODE
    assert f"был {OTHER}" in issued[-1]


# The server ---------------------------------------------------------------------------------


def test_a_busy_port_is_passed_over_or_told():
    with socket.socket() as taken:
        taken.bind((shell.HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(StudentError, match=f"Порт {port} занят"):
            shell.free_port(port)
    assert shell.free_port(None) in range(shell.PORT, shell.PORT + shell.TRIES)


def test_all_ports_busy(monkeypatch):
    monkeypatch.setattr(shell, "_is_free", lambda port: False)
    with pytest.raises(StudentError, match="--port 9000"):
        shell.free_port(None)


def test_missing_jupyterlab_says_what_to_type():
    with pytest.raises(StudentError, match=r'pip install "salescourse\[lab\]"'):
        shell.require("jupyterlab_that_is_not_there", "JupyterLab")


def test_the_token_is_not_on_the_command_line(folder):
    env = shell.environment(folder, "секрет")
    assert env["JUPYTER_TOKEN"] == "секрет"
    assert "секрет" not in " ".join(shell.command(folder, 8888))
    assert f"--ServerApp.ip={shell.HOST}" in shell.command(folder, 8888)


def test_settings_of_ours_come_before_the_users(folder, monkeypatch):
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", "theirs")
    monkeypatch.setenv("SALESCOURSE_CODE", OTHER)
    env = shell.environment(folder, "t")
    ours, theirs = env["JUPYTER_CONFIG_PATH"].split(os.pathsep)
    assert theirs == "theirs"
    assert (Path(ours) / "labconfig" / "page_config.json").is_file()
    assert "SALESCOURSE_CODE" not in env


def in_a_kernel(env: dict, cell: str, monkeypatch) -> list:
    """What a fresh kernel with this environment says to its first cell."""
    nbclient = pytest.importorskip("nbclient")
    for name in ("CI", "SALESCOURSE_BUILD", "PYTHONSTARTUP", "SALESCOURSE_PYTHONSTARTUP"):
        monkeypatch.delenv(name, raising=False)
        if name in env:
            monkeypatch.setenv(name, env[name])
    asked = notebook(cell)
    nbclient.NotebookClient(asked, timeout=120, allow_errors=True).execute()
    return asked.cells[0].outputs


def test_a_fresh_kernel_speaks_russian_before_the_first_import(folder, monkeypatch):
    env = shell.environment(folder, "t")
    (output,) = in_a_kernel(env, "check('start-1', 5)", monkeypatch)
    assert output.data["text/plain"].startswith("«check» появится, когда вы запустите ячейку")


def test_a_fresh_kernel_is_not_slowed_by_pandas_nor_given_names(folder, monkeypatch):
    cell = "import sys; print('pandas' in sys.modules, 'install' in dir(), '_begin' in dir())"
    (output,) = in_a_kernel(shell.environment(folder, "t"), cell, monkeypatch)
    assert output.text.split() == ["False", "False", "False"]


def test_the_students_own_startup_file_is_run_too(folder, tmp_path, monkeypatch):
    own = tmp_path / "моё начало.py"
    own.write_text("their_name = 7\n", encoding="utf-8")
    monkeypatch.setenv("PYTHONSTARTUP", str(own))
    env = shell.environment(folder, "t")
    (output,) = in_a_kernel(env, "print(their_name, 'salescourse' in globals())", monkeypatch)
    assert output.text.split() == ["7", "False"]
    monkeypatch.setenv("PYTHONSTARTUP", env["PYTHONSTARTUP"])
    monkeypatch.setenv("SALESCOURSE_PYTHONSTARTUP", env["SALESCOURSE_PYTHONSTARTUP"])
    assert shell.environment(folder, "t")["SALESCOURSE_PYTHONSTARTUP"] == str(own)


@pytest.mark.parametrize("name", ["CI", "SALESCOURSE_BUILD"])
def test_a_build_under_our_environment_keeps_its_tracebacks(folder, monkeypatch, name):
    env = shell.environment(folder, "t")
    (output,) = in_a_kernel(env | {name: "1"}, "check('start-1', 5)", monkeypatch)
    assert output.output_type == "error" and output.ename == "NameError"


def test_plain_view_is_notebook_7():
    lab = shell.address_of(Path("Уроки/а б.ipynb"), 8888, "t", plain=False)
    plain = shell.address_of(Path("Уроки/а б.ipynb"), 8888, "t", plain=True)
    assert lab.startswith("http://127.0.0.1:8888/lab/tree/%D0%A3")
    assert plain == lab.replace("lab/tree", "notebooks")
    assert lab.endswith("%20%D0%B1.ipynb?token=t")


DRIVER = """
import sys
from pathlib import Path
from salescourse import shell
from salescourse.cli import main
shell.course_root = lambda: Path(sys.argv[1])
main(args=sys.argv[2:])
"""


class Running:
    """`salescourse start` in another process, read line by line."""

    def __init__(self, root: Path, *args: str, cwd: Path):
        self.said: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, "-c", DRIVER, str(root), "start", "--no-browser", *args],
            cwd=cwd,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            env={**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "cp1251"},
        )
        for line in self.process.stdout:
            self.said.append(line)
            if "Остановить" in line:
                break

    @property
    def text(self) -> str:
        return "".join(self.said)

    def ask(self, path: str, token: str | None = None):
        port, own = re.search(r":(\d+)/.*token=(\w+)", self.text).groups()
        header = {"Authorization": f"token {token or own}"}
        with urlopen(Request(f"http://127.0.0.1:{port}{path}", headers=header)) as answer:
            return answer.read().decode("utf-8")

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        self.said.append(self.process.stdout.read())
        return self.process.wait(30)


@pytest.mark.skipif(os.name == "nt", reason="SIGINT is sent otherwise on Windows")
def test_jupyterlab_comes_up_in_russian_and_stops_on_ctrl_c(root, student_folder):
    pytest.importorskip("jupyterlab")
    running = Running(root, "воронка", "--code", CODE, cwd=student_folder)
    try:
        assert "/lab/tree/%D0%A3%D1%80%D0%BE%D0%BA%D0%B8/02_" in running.text
        plugin = json.loads(
            running.ask("/lab/api/settings/@jupyterlab/translation-extension:plugin")
        )
        assert plugin["schema"]["properties"]["locale"]["default"] == "ru_RU"
        page = running.ask("/lab")
        config = json.loads(
            re.search(r'id="jupyter-config-data"[^>]*>(.*?)</script>', page, re.S)[1]
        )
        assert "@jupyterlab/extensionmanager-extension" in config["disabledExtensions"]
        listed = json.loads(running.ask("/api/contents/%D0%97%D0%B0%D0%B4%D0%B0%D0%BD%D0%B8%D1%8F"))
        assert [item["name"] for item in listed["content"]] == [Path(EXERCISE).name]
        trusted = json.loads(running.ask(f"/api/contents/{shell.quote(LESSON)}"))
        assert trusted["content"]["cells"][0]["metadata"]["trusted"] is True
        with pytest.raises(OSError, match="403"):
            running.ask("/api/contents", token="чужой".encode().hex())
    finally:
        code = running.stop()
    assert code == 0, running.text
    assert "Остановлено." in running.text
    assert find_code(student_folder / coursefolder.NAME) == CODE


@pytest.mark.skipif(os.name == "nt", reason="SIGINT is sent otherwise on Windows")
def test_a_server_that_does_not_start_is_told(root, student_folder):
    script = DRIVER.replace(
        "main(", "shell.command = lambda *a: [sys.executable, '-c', '1/0']\nmain("
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(root), "start", "--no-browser", "--code", CODE],
        cwd=student_folder,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 1
    assert "JupyterLab не запустился" in done.stderr
    assert "Traceback" not in done.stderr
    log = student_folder / coursefolder.NAME / ".salescourse" / shell.LOG
    assert "ZeroDivisionError" in log.read_text(encoding="utf-8")
