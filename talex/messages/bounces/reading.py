"""Reading a mail that came back: delivery status notifications (RFC 3464, RFC 6533), abuse reports
(ARF, RFC 5965), automatic replies (RFC 3834). No database; nothing here believes what it reads.

Bounces without a machine-readable part (of old qmail or Exchange servers) are not guessed at: they
count as other mail.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, message_from_string
from email.header import decode_header, make_header
from email.message import Message as Mail
from email.utils import getaddresses

from django.utils.translation import gettext_lazy as _

from talex.core.errors import Invalid

#: A returned mail of ours is some 100 KB with its calendar; more is no bounce (bytes).
LARGEST = 5 * 1024 * 1024
MOST_LINES = 200_000
MOST_PARTS = 1000
DEEPEST = 12
MOST_RECIPIENTS = 50

_STATUS_PARTS = {"message/delivery-status", "message/global-delivery-status"}
_RETURNED_PARTS = {
    "message/rfc822",
    "message/global",
    "text/rfc822-headers",
    "message/rfc822-headers",
    "message/global-headers",
}
_MESSAGE_ID = re.compile(r"<[^<>\s]{3,318}>")
_TO_US = ("To", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one recipient. Addresses in small letters, without their type."""

    action: str
    status: str = ""
    final: str = ""
    original: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What a mail says. `kind`: bounce | complaint | reply | other.

    `about` are the Message-IDs of the mail it is about; `sent_to` all addresses in which the
    report, or the mail it returns, may carry our signed token. `own_id` names the report itself.
    """

    kind: str
    outcomes: tuple[Outcome, ...] = ()
    about: tuple[str, ...] = ()
    sent_to: tuple[str, ...] = ()
    own_id: str = ""


def read(raw: bytes) -> Report:
    """What the mail says. Raises `Invalid` (mail) for one that is too large, or built to harm."""
    if len(raw) > LARGEST:
        raise Invalid({"mail": _("This mail is too large to be one that came back.")})
    if raw.count(b"\n") > MOST_LINES or raw.count(b"\n--") > MOST_PARTS:
        raise Invalid({"mail": _("This mail has too many lines or parts to be read.")})
    try:
        mail = message_from_bytes(raw)
        if _depth(mail) > DEEPEST:
            raise RecursionError
        return _report(mail)
    except RecursionError:
        raise Invalid({"mail": _("The parts of this mail lie too deep in each other.")}) from None
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        # What Python's parser raises for broken encodings differs from version to version.
        raise Invalid({"mail": _("This mail cannot be read; its form is broken.")}) from error


def _depth(mail: Mail) -> int:
    deepest, waiting = 0, [(mail, 1)]
    while waiting:
        one, depth = waiting.pop()
        deepest = max(deepest, depth)
        inside = one.get_payload()
        if isinstance(inside, list):
            waiting += [(part, depth + 1) for part in inside if isinstance(part, Mail)]
    return deepest


def _report(mail: Mail) -> Report:
    sent_to = _addresses(mail, *_TO_US)
    own_id = _text(mail.get("Message-ID", "")) or _text(mail.get("Date", ""))
    # A report is a list of parts (RFC 6522); what lies deeper belongs to the mail it returns.
    parts = _parts(mail) if mail.get_content_maintype() == "multipart" else []
    status = next((p for p in parts if p.get_content_type() in _STATUS_PARTS), None)
    feedback = next((p for p in parts if p.get_content_type() == "message/feedback-report"), None)
    returned = next((p for p in parts if p.get_content_type() in _RETURNED_PARTS), None)
    headers = _returned_headers(returned) if returned is not None else None
    about: tuple[str, ...] = ()
    if headers is not None:
        about = _message_ids(_text(headers.get("Message-ID", "")))[:1]
        sent_to += _addresses(headers, "Return-Path")
    if status is not None:
        return Report("bounce", _outcomes(status), about, sent_to, own_id)
    if feedback is not None:
        fields = _fields(feedback)
        sent_to += _addresses(fields, "Original-Mail-From")
        said = _text(fields.get("Feedback-Type", "")).strip().lower()
        unwanted = said in {"abuse", "opt-out", "opt-out-list"}
        return Report("complaint" if unwanted else "other", (), about, sent_to, own_id)
    answer = _text(mail.get("Auto-Submitted", "")).partition(";")[0].strip().lower()
    if answer.startswith("auto-") or mail.get("X-Autoreply") or mail.get("X-Autorespond"):
        answered = f"{mail.get('In-Reply-To', '')} {mail.get('References', '')}"
        return Report("reply", (), _message_ids(_text(answered))[-1:], sent_to, own_id)
    return Report("other", (), (), sent_to, own_id)


def _parts(mail: Mail) -> list[Mail]:
    inside = mail.get_payload()
    return [one for one in inside if isinstance(one, Mail)] if isinstance(inside, list) else []


def _outcomes(part: Mail) -> tuple[Outcome, ...]:
    found = []
    for block in _blocks(part):
        if block.get("Final-Recipient") is None or block.get("Action") is None:
            continue
        found.append(
            Outcome(
                action=_text(block["Action"]).partition(";")[0].split(" ")[0].strip().lower(),
                status=_text(block.get("Status", "")).strip().split(" ")[0][:12],
                final=_typed(block.get("Final-Recipient", "")).lower(),
                original=_typed(block.get("Original-Recipient", "")).lower(),
                said=_typed(block.get("Diagnostic-Code", ""))[:500],
            )
        )
        if len(found) == MOST_RECIPIENTS:
            break
    return tuple(found)


def _blocks(part: Mail) -> Iterator[Mail]:
    """The groups of fields, of the message and of each recipient (RFC 3464, 2.1)."""
    inside = part.get_payload()
    if part.get_content_type() == "message/delivery-status" and isinstance(inside, list):
        yield from (one for one in inside if isinstance(one, Mail))
        return
    # message/global-delivery-status is read as a mail: the first group as its headers, the rest as
    # its body; an encoded one is its body alone.
    for text in re.split(r"\r?\n[ \t]*\r?\n", _body(part)):
        if text.strip():
            yield message_from_string(text.lstrip("\r\n"))


def _body(part: Mail) -> str:
    """The text of a part that Python may have taken for a mail in it."""
    inside = part.get_payload()
    if isinstance(inside, list):
        inner = inside[0] if inside and isinstance(inside[0], Mail) else Mail()
        head = "".join(f"{name}: {value}\n" for name, value in inner.items())
        below = inner.get_payload()
        if head or part.get("Content-Transfer-Encoding", "").lower() in {"", "7bit", "8bit"}:
            return f"{head}\n{below if isinstance(below, str) else ''}"
        inside = below if isinstance(below, str) else ""
        bare = Mail()
        bare["Content-Transfer-Encoding"] = part.get("Content-Transfer-Encoding", "")
        bare.set_payload(inside)
        part = bare
    decoded = part.get_payload(decode=True)
    return decoded.decode("utf-8", "replace") if isinstance(decoded, bytes) else ""


def _fields(part: Mail) -> Mail:
    return message_from_string(_body(part).lstrip("\r\n"))


def _returned_headers(part: Mail) -> Mail:
    """The headers of the mail that was returned, whole or headers alone."""
    inside = part.get_payload()
    if part.get_content_type() in {"message/rfc822", "message/global"} and isinstance(inside, list):
        return inside[0] if inside and isinstance(inside[0], Mail) else Mail()
    return message_from_string(_body(part).lstrip("\r\n"))


def _text(value: object) -> str:
    """A header as one line; broken encodings are shown, not raised."""
    try:
        told = str(make_header(decode_header(str(value))))
    except (ValueError, LookupError):
        told = str(value)
    return " ".join(told.encode("utf-8", "replace").decode("utf-8").split())


def _typed(value: object) -> str:
    """`rfc822; li@example.org` -> `li@example.org`; what has no type is taken as it is."""
    kind, semicolon, rest = _text(value).partition(";")
    return (rest if semicolon and " " not in kind.strip() else _text(value)).strip().strip("<>")


def _addresses(mail: Mail, *names: str) -> tuple[str, ...]:
    values = [_text(one) for name in names for one in mail.get_all(name, [])[:20]]
    found = [address.lower() for _name, address in getaddresses(values) if address]
    return tuple(dict.fromkeys(found))[:100]


def _message_ids(text: str) -> tuple[str, ...]:
    return tuple(_MESSAGE_ID.findall(text))
