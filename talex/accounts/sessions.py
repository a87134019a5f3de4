"""Where an account is signed in: seen by its owner, ended by them, told of when it is new."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session as DjangoSession
from django.http import HttpRequest
from django.urls import reverse

from talex.accounts import browsers
from talex.accounts.models import User
from talex.core import clock, outbox
from talex.core.actor import Actor
from talex.core.errors import NotAllowed, NotFound
from talex.core.work import work
from talex.core.zones import moment_told, own_zone
from talex.ledger.services import record


@dataclass(frozen=True, slots=True)
class Session:
    """One browser that is signed in. `address` is the network address it signed in from."""

    id: int
    browser: str
    address: str
    since: datetime
    current: bool
    # By the clock of the account, which is named.
    told: str = ""


def sessions(actor: Actor, current_key: str | None) -> list[Session]:
    """One's own that have not ended, the latest first."""
    if actor.user is None:
        raise NotAllowed()
    live = UserSession.objects.purge_and_list(User.objects.get(pk=actor.user))
    return [
        Session(
            one.pk,
            browsers.named(one.user_agent),
            one.ip,
            one.created_at,
            one.session_key == current_key,
            moment_told(one.created_at, own_zone(actor)),
        )
        for one in sorted(live, key=lambda one: one.created_at, reverse=True)
    ]


def end_session(actor: Actor, session: int) -> None:
    """Sign out on another device."""
    _end(actor, session=session, but="")


def end_others(actor: Actor, current_key: str) -> int:
    """Sign out everywhere but here; returns on how many."""
    return _end(actor, session=None, but=current_key)


def _end(actor: Actor, *, session: int | None, but: str) -> int:
    if actor.user is None:
        raise NotAllowed()
    with work():
        rows = UserSession.objects.filter(user_id=actor.user).exclude(session_key=but)
        found = list(rows if session is None else rows.filter(pk=session))
        if session is not None and not found:
            raise NotFound()
        for one in found:
            one.end()
        if found:
            user = User.objects.get(pk=actor.user)
            record(
                "accounts.session_ended",
                actor=actor,
                edition=None,
                obj=user,
                facts={"count": str(len(found))},
            )
    return len(found)


def end_all(user: User) -> None:
    """Nobody is signed in to this account any more."""
    for one in UserSession.objects.filter(user=user):
        one.end()


def tell_of_new(request: HttpRequest, user: User) -> None:
    """A mail to the owner: somebody signed in on a browser that was not here before."""
    agent = request.headers.get("User-Agent", "")
    with work():
        outbox.tell(
            outbox.Recipient(user.email, user.language, user.pk),
            "accounts.new_sign_in",
            lambda: {
                "browser": browsers.named(agent),
                "when": clock.now(),
                "zone": user.time_zone,
                "link": settings.TALEX_URL.rstrip("/") + reverse("usersessions_list"),
            },
        )


def sweep() -> int:
    """Forget sessions that are over, and with them the addresses they came from.

    The worker does it every hour; returns how many are gone.
    """
    over = DjangoSession.objects.filter(expire_date__lt=clock.now()).delete()[0]
    kept = DjangoSession.objects.values("session_key")
    # A sign-in that is still going on may have written the one row and not yet the other.
    old = clock.now() - timedelta(hours=1)
    gone = UserSession.objects.filter(last_seen_at__lt=old).exclude(session_key__in=kept)
    return over + gone.delete()[0]
