"""The instructor's page in a real browser, by keyboard where a person would use it.

    pip install playwright
    python tests/bench/review_in_browser.py [path of Chromium] [folder for pictures]

Starts `salescourse review`, drops works of five students and an archive that leads elsewhere,
reads every written answer twice, downloads what is given out. Fails at any error of the page
and at any request that leaves this machine.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))
from schoolwork import hand_in, random_codes, right, slips

from salescourse.grading import roster
from salescourse.grading.roster import Person

NAMES = ("Фёдоров Пётр", "Иванова Анна", '=HYPERLINK("http://x")', "<script>alert(1)</script>")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def works(folder: Path) -> list[Path]:
    codes = random_codes(len(NAMES) + 1, seed=73)
    people = [Person(n, f"{i}@x.ru", "А-1", c) for i, (n, c) in enumerate(zip(NAMES, codes))]  # noqa: B905
    roster.write([*people, Person("Неявкин Иван", code=codes[-1])], folder / "roster.csv")
    for i, person in enumerate(people):
        wrong = {task: value for task, (_, value) in slips(person.code).items()}
        given = right(person.code) if i % 2 else wrong
        hand_in(folder / "работы", str(i), person.code, given, text=f"Утечка {i}, <b>срок</b>.")
    with zipfile.ZipFile(folder / "работы" / "зло.zip", "w") as packed:
        packed.writestr("../x.ipynb", "{}")
        packed.writestr("обрыв <b>.ipynb", "{")
    return [path for path in (folder / "работы").rglob("*") if path.is_file()]


def read_all(page: Page, who: str, steps: int) -> int:
    """Mark every answer of the queue by Tab, arrows and Ctrl + Enter."""
    page.click("text=Письменные ответы")
    page.fill("input[name=name]", who)
    page.select_option("select", "100")
    page.click("text=Сохранить")
    page.click("text=Читать >> nth=-1")
    done = 0
    while page.query_selector("form[data-keys]"):
        lines = len(page.query_selector_all(".levels"))
        for _ in range(lines):  # the first line has the focus when the page opens
            page.keyboard.press("Space")
            for _ in range((steps + done) % 3):
                page.keyboard.press("ArrowRight")
            page.keyboard.press("Tab")
        page.focus("textarea")
        page.keyboard.type("Нет срока." if done == 0 else "")
        with page.expect_navigation():
            page.keyboard.press("Control+Enter")
        done += 1
    return done


def drive(page: Page, address: str, folder: Path, files: list[Path], pictures: Path) -> None:
    shots = iter(range(1, 100))

    def shot() -> None:
        page.screenshot(path=pictures / f"{next(shots):02d}.png", full_page=True)

    page.goto(address)
    assert "key=" not in page.url
    page.set_input_files("#roster", folder / "roster.csv")
    page.click("text=Загрузить список")
    page.set_input_files("#files", files)
    page.click("text=Проверить")
    page.wait_for_selector("caption", timeout=120_000)
    shot()
    page.click("text=Замечания")
    shot()
    first, second = read_all(page, "Анна", 1), read_all(page, "Борис", 2)
    assert first == second == len(NAMES), (first, second)
    shot()
    assert "каппа" in page.inner_text("main")
    page.click("text=Оценки")
    page.click("tbody a >> nth=1")
    shot()
    page.fill("input[name=points] >> nth=0", "0,5")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=вручную")
    page.click("text=Оценки")
    for caption in ("Книга Excel", "Таблица для Moodle", "Отзывы студентам"):
        with page.expect_download() as loaded:
            page.click(f"text={caption}")
        loaded.value.save_as(pictures / loaded.value.suggested_filename)
        print("  downloaded", loaded.value.suggested_filename)


def main(chromium: str | None = None, where: str | None = None) -> None:
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder, pictures = Path(name), Path(where or tempfile.mkdtemp())
        files = works(folder)
        command = [sys.executable, "-u", "-m", "salescourse", "review", "--no-browser"]
        with subprocess.Popen(
            [*command, "--gradebook", folder / "класс.db"], stdout=subprocess.PIPE, encoding="utf-8"
        ) as server:
            address = re.search(r"http://\S+", server.stdout.readline())[0]
            browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            wrong: list[str] = []
            page.on("console", lambda message: wrong.append(message.text))
            page.on("pageerror", lambda error: wrong.append(str(error)))
            page.on("dialog", lambda dialog: wrong.append(dialog.message))
            page.on("request", lambda r: wrong.append(r.url) if "//127.0.0.1:" not in r.url else "")
            try:
                drive(page, address, folder, files, pictures)
            finally:
                browser.close()
                server.terminate()
        if wrong:
            raise SystemExit(f"the page is not clean: {wrong}")
        print(f"the page works; pictures and files: {pictures}")


if __name__ == "__main__":
    main(*sys.argv[1:])
