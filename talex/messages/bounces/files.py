"""Mails that came back, from a file or a Maildir."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext_lazy as _

from talex.core.errors import Invalid, NotFound
from talex.messages.bounces import reading, returns
from talex.messages.bounces.returns import Taken


def read_stream(stream: BinaryIO) -> Taken:
    """One mail; no more of it is read than the largest that is taken. Raises `Invalid`."""
    return returns.take(stream.read(reading.LARGEST + 1))


def maildir(path: Path) -> Iterator[tuple[str, Taken | Invalid]]:
    """(name, what it was or why it was refused) of each new mail of a Maildir.

    A mail goes from `new` to `cur` as read once its effect is committed, as flagged where it was
    refused; nothing is deleted. Raises `NotFound` where there is no Maildir.
    """
    new, cur = path / "new", path / "cur"
    if not (new.is_dir() and cur.is_dir()):
        raise NotFound(_("This is no Maildir: it has no folders new and cur."))
    for name in sorted(os.listdir(new)):
        mail = new / name
        try:
            # Nobody shall have us read other files by a link, or wait for a pipe.
            if name.startswith(".") or not stat.S_ISREG(mail.lstat().st_mode):
                continue
            with mail.open("rb") as stream:
                taken: Taken | Invalid = read_stream(stream)
        except FileNotFoundError:  # another one was quicker
            continue
        except Invalid as error:
            taken = error
        flags = "FS" if isinstance(taken, Invalid) else "S"
        try:
            mail.rename(cur / f"{name.partition(':')[0]}:2,{flags}")
        except FileNotFoundError:
            continue
        yield name, taken
