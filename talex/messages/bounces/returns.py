"""What follows from a mail that came back.

A report counts where it proves that it is about a mail of ours: by the signed token in the address
it was sent to (TALEX_BOUNCE_ADDRESS), else by the Message-ID of the mail it returns, which nobody
can guess. What it says of other addresses than the one that mail went to counts nothing, so that
whoever got a mail can speak of their own address only.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from talex.core import clock, outbox
from talex.core.actor import SYSTEM
from talex.core.errors import Invalid
from talex.core.work import work
from talex.ledger.services import record
from talex.messages import preferences
from talex.messages.bounces import codes, reading, suppressing, verp
from talex.messages.bounces.models import Bounce, Sort
from talex.messages.bounces.reading import Outcome, Report
from talex.messages.models import Message, State
from talex.messages.unsubscribing import Subscription

#: What left, and what a bounce makes `bounced`. A quick one comes while the mail is handed over.
OUT = (State.HANDED, State.SENT, State.UNSURE)
LEFT = (*OUT, State.FAILED, State.BOUNCED)


@dataclass(frozen=True, slots=True)
class Taken:
    """What a mail was: a `Sort`, known (read before), unmatched (about no mail of ours), other.

    `suppressed`: nothing is sent to the address from now on.
    """

    what: str
    message: UUID | None = None
    suppressed: bool = False


def take(raw: bytes) -> Taken:
    """Read one mail and do what follows from it, as a whole or not at all.

    Raises `Invalid` (mail) for what is broken, too large, or claims what it does not prove.
    """
    report = reading.read(raw)
    if report.kind == "other":
        return Taken("other")
    with work():
        message = _matched(report)
        if message is None:
            return Taken("unmatched")
        sort, status, said = _judged(report, message)
        key = _key(report, message, sort)
        if Bounce.objects.filter(key=key).exists():
            return Taken("known", message.pk)
        return Taken(sort.value, message.pk, _keep(message, sort, status, said, key))


def refused(pk: UUID, answer: str) -> None:
    """The server refused a mail for good while it was handed over; `answer` is what it said."""
    with work():
        message = Message.objects.select_for_update(of=("self",)).filter(pk=pk).first()
        if message is None:
            return
        sort = Sort.HARD if codes.is_hard("", answer) else Sort.SOFT
        key = hashlib.sha256(f"smtp {pk} {message.ended_at}".encode()).hexdigest()
        _keep(message, sort, codes.status_in(answer), answer, key)


def _matched(report: Report) -> Message | None:
    """The message that the report is about, locked; None where it is none of ours."""
    rows = Message.objects.select_for_update(of=("self",)).filter(channel="mail")
    named = rows.filter(message_id__in=report.about).first() if report.about else None
    if not settings.TALEX_BOUNCE_ADDRESS:
        return named
    signed = verp.message_of(report.sent_to)
    if report.kind == "reply" and signed is None:  # it changes nothing, so it proves nothing
        return named
    if named is not None and signed != named.pk:
        raise Invalid({"mail": _("This mail does not prove that the one it returns is ours.")})
    return rows.filter(pk=signed).first() if signed else None


def _judged(report: Report, message: Message) -> tuple[Sort, str, str]:
    """(sort, status, what was said). Raises `Invalid`."""
    if message.state not in LEFT:
        raise Invalid({"mail": _("This mail is about one that we have not sent.")})
    if report.kind == "complaint":
        return Sort.COMPLAINT, "", ""
    if report.kind == "reply":
        return Sort.AUTO_REPLY, "", ""
    mine = [o for o in report.outcomes if message.address.lower() in (o.final, o.original)]
    if not mine:
        raise Invalid({"mail": _("This mail speaks of another address than the one we wrote to.")})
    worst = next((one for one in mine if one.action == "failed"), mine[0])
    return _sort(worst), codes.status_in(worst.status), worst.said


def _sort(outcome: Outcome) -> Sort:
    match outcome.action:
        case "failed":
            return Sort.HARD if codes.is_hard(outcome.status, outcome.said) else Sort.SOFT
        case "delivered" | "relayed" | "expanded":
            return Sort.DELIVERED
        case "delayed":
            return Sort.DELAYED
    raise Invalid({"mail": _("This mail does not say what became of the one it is about.")})


def _key(report: Report, message: Message, sort: Sort) -> str:
    told = f"{report.own_id} {message.pk} {sort} {report.outcomes!r}"
    return hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()


def _keep(message: Message, sort: Sort, status: str, said: str, key: str) -> bool:
    """Keep the report and do what follows; whether the address is suppressed by it."""
    address = message.address.lower()
    Bounce.objects.create(
        message=message, address=address, sort=sort, status=status, said=said[:500], key=key
    )
    if sort not in (Sort.HARD, Sort.SOFT, Sort.COMPLAINT):
        return False
    record(
        "bounces.came_back",
        actor=SYSTEM,
        edition=message.edition_id,
        obj=message,
        facts={"sort": sort.value, "status": status, "kind": message.kind},
    )
    if sort == Sort.COMPLAINT:
        for group in preferences.TITLES:
            preferences.unsubscribe(Subscription(address, str(group)))
        return False
    if message.state in OUT:
        message.state, message.claim, message.claimed_until = State.BOUNCED, None, None
        message.error = (said if status in said else f"{status} {said}").strip()[:500]
        message.ended_at = message.ended_at or clock.now()
        if message.kind in outbox.secret_kinds():
            message.text, message.fields = "", {}
        message.save(
            update_fields=["state", "claim", "claimed_until", "error", "ended_at", "text", "fields"]
        )
    return suppressing.weigh(address, sort, status, said)
