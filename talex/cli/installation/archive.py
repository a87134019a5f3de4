"""The file of a backup: a gzipped tar, read and written in one pass.

    talex-backup.json   first: format, versions, migrations, heads of the ledger
    database/…          one SQLite file, or one COPY file a table of PostgreSQL
    home/…              uploaded files and keys, as they lie in TALEX_HOME
    contents.json       last: size and SHA-256 of every member, rows of every table

A file that was cut off has no last member and is refused.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import IO, Any, Self

from django.utils.translation import gettext as _

from talex.core.errors import Invalid, NotFound

FORMAT = 1
MANIFEST, CONTENTS = "talex-backup.json", "contents.json"
_CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself; `made_at` is ISO 8601 in UTC."""

    format: int
    talex: str
    made_at: str
    engine: str  # sqlite | postgresql
    engine_version: str
    migrations: dict[str, list[str]]
    heads: dict[str, dict[str, Any]]
    # Whether the secret key is in the backup, or was given by the environment.
    secret_key: str  # file | environment


@dataclass(slots=True)
class Contents:
    """What lies in a backup. `columns` and `sequences` are PostgreSQL's only."""

    members: dict[str, dict[str, Any]] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    columns: dict[str, list[str]] = field(default_factory=dict)
    sequences: dict[str, list[Any]] = field(default_factory=dict)


class _Summed:
    """Reads through, counting and hashing."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream = stream
        self.sum = hashlib.sha256()
        self.size = 0

    def read(self, size: int = -1) -> bytes:
        chunk = self.stream.read(size)
        self.sum.update(chunk)
        self.size += len(chunk)
        return chunk


def damaged(why: str) -> Invalid:
    return Invalid({"file": _("The backup is damaged: %(why)s") % {"why": why}})


class Writer:
    """Writes a backup beside its place and puts it there when it is whole (mode 0600)."""

    def __init__(self, path: Path, manifest: Manifest) -> None:
        self.path = path
        self.part = path.with_name(f".{path.name}.{os.getpid()}.part")
        self.contents = Contents()
        handle = os.open(self.part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        self._raw = os.fdopen(handle, "wb")
        self._tar = tarfile.TarFile.gzopen(path.name, "w", self._raw, compresslevel=6)
        self._bytes(MANIFEST, json.dumps(asdict(manifest), indent=1).encode())

    def _bytes(self, name: str, content: bytes) -> None:
        self._stream(name, io.BytesIO(content), len(content), 0o600)

    def _stream(self, name: str, stream: IO[bytes], size: int, mode: int) -> None:
        info = tarfile.TarInfo(name)
        info.size, info.mode = size, mode
        summed = _Summed(stream)
        self._tar.addfile(info, summed)
        self.contents.members[name] = {"size": size, "sha256": summed.sum.hexdigest()}

    def add(self, name: str, source: Path) -> None:
        with source.open("rb") as stream:
            status = os.fstat(stream.fileno())
            self._stream(name, stream, status.st_size, status.st_mode & 0o777)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if error is None:
                self._bytes(CONTENTS, json.dumps(asdict(self.contents)).encode())
                self._tar.close()
                self._raw.flush()
                os.fsync(self._raw.fileno())
                os.replace(self.part, self.path)
        finally:
            self._raw.close()
            self.part.unlink(missing_ok=True)


@contextmanager
def _open(path: Path) -> Iterator[tarfile.TarFile]:
    """The tar file; whatever is wrong with it while it is read becomes Invalid."""
    if not path.is_file():
        raise NotFound(_("There is no file %(path)s.") % {"path": path})
    try:
        with tarfile.open(path, mode="r|gz") as tar:
            yield tar
    except (tarfile.TarError, gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise damaged(str(error)) from error


def _members(tar: tarfile.TarFile) -> Iterator[tuple[tarfile.TarInfo, IO[bytes]]]:
    """Every member in turn; only plain files under plain names."""
    for info in tar:
        place = PurePosixPath(info.name)
        if not info.isfile() or place.is_absolute() or ".." in place.parts:
            raise damaged(_("it holds %(name)s.") % {"name": info.name})
        stream = tar.extractfile(info)
        assert stream is not None  # a plain file
        yield info, stream


def read_manifest(path: Path) -> Manifest:
    """What the backup says of itself. Raises Invalid where this Talex cannot read it."""
    with _open(path) as tar:
        for info, stream in _members(tar):
            if info.name != MANIFEST:
                break
            try:
                read = json.loads(stream.read())
                newer = int(read["format"]) > FORMAT
                made_by = str(read["talex"])
                if not newer:
                    return Manifest(**read)
            except (ValueError, KeyError, TypeError) as error:
                raise damaged(str(error)) from error
            raise Invalid(
                {
                    "file": _(
                        "The backup was made by Talex %(version)s, in a format that this version "
                        "does not know. Install that version or a newer one."
                    )
                    % {"version": made_by}
                }
            )
    raise Invalid({"file": _("This is not a backup of Talex.")})


def _sum_of(stream: IO[bytes], target: IO[bytes] | None) -> dict[str, Any]:
    summed = _Summed(stream)
    while chunk := summed.read(_CHUNK):
        if target:
            target.write(chunk)
    return {"size": summed.size, "sha256": summed.sum.hexdigest()}


def extract(path: Path, folder: Path | None) -> Contents:
    """Write the members into `folder` (or only read them) and compare every sum.

    Raises Invalid where anything is missing, cut off or changed.
    """
    found: dict[str, dict[str, Any]] = {}
    contents: Contents | None = None
    with _open(path) as tar:
        for info, stream in _members(tar):
            if info.name == CONTENTS:
                contents = Contents(**json.loads(stream.read()))
                continue
            if folder is None:
                found[info.name] = _sum_of(stream, None)
                continue
            target = folder / info.name
            target.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, info.mode & 0o700)
            with os.fdopen(handle, "wb") as out:
                found[info.name] = _sum_of(stream, out)
    if contents is None:
        raise damaged(_("its end is missing."))
    if found != contents.members:
        names = sorted(
            name
            for name in found.keys() | contents.members.keys()
            if found.get(name) != contents.members.get(name)
        )
        raise damaged(_("%(names)s is not what was backed up.") % {"names": ", ".join(names[:5])})
    return contents
