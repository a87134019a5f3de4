"""Mails that came back, from a mailbox by IMAP (RFC 3501).

What is unseen is read; it is marked as seen only once its effect is committed, so that a worker
that dies in between reads it again, which does no harm. What is refused is flagged as well, for a
person to look at. Nothing is deleted.
"""

from __future__ import annotations

import imaplib
import logging
import re
import ssl
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from talex.core.errors import Invalid
from talex.core.registries import Finding, Level
from talex.messages.bounces import reading, returns

log = logging.getLogger(__name__)

PATIENCE = 20
#: Of one round; the worker has other things to do as well.
MOST = 50
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


class Unreachable(Exception):
    """The mailbox cannot be read; the text is for the log and holds no password."""


@contextmanager
def _opened() -> Iterator[imaplib.IMAP4]:
    """The folder, ready to be read. Raises `Unreachable`, also for what breaks off inside."""
    said = settings.TALEX_BOUNCES
    where = f"{said['host']}:{said['port']}"
    box: imaplib.IMAP4 | None = None
    try:
        if said["tls"] == "ssl":
            context = ssl.create_default_context()
            box = imaplib.IMAP4_SSL(
                said["host"], said["port"], ssl_context=context, timeout=PATIENCE
            )
        else:
            box = imaplib.IMAP4(said["host"], said["port"], timeout=PATIENCE)
            if said["tls"] == "starttls":
                box.starttls(ssl.create_default_context())
        box.login(said["user"], said["password"])
        _fine(box.select(f'"{said["folder"]}"'))
        yield box
    except (OSError, imaplib.IMAP4.error) as error:
        raise Unreachable(f"{where}: {error}".replace(said["password"], "***")) from error
    finally:
        if box is not None:
            with suppress(OSError, imaplib.IMAP4.error):
                box.logout()


def _fine(answer: tuple[str, list[Any]]) -> list[Any]:
    kind, data = answer
    if kind != "OK":
        raise imaplib.IMAP4.error(str(data[:1]))
    return data


def collect(limit: int = MOST) -> int:
    """Read what is unseen; returns how many mails. The worker calls it every minute."""
    if not settings.TALEX_BOUNCES:
        return 0
    done = 0
    try:
        with _opened() as box:
            found = _fine(box.uid("SEARCH", "UNSEEN", "UNDELETED"))[0]
            for uid in (found if isinstance(found, bytes) else b"").split()[:limit]:
                done += _one(box, uid.decode("ascii"))
    except Unreachable as error:
        log.warning("the mailbox of mails that come back cannot be read: %s", error)
    return done


def _one(box: imaplib.IMAP4, uid: str) -> bool:
    """Read one mail, then mark it; whether it was."""
    flags = r"(\Seen)"
    try:
        raw = _content(box, uid)
        if raw is None:
            return False  # somebody took it away in this moment
        taken = returns.take(raw)
        log.info("mail %s that came back: %s", uid, taken.what)
    except Invalid as error:
        log.warning("mail %s that came back is refused: %s", uid, error)
        flags = r"(\Seen \Flagged)"
    _fine(box.uid("STORE", uid, "+FLAGS.SILENT", flags))
    return True


def _content(box: imaplib.IMAP4, uid: str) -> bytes | None:
    """The mail, or of one that is too large so much that it is seen to be."""
    told = _fine(box.uid("FETCH", uid, "(RFC822.SIZE)"))
    size = _SIZE.search(b" ".join(one for one in told if isinstance(one, bytes)))
    if size is not None and int(size[1]) > reading.LARGEST:
        raise Invalid({"mail": _("This mail is too large to be one that came back.")})
    answer = _fine(box.uid("FETCH", uid, f"(BODY.PEEK[]<0.{reading.LARGEST + 1}>)"))
    return next((one[1] for one in answer if isinstance(one, tuple)), None)


@dataclass(frozen=True)
class MailboxCheck:
    """`talex doctor`: whether the mailbox can be read."""

    name: str = "messages.bounces"

    def check(self) -> Iterable[Finding]:
        if not settings.TALEX_BOUNCES:
            yield Finding(
                Level.FINE, _("No mailbox is read for mails that come back (TALEX_BOUNCES).")
            )
            return
        try:
            with _opened():
                pass
        except Unreachable as error:
            yield Finding(
                Level.FAULT,
                _("The mailbox of mails that come back cannot be read: %(why)s") % {"why": error},
                _("Mend TALEX_BOUNCES, or the mailbox; mails to dead addresses go on until then."),
            )
            return
        yield Finding(Level.FINE, _("The mailbox of mails that come back can be read."))
