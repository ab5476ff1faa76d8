"""`salescourse start`: the student's folder, their company's code, JupyterLab in Russian."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import webbrowser
from collections.abc import Callable
from pathlib import Path
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import ProxyHandler, Request, build_opener

from salescourse import coursefolder
from salescourse.codes import normalise
from salescourse.errors import StudentError
from salescourse.paths import PACKAGE, course_root
from salescourse.workplace import HIDDEN, find_code, save_code

Say = Callable[[str], None]
HOST, PORT, TRIES = "127.0.0.1", 8888, 20
PATIENCE = 90  # seconds for JupyterLab to come up; an antivirus may look into every file
LOG = "jupyter.log"
STARTUP = str(PACKAGE / "startup.py")  # a kernel runs it before the first cell


def start(
    unit: str | None = None,
    *,
    code: str | None = None,
    folder: Path | None = None,
    exercise: bool = False,
    browser: bool = True,
    port: int | None = None,
    plain: bool = False,
    exam: bool = False,
    say: Say = print,
) -> None:
    """Prepare the student's folder, open the wanted notebook and wait until they stop it."""
    require("jupyterlab", "JupyterLab")
    if plain:
        require("notebook", "Jupyter Notebook")
    root = course_root()
    known = coursefolder.units(root)
    if not known:
        raise StudentError("В пакете нет ни одной тетради. Соберите их: salescourse build.")
    stem = coursefolder.find_unit(unit, known) if unit else known[0]
    code = normalise(code) if code else None
    port = free_port(port)
    folder = coursefolder.choose(folder, Path.cwd())
    delivery = coursefolder.deliver(root, folder)
    tell(delivery, folder, say)
    trust(folder, [*delivery.new, *delivery.updated, *(ours for _, ours in delivery.beside)])
    settle_code(folder, code, say)
    notebook = coursefolder.notebook_of(folder, stem, exercise=exercise)
    if exam:
        say("Идёт зачёт: ответы записываются, верны ли они — скажет преподаватель.")
    serve(folder, notebook, port, browser=browser, plain=plain, exam=exam, say=say)


def require(module: str, name: str) -> None:
    """A clear word if a part of the `lab` extra is not installed."""
    if importlib.util.find_spec(module) is None:
        raise StudentError(f'Не установлен {name}. Наберите: pip install "salescourse[lab]"')


def tell(delivery: coursefolder.Delivery, folder: Path, say: Say) -> None:
    """Say what was put into the folder."""
    say(f"Папка курса: {folder}")
    if delivery.new:
        say(f"Добавлено: {', '.join(delivery.new)}")
    if delivery.updated:
        say(f"Обновлено: {', '.join(delivery.updated)}")
    for theirs, ours in delivery.beside:
        say(f"Вышла новая версия «{theirs}». Ваша работа не тронута, новая лежит рядом: «{ours}»")


def trust(folder: Path, delivered: list[str]) -> None:
    """Sign our notebooks, or JupyterLab hides their outputs' styles as «не доверенные»."""
    import nbformat
    from nbformat.sign import NotebookNotary

    notary = NotebookNotary(data_dir=str(folder / HIDDEN))
    for name in delivered:
        if name.endswith(".ipynb"):
            notary.sign(nbformat.read(folder / name, as_version=nbformat.NO_CONVERT))
    notary.store.close()


def settle_code(folder: Path, code: str | None, say: Say) -> str:
    """The code of this folder: the one given, the one kept, the environment's, or a new one."""
    kept = find_code(folder)
    given = os.environ.get("SALESCOURSE_CODE")
    if code is None and kept is None and given:
        code = normalise(given)
    if code is None and kept is not None:
        say(f"Код компании: {kept}")
        return kept
    if code is None:
        from salescourse.soundness import issue_codes

        say("Подбираю компанию…")
        code = next(iter(issue_codes(1)))
    if code != kept:
        try:
            save_code(folder, code)
        except OSError as error:
            raise StudentError(f"Не смог сохранить код в папке {folder}: {error}.") from error
    change = f" (был {kept}; ответы по нему остаются при нём)" if kept and kept != code else ""
    say(f"Код компании: {code}{change}")
    return code


# The server ---------------------------------------------------------------------------------


def free_port(wanted: int | None) -> int:
    """The port asked for, or the first free one from 8888 on."""
    for port in [wanted] if wanted else range(PORT, PORT + TRIES):
        if _is_free(port):
            return port
    if wanted:
        raise StudentError(f"Порт {wanted} занят. Уберите --port: найду свободный сам.")
    raise StudentError(
        f"Порты с {PORT} по {PORT + TRIES - 1} заняты. Закройте лишние окна Jupyter "
        "или укажите порт: --port 9000."
    )


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.2)
        if probe.connect_ex((HOST, port)) == 0:  # Windows lets two servers bind one port
            return False
    with socket.socket() as probe:
        if os.name != "nt":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with contextlib.suppress(OSError):
            probe.bind((HOST, port))
            return True
    return False


def serve(
    folder: Path, notebook: Path, port: int, *, browser: bool, plain: bool, exam: bool, say: Say
) -> None:
    """Run JupyterLab over the folder until Ctrl+C or until it is shut down in the browser."""
    token = secrets.token_hex(24)
    say("Запускаю JupyterLab, это несколько секунд…")
    _warm_up()
    with (folder / HIDDEN / LOG).open("w", encoding="utf-8") as log, _stop_signals():
        server = subprocess.Popen(
            command(folder, port),
            cwd=folder,
            env=environment(folder, token, exam=exam),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            **_own_group(),
        )
        try:
            _wait_for(server, port, token, folder / HIDDEN / LOG)
            address = address_of(notebook.relative_to(folder), port, token, plain=plain)
            say(f"\nОткройте в браузере: {address}\n\nОстановить: Ctrl+C в этом окне.")
            if browser and not open_browser(address):
                say("Браузер сам не открылся: скопируйте адрес в него.")
            server.wait()
            say("JupyterLab закрыт.")
        except KeyboardInterrupt:
            say("\nСохраняю и останавливаю…")
            _shut_down(server, port, token)
            say("Остановлено. Продолжить: salescourse start")
        finally:
            if server.poll() is None:
                server.kill()


def command(folder: Path, port: int) -> list[str]:
    """What to run. The token goes by the environment, where other users can't read it."""
    root = hasattr(os, "geteuid") and os.geteuid() == 0  # as in a container
    return [
        sys.executable,
        "-m",
        "jupyterlab",
        "--no-browser",
        f"--ServerApp.ip={HOST}",
        f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0",
        "--ServerApp.base_url=/",
        f"--ServerApp.root_dir={folder}",
        "--ServerApp.answer_yes=True",
        f"--NotebookNotary.data_dir={folder / HIDDEN}",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        *(["--allow-root"] if root else []),
    ]


def environment(folder: Path, token: str, *, exam: bool = False) -> dict[str, str]:
    """The student's environment, our settings before theirs, nothing of theirs written to."""
    env = dict(os.environ)
    for name in ("SALESCOURSE_CODE", "SALESCOURSE_BUILD", "JUPYTER_TOKEN_FILE"):
        env.pop(name, None)  # the folder's own code holds
    ours = [str(PACKAGE), *filter(None, [env.get("JUPYTER_CONFIG_PATH")])]
    own = folder / HIDDEN / "lab"
    if (theirs := env.get("PYTHONSTARTUP")) and theirs != STARTUP:  # ours: a start inside a start
        env["SALESCOURSE_PYTHONSTARTUP"] = theirs
    return env | {
        "JUPYTER_CONFIG_PATH": os.pathsep.join(ours),  # labconfig/ lies in the package
        "JUPYTER_TOKEN": token,
        "JUPYTER_PREFER_ENV_PATH": "1",  # not somebody's old kernel of the same name
        "JUPYTERLAB_SETTINGS_DIR": str(own / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(own / "workspaces"),
        "PYTHONSTARTUP": STARTUP,
        "PYTHONUTF8": "1",
        **({"SALESCOURSE_EXAM": "1"} if exam else {}),
    }


def address_of(notebook: Path, port: int, token: str, *, plain: bool) -> str:
    """What to open: JupyterLab on the notebook, or Notebook 7's plain view of it."""
    view = "notebooks" if plain else "lab/tree"
    return f"http://{HOST}:{port}/{view}/{quote(notebook.as_posix())}?token={token}"


def _warm_up() -> None:
    """Let matplotlib look through the fonts now, not under the student's first chart."""
    subprocess.Popen(
        [sys.executable, "-c", "import matplotlib.font_manager, salescourse"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        **_own_group(),
    )


def _own_group() -> dict:
    """Ctrl+C comes to us alone, and we stop the server in good order."""
    if os.name == "nt":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}


@contextlib.contextmanager
def _stop_signals():
    """Closing the terminal window or a kill stops the server like Ctrl+C does."""

    def stop(*_):
        raise KeyboardInterrupt

    names = [name for name in ("SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name)]
    before: dict = {}
    with contextlib.suppress(ValueError):  # not in the main thread: leave them
        before = {name: signal.signal(getattr(signal, name), stop) for name in names}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(getattr(signal, name), handler)


def _call(path: str, port: int, token: str, method: str = "GET") -> bool:
    request = Request(
        f"http://{HOST}:{port}{path}", method=method, headers={"Authorization": f"token {token}"}
    )
    try:  # a proxy of the office has no business on loopback
        with build_opener(ProxyHandler({})).open(request, timeout=5) as answer:
            return answer.status < 400
    except (URLError, OSError):
        return False


def _wait_for(server: subprocess.Popen, port: int, token: str, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and server.poll() is None:
        if _call("/api/status", port, token):
            return
        time.sleep(0.1)
    raise StudentError(
        f"JupyterLab не запустился. Проверьте, всё ли на месте: salescourse doctor. "
        f"Подробности в файле {log}."
    )


def _shut_down(server: subprocess.Popen, port: int, token: str) -> None:
    _call("/api/shutdown", port, token, "POST")
    for stop in (lambda: None, server.terminate, server.kill):
        stop()
        try:
            server.wait(timeout=10)
            return
        except subprocess.TimeoutExpired:
            continue


def open_browser(address: str) -> bool:
    """Open the address in the user's browser; False if there is none to open."""
    if sys.platform.startswith("linux") and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or os.environ.get("BROWSER")
    ):
        return False  # a text browser would take over this window
    try:
        return webbrowser.open(address)
    except webbrowser.Error:
        return False
