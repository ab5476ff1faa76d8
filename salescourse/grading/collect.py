"""Submissions from what an instructor was sent: folders, single files and zip archives.

Nothing is unpacked to disk and no link is followed, so a name inside an archive can't lead
anywhere. What is too large, too deep or too many is told about, and the rest is read.
"""

from __future__ import annotations

import contextlib
import io
import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from salescourse.errors import StudentError
from salescourse.grading import remarks, submission
from salescourse.grading.submission import Submission
from salescourse.text import NBSP, clean

ZIP, OTHER_ARCHIVES = b"PK\x03\x04", (b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")
OFFICE = "[Content_Types].xml"  # a document of Excel or Word is a zip archive too
SKIPPED = ("__MACOSX", "__pycache__", "Thumbs.db", "desktop.ini")
UNREADABLE = (zipfile.BadZipFile, OSError, ValueError, RuntimeError, EOFError, zlib.error,
              struct.error, MemoryError)  # fmt: skip
PLAIN = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # other ways may ask for gigabytes to unpack
LISTING = 500  # bytes an entry of an archive's list may take on average


@dataclass(frozen=True)
class Limits:
    """How much is read before we stop believing that it is a class's work."""

    file: int = 25_000_000  # bytes of one file
    archive: int = 1_000_000_000  # bytes of all files in an archive, unpacked
    files: int = 50_000  # in everything that was given
    depth: int = 3  # archives in archives
    folders: int = 30  # folders in folders


ORDINARY = Limits()


def collect(
    paths: Iterable[Path], *, skip: Collection[Path] = (), limits: Limits = ORDINARY
) -> Iterator[Submission]:
    """Every submission under these paths, in the order of names. Raises `StudentError`.

    `skip` are files and folders of the instructor's own: the roster, the gradebook, `--out`.
    """
    own = {Path(path).resolve() for path in skip}
    found = _Found(limits, own)
    given = [Path(path) for path in paths]
    for path in given:
        if not path.exists():
            raise StudentError(f"Не нашёл {clean(str(path), 200)}. Проверьте путь к работам.")
        real = path.resolve()
        if real.is_dir():
            yield from found.folder(real, f"{real.name}/" if len(given) > 1 else "", 0)
        elif real not in own:
            yield from found.file(real, path.name)


def uploaded(
    files: Iterable[tuple[str, Path]], *, limits: Limits = ORDINARY
) -> Iterator[Submission]:
    """Files that came through the browser: how they were named there, where they lie."""
    found = _Found(limits, set())
    for name, path in files:
        if not _ours(PurePosixPath(name.replace("\\", "/")).name):
            yield from found.file(path, name)


class _Found:
    def __init__(self, limits: Limits, own: set[Path]):
        self.limits, self.own, self.files, self.left = limits, own, 0, limits.archive

    def folder(self, folder: Path, prefix: str, depth: int) -> Iterator[Submission]:
        try:
            entries = sorted(os.scandir(folder), key=lambda e: e.name)
        except OSError as error:
            yield _told(prefix or folder.name, remarks.BROKEN, error.strerror or "нет доступа")
            return
        for entry in entries:
            name, path = f"{prefix}{entry.name}", Path(entry.path)
            if _ours(entry.name) or path in self.own:
                continue
            if entry.is_symlink() or _junction(entry):
                yield _told(name, remarks.LINK)
            elif entry.is_dir(follow_symlinks=False):
                if depth >= self.limits.folders:
                    yield _told(name, remarks.FOREIGN, "слишком много вложенных папок")
                else:
                    yield from self.folder(path, f"{name}/", depth + 1)
            else:
                yield from self.file(path, name)
                if self.files > self.limits.files:
                    return

    def file(self, path: Path, name: str) -> Iterator[Submission]:
        if self._too_many():
            yield _told(name, remarks.ARCHIVE, "файлов слишком много, остальные не прочитаны")
            return
        try:
            about = path.lstat()
            if not stat.S_ISREG(about.st_mode):
                yield _told(name, remarks.FOREIGN)
                return
            with path.open("rb") as file:
                start = file.read(8)
                file.seek(0)
                if start.startswith(ZIP) and about.st_size > self.limits.archive:
                    yield _told(name, remarks.LARGE, _size(about.st_size))
                elif start.startswith(ZIP):
                    self.left = self.limits.archive
                    yield from self.archive(file, name, 1)
                elif about.st_size > self.limits.file:
                    yield _told(name, remarks.LARGE, _size(about.st_size))
                else:
                    yield _read(name, file.read(self.limits.file + 1))
        except OSError as error:
            yield _told(name, remarks.BROKEN, error.strerror or "нет доступа")

    def archive(self, file, name: str, depth: int) -> Iterator[Submission]:
        """What is inside a zip archive; its members are read into memory one by one."""
        try:
            if _listing(file) > LISTING * self.limits.files:
                yield _told(name, remarks.ARCHIVE, "в нём слишком много файлов")
                return
            with zipfile.ZipFile(file) as packed:
                members = packed.infolist()
                if any(m.filename == OFFICE for m in members):
                    yield _told(name, remarks.FOREIGN)
                    return
                for member in members:
                    inner = _shown(member)
                    parts = PurePosixPath(inner.replace("\\", "/")).parts
                    full = f"{name}/{inner}"
                    if ".." in parts or inner.startswith(("/", "\\")) or ":" in inner[:2]:
                        yield _told(full, remarks.FOREIGN, "имя ведёт за пределы архива")
                        continue
                    if member.is_dir() or any(map(_ours, parts)):
                        continue
                    if self._too_many():
                        yield _told(name, remarks.ARCHIVE, "в нём слишком много файлов")
                        return
                    if self.left <= 0:
                        yield _told(name, remarks.ARCHIVE, "внутри слишком много данных")
                        return
                    if stat.S_ISLNK(member.external_attr >> 16):
                        yield _told(full, remarks.LINK)
                    else:
                        yield from self._member(packed, member, full, depth)
        except UNREADABLE:
            yield _told(name, remarks.BROKEN, "архив испорчен")

    def _member(self, packed, member, full: str, depth: int) -> Iterator[Submission]:
        if member.flag_bits & 1:
            yield _told(full, remarks.ARCHIVE, "файл закрыт паролем")
            return
        if member.compress_type not in PLAIN:
            yield _told(full, remarks.ARCHIVE, "файл сжат необычным способом")
            return
        try:  # the size that the archive claims may be a lie: read no more than we take
            with packed.open(member) as file:
                content = file.read(self.limits.file + 1)
        except UNREADABLE:
            yield _told(full, remarks.BROKEN, "архив испорчен")
            return
        self.left -= len(content)
        if len(content) > self.limits.file:
            yield _told(full, remarks.LARGE)
        elif not content.startswith(ZIP):
            yield _read(full, content)
        elif depth >= self.limits.depth:
            yield _told(full, remarks.ARCHIVE, "архивы вложены слишком глубоко")
        else:
            yield from self.archive(io.BytesIO(content), full, depth + 1)

    def _too_many(self) -> bool:
        self.files += 1
        return self.files > self.limits.files


def _listing(file) -> int:
    """Bytes of an archive's list of files, which `zipfile` reads whole before anything else."""
    ending = zipfile._EndRecData(file)  # no public name; it knows both forms of the ending
    file.seek(0)
    return ending[zipfile._ECD_SIZE] if ending else 0


def _ours(name: str) -> bool:
    """Names that systems and editors make by themselves."""
    return name.startswith((".", "~$")) or name in SKIPPED


def _junction(entry: os.DirEntry) -> bool:
    """Windows' own kind of link to a folder (Python 3.12 and newer can tell)."""
    return getattr(entry, "is_junction", lambda: False)()


def _shown(member: zipfile.ZipInfo) -> str:
    """A member's name; archives made by a Russian Windows keep names in cp866."""
    name = member.filename
    if not member.flag_bits & 0x800:
        with contextlib.suppress(UnicodeError):
            name = name.encode("cp437").decode("cp866")
    return "".join(c if c.isprintable() else " " for c in name)[:300]


def _read(name: str, content: bytes) -> Submission:
    if content.startswith(OTHER_ARCHIVES):
        return _told(name, remarks.ARCHIVE, "это не zip")
    start = content[:200].removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start.startswith(b"{"):
        if name.casefold().endswith((".ipynb", ".json")):
            reason = "он пустой" if not start else "внутри не тетрадь"
            return _told(name, remarks.BROKEN, reason)
        return _told(name, remarks.FOREIGN)
    return submission.read(clean(name, 300), content)


def _told(name: str, kind: str, detail: str = "") -> Submission:
    made = Submission(clean(name, 300), kind="")
    made.note(kind, detail)
    return made


def _size(n: int) -> str:
    return f"{n / 1e6:.0f}{NBSP}МБ"
