"""Addresses that nothing is sent to, because mails to them come back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db.models import Q

from talex.accounts.actors import actor_for
from talex.accounts.models import User
from talex.core import clock
from talex.core.actor import SYSTEM, Actor
from talex.core.chunks import chunks
from talex.core.errors import NotAllowed
from talex.core.work import work
from talex.editions.roles import Role
from talex.ledger.services import record
from talex.messages.bounces import codes
from talex.messages.bounces.models import Bounce, Reason, Sort, Suppression
from talex.messages.models import Message

#: Signs of an address (RFC 5321).
LONGEST = 254
#: So many soft bounces within so many days suppress an address.
SOFT, DAYS = 5, 7
#: After so many days an address that was suppressed for soft ones is tried again.
SOFT_ENDS = timedelta(days=14)
#: How often a mail that somebody asks for at the door is tried.
TRY = timedelta(days=1)


class Suppressed(Exception):
    """Why a message is not sent; the text is for the log of the office."""


@dataclass(frozen=True, slots=True)
class Lift:
    """Write to this address again."""

    address: str


def of(address: str) -> Suppression | None:
    """What keeps mails from this address; None where nothing does."""
    return Suppression.objects.filter(address=address.lower(), lifted_at=None).first()


def among(addresses: Iterable[str]) -> dict[str, Suppression]:
    """Those of the addresses that nothing is sent to; in small letters."""
    found: dict[str, Suppression] = {}
    for some in chunks(dict.fromkeys(address.lower() for address in addresses)):
        rows = Suppression.objects.filter(address__in=some, lifted_at=None)
        found |= {row.address: row for row in rows}
    return found


def suppress(address: str, reason: Reason, status: str, said: str) -> Suppression:
    """Send nothing there any more. One that is suppressed already stays so, hard before soft."""
    with work():
        known = Suppression.objects.select_for_update().filter(address=address.lower()).first()
        if known is not None and known.lifted_at is None:
            if known.reason == Reason.SOFT and reason == Reason.HARD:
                known.reason, known.status, known.said = reason, status, said[:500]
                known.save(update_fields=["reason", "status", "said"])
            return known
        now = clock.now()
        row, _made = Suppression.objects.update_or_create(
            address=address.lower(),
            defaults={
                "reason": reason,
                "status": status,
                "said": said[:500],
                "since": now,
                "tried_at": now,
                "lifted_at": None,
            },
        )
        record(
            "bounces.suppressed",
            actor=SYSTEM,
            edition=None,
            obj=row,
            facts={"reason": reason.value, "status": status},
        )
        return row


def weigh(address: str, sort: Sort, status: str, said: str) -> bool:
    """After a bounce was kept: suppress the address where that follows; whether it did."""
    if sort == Sort.HARD:
        suppress(address, Reason.HARD, status, said)
        return True
    if sort != Sort.SOFT or not codes.counts(status, said):
        return False
    since = clock.now() - timedelta(days=DAYS)
    lifted = Suppression.objects.filter(address=address.lower(), lifted_at__gt=since).first()
    if lifted is not None and lifted.lifted_at is not None:
        since = lifted.lifted_at
    rows = Bounce.objects.filter(address=address.lower(), sort=Sort.SOFT, at__gt=since)
    messages = {
        message
        for message, code, words in rows.values_list("message", "status", "said")
        if codes.counts(code, words)
    }
    if len(messages) < SOFT:
        return False
    suppress(address, Reason.SOFT, status, said)
    return True


def can_lift(actor: Actor, address: str) -> bool:
    """Whoever has the address, and the office of a conference that wrote to it."""
    if actor.all_powerful or address.lower() in addresses_of(actor.user):
        return True
    mine = actor.editions(Role.ORGANISER)
    # No address is longer; SQLite fails at what is very much so.
    wanted = address[:LONGEST]
    written = Message.objects.filter(edition__in=mine, address__iexact=wanted, channel="mail")
    return bool(mine) and written.exists()


def addresses_of(user: UUID | None) -> set[str]:
    """The addresses that an account has shown to be its own, in small letters."""
    if user is None:
        return set()
    main = User.objects.filter(pk=user).values_list("email", flat=True)
    more = EmailAddress.objects.filter(user_id=user, verified=True).values_list("email", flat=True)
    return {address.lower() for address in (*main, *more)}


def of_account(user: UUID | None) -> Suppression | None:
    """What keeps mails from the address by which an account is written to now."""
    main = User.objects.filter(pk=user).values_list("email", flat=True).first() if user else None
    return of(main) if main else None


def lift(actor: Actor, command: Lift) -> None:
    """Write there again. A second click changes nothing. Raises `NotAllowed`."""
    if not can_lift(actor, command.address):
        raise NotAllowed
    _lift(actor, command.address, "asked")


def works(user: User, address: str) -> None:
    """Somebody used what a mail to the address brought: it arrives."""
    _lift(actor_for(user), address, "arrived")


def _lift(actor: Actor, address: str, why: str) -> None:
    with work():
        row = (
            Suppression.objects.select_for_update()
            .filter(address=address.lower(), lifted_at=None)
            .first()
        )
        if row is None:
            return
        row.lifted_at = clock.now()
        row.save(update_fields=["lifted_at"])
        record("bounces.lifted", actor=actor, edition=None, obj=row, facts={"why": why})


def may_try(address: str) -> bool:
    """Whether a mail that somebody asks for at the door (a code, a confirmation) is sent there.

    To an address that mails come back from once a day: a server may have been out of order, and
    nobody shall be locked out by it. Who uses what arrives lifts the block.
    """
    row = of(address)
    if row is None:
        return True
    now = clock.now()
    mine = Suppression.objects.filter(pk=row.pk, tried_at__lte=now - TRY)
    return bool(mine.update(tried_at=now))


def tidy() -> int:
    """Try again what was only soft, and forget what was lifted; returns how many ended."""
    now = clock.now()
    ended = Q(reason=Reason.SOFT, lifted_at=None, since__lt=now - SOFT_ENDS)
    forgotten = Q(lifted_at__lt=now - timedelta(days=DAYS))
    return Suppression.objects.filter(ended | forgotten).delete()[0]
