"""What an instructor is told about a submission: what happened and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass

BROKEN, LARGE, FOREIGN, LINK, ARCHIVE = "broken", "large", "foreign", "link", "archive"
EMPTY, DAMAGED, STALE, REPEATED, ANOTHERS = "empty", "damaged", "stale", "repeated", "anothers"
NO_CODE, UNKNOWN_CODE, UNKNOWN_TASK = "no-code", "unknown-code", "unknown-task"
EDITION, DATA, TWO, COURSE, ALIKE, ABSENT = "edition", "data", "two", "course", "alike", "absent"
MISSING, CHANGED, AGAIN = "missing", "changed", "again"

KINDS: dict[str, tuple[str, str]] = {  # what happened, what to do
    BROKEN: ("Файл не читается", "Попросите студента сохранить и прислать его ещё раз."),
    LARGE: (
        "Файл слишком большой",
        "Попросите очистить лишние результаты или прислать файл, который собирает submit().",
    ),
    FOREIGN: ("Не тетрадь и не файл ответов", "Пропущен. Если это работа, попросите тетрадь."),
    LINK: ("Ссылка вместо файла", "Положите в папку сам файл."),
    ARCHIVE: ("Архив прочитан не весь", "Распакуйте его сами и проверьте, что внутри."),
    EMPTY: (
        "Записанных ответов в тетради нет",
        "Если студент её решал, пусть выполнит все ячейки и сохранит либо пришлёт файл submit().",
    ),
    DAMAGED: (
        "Запись ответа испорчена",
        "Попросите студента выполнить эту ячейку и прислать снова.",
    ),
    STALE: (
        "Результат под ячейкой старый: код в ней уже другой",
        "Засчитан записанный. Сомневаетесь — попросите выполнить тетрадь целиком и прислать снова.",
    ),
    REPEATED: (
        "На задание ответили несколько раз по-разному",
        "Засчитан последний по порядку в тетради. Делать ничего не нужно.",
    ),
    ANOTHERS: (
        "Есть ответы на чужой код",
        "Они не засчитаны никому. Спросите студента, чей код он открывал.",
    ),
    NO_CODE: (
        "Не понять, чья работа",
        "Попросите студента прислать файл, который собирает submit().",
    ),
    UNKNOWN_CODE: (
        "Кода нет в списке группы",
        "Работа не учтена. Сверьте код со списком: возможно, это другая группа.",
    ),
    UNKNOWN_TASK: (
        "Такого задания в курсе нет",
        "Ответ не учтён. Возможно, у студента другая версия курса.",
    ),
    EDITION: (
        "Ответ дан в другой редакции курса",
        "Не оценён. Пусть студент обновит курс и выполнит тетрадь снова.",
    ),
    DATA: (
        "Ответ дан на других данных",
        "Не оценён. Пусть студент обновит курс и выполнит тетрадь снова.",
    ),
    TWO: (
        "Две работы с одним кодом, ответы разные",
        "Эти задания ждут вас: оставьте в папке нужную работу и запустите проверку снова.",
    ),
    AGAIN: (
        "Новые ответы не такие, как в прежней работе",
        "Оценки прежние. Если это пересдача, проверьте её с отметкой «пересдача».",
    ),
    COURSE: (
        "Ошибка в самом курсе, студент ни при чём",
        "Задание не оценено. Перешлите эту строку разработчикам курса.",
    ),
    ALIKE: (
        "Совпадает с верными ответами чужой компании",
        "Это повод поговорить, а не снижать балл.",
    ),
    ABSENT: ("Работы нет", "Стоят нули. Напомните студенту."),
    MISSING: ("На задание нет ответа", "Стоит ноль. Делать ничего не нужно."),
    CHANGED: (
        "Ответ изменился после вашей оценки",
        "Ваша оценка осталась. Посмотрите новый ответ.",
    ),
}


@dataclass(frozen=True)
class Remark:
    """One line of the report; `kind` is a key of `KINDS`."""

    kind: str
    detail: str = ""
    file: str = ""
    code: str = ""
    task: str = ""

    @property
    def what(self) -> str:
        title = KINDS[self.kind][0]
        return f"{title}: {self.detail}" if self.detail else title

    @property
    def advice(self) -> str:
        return KINDS[self.kind][1]

    @property
    def where(self) -> str:
        return ", ".join(part for part in (self.file, self.task) if part)
