"""Files that people give us: streamed to disk, measured, hashed, known by their bytes.

They lie under `MEDIA_ROOT`, which no web server serves; a view hands one out where the rule of
its purpose permits it.
"""

from __future__ import annotations

import hashlib
import os
import time
import unicodedata
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from talex.core import clock, hazards
from talex.core.actor import Actor
from talex.core.errors import Invalid, Message, NotAllowed, NotFound
from talex.core.models import Upload
from talex.core.scanning import refuse_infected
from talex.core.sniff import sniff

_CHUNK = 1024 * 1024

Predicate = Callable[[Actor, Upload], bool]


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a kind of file is for: who may read it, which types, how large (bytes)."""

    name: str
    may_read: Predicate
    types: frozenset[str] | None = None
    limit: int | None = None
    # False where the room's own reader refuses first, in its own words, and asks `hazards` after.
    guarded: bool = True


def _owner_only(actor: Actor, upload: Upload) -> bool:
    return actor.all_powerful or (actor.user is not None and actor.user == upload.owner_id)


_purposes: dict[str, Purpose] = {}


def register_purpose(
    name: str,
    *,
    may_read: Predicate = _owner_only,
    types: Iterable[str] | None = None,
    limit: int | None = None,
    guarded: bool = True,
) -> None:
    """A room says who may read its files (else: who gave it) and which types it takes."""
    _purposes[name] = Purpose(name, may_read, frozenset(types) if types else None, limit, guarded)


def purpose_of(name: str) -> Purpose:
    return _purposes.get(name) or Purpose(name, _owner_only)


def can_read_upload(actor: Actor, upload: Upload) -> bool:
    """Whether the actor may have the file, by the rule of its purpose."""
    return actor.signed_in and purpose_of(upload.purpose).may_read(actor, upload)


def get(actor: Actor, upload_id: UUID) -> Upload:
    """The upload, for whoever may read it; NotFound else."""
    upload = Upload.objects.filter(id=upload_id).first()
    if upload is None or not can_read_upload(actor, upload):
        raise NotFound
    return upload


def store(
    actor: Actor,
    file: Any,
    *,
    edition: UUID | None,
    purpose: str,
    name: str | None = None,
) -> Upload:
    """Keep a file: a Django upload, an open binary file, or a path.

    Whether the actor may give it is for the calling service. Raises NotAllowed for nobody,
    Invalid({"file": …}) where it is empty, too large, infected (`scanning`), dangerous
    (`hazards`), or not of a type the purpose takes. The bytes are on the disk before the row is; a
    row without a file cannot be.
    """
    if not actor.signed_in:
        raise NotAllowed
    wanted = purpose_of(purpose)
    limit = min(wanted.limit or settings.TALEX_UPLOAD_LIMIT, settings.TALEX_UPLOAD_LIMIT)
    identity = uuid.uuid4()
    stored_as = f"uploads/{identity.hex[:2]}/{identity.hex}"
    target = Path(settings.MEDIA_ROOT) / stored_as
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        size, digest = _write(target, _chunks(file), limit)
        found = sniff(target)
        if wanted.types is not None and found not in wanted.types:
            raise Invalid(
                {
                    "file": _(
                        "This file is not of a type that can be used here, whatever its name "
                        "says. Save it again in the program it comes from, or choose another one."
                    )
                }
            )
        refuse_infected(target)
        if wanted.guarded:
            with target.open("rb") as stream:
                hazards.check(stream, found)
        upload = Upload(
            id=identity,
            owner_id=actor.user,
            edition_id=edition,
            purpose=purpose,
            name=clean_name(name or getattr(file, "name", "") or str(file)),
            content_type=found,
            size=size,
            sha256=digest,
            stored_as=stored_as,
            created_at=clock.now(),
        )
        with transaction.atomic():
            upload.save(force_insert=True)
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return upload


def remove(upload: Upload) -> None:
    """Forget an upload; its file goes when the transaction has committed."""
    path = upload.path
    upload.delete()
    transaction.on_commit(lambda: path.unlink(missing_ok=True))


#: A file without its row is younger than this only while it is being given.
_ORPHANED = 24 * 3600


def sweep() -> int:
    """Delete files that no row knows: a process was killed between the disk and the database.

    Called by the worker now and then; returns how many went.
    """
    gone = 0
    for folder in sorted((Path(settings.MEDIA_ROOT) / "uploads").glob("??")):
        old = [
            path
            for path in folder.iterdir()
            if path.is_file() and time.time() - path.stat().st_mtime > _ORPHANED
        ]
        names = {f"uploads/{folder.name}/{path.name}": path for path in old}
        known = set(Upload.objects.filter(stored_as__in=names).values_list("stored_as", flat=True))
        for stored_as, path in names.items():
            if stored_as not in known:
                path.unlink(missing_ok=True)
                gone += 1
    return gone


def clean_name(name: str) -> str:
    """The last part of the name as people read it, without what a header or a disk trips over."""
    last = PurePosixPath(name.replace("\\", "/")).name
    kept = "".join(
        sign for sign in unicodedata.normalize("NFC", last) if unicodedata.category(sign)[0] != "C"
    ).strip(" .")
    if len(kept) > 200:
        stem, dot, ending = kept.rpartition(".")
        kept = f"{stem[:180]}{dot}{ending[:19]}" if dot else kept[:200]
    return kept or "file"


def _chunks(file: Any) -> Iterator[bytes]:
    if isinstance(file, str | Path):
        with Path(file).open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                yield chunk
    elif hasattr(file, "chunks"):
        yield from file.chunks(_CHUNK)
    else:
        while chunk := file.read(_CHUNK):
            yield chunk


def too_large_told(limit: int) -> Message:
    """What is said of a file of more than `limit` bytes."""
    return _("This file is larger than %(limit)s, which is the most here.") % {
        "limit": filesizeformat(limit)
    }


def _write(target: Path, chunks: Iterator[bytes], limit: int) -> tuple[int, str]:
    """Stream to the disk; (bytes, SHA-256)."""
    size, digest = 0, hashlib.sha256()
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as stream:
        for chunk in chunks:
            size += len(chunk)
            if size > limit:
                raise Invalid({"file": too_large_told(limit)})
            digest.update(chunk)
            stream.write(chunk)
        stream.flush()
        os.fsync(stream.fileno())
    if not size:
        raise Invalid({"file": _("This file is empty. Choose another one.")})
    return size, digest.hexdigest()
