"""Saved searches: kept, paused, deleted, looked at; and finding what is new, once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from talex.accounts.models import User
from talex.core import actor as actors
from talex.core.actor import Actor
from talex.core.clock import now
from talex.core.errors import Conflict, Invalid, NotAllowed, NotFound
from talex.core.jobs import enqueue
from talex.core.models import Job
from talex.core.work import work
from talex.editions.models import Edition
from talex.fair.choices import AlertState, Side
from talex.fair.filtering import Wanted
from talex.fair.models import Alert, SavedSearch, SearchHit
from talex.fair.searching import Key, run
from talex.fair.services.own import own_talent
from talex.ledger.services import record

#: Searches that one account keeps in an edition.
MOST = 20
NAME_LENGTH = 80
#: Between two alerts that nobody asked for.
EVERY = timedelta(hours=24)
JOB = "fair.alerts"


@dataclass(frozen=True, slots=True)
class SaveSearch:
    """Keep a search under a name; `wanted`: words and filters as in the address."""

    name: str
    wanted: Mapping[str, Any]


def side_of(actor: Actor, edition: Edition) -> str:
    """For which side the actor searches: the talent's where they are one."""
    if own_talent(actor, edition) is not None:
        return Side.TALENT
    if actor.organisations(edition.pk):
        return Side.EMPLOYER
    raise NotAllowed(_("Searches are kept for talents and delegates of this conference."))


def save_search(actor: Actor, edition: Edition, command: SaveSearch) -> SavedSearch:
    """Keep a search; what it finds now is known already and no news."""
    side = side_of(actor, edition)
    wanted, name = Wanted.read(command.wanted), command.name.strip()
    if not name or len(name) > NAME_LENGTH:
        raise Invalid({"name": _("Give it a name of at most 80 characters.")})
    if side == Side.TALENT:
        # Openings have no score before they are proposed.
        wanted = wanted.without("minimum").without("opening")
    if not wanted.params():
        raise Invalid({"": _("Narrow the list by words or a filter first, then save that.")})
    with work():
        owner = User.objects.select_for_update().get(pk=_account(actor))
        mine = SavedSearch.objects.filter(edition=edition, owner=owner)
        if mine.count() >= MOST:
            raise Conflict(_("You keep 20 searches already. Delete one first."))
        if mine.filter(side=side, name=name).exists():
            raise Invalid({"name": _("You have a search of this name already.")})
        search = SavedSearch(
            edition=edition, owner=owner, side=side, name=name, wanted=wanted.params(),
            created_at=now(), looked_at=now(), checked_at=now(),
        )  # fmt: skip
        search.save(force_insert=True)
        _keep(search, run(actor, search).keys, None)
        # What it finds now is known already and no news.
        search.looked_at = now()
        search.save(update_fields=["looked_at"])
        _record("saved", actor, search)
    return search


def _account(actor: Actor) -> UUID:
    if actor.user is None:
        raise NotAllowed
    return actor.user


def _record(what: str, actor: Actor, search: SavedSearch) -> None:
    record(f"fair.search.{what}", actor=actor, edition=search.edition_id, obj=search)


def _locked(actor: Actor, edition: Edition, pk: UUID) -> SavedSearch:
    found = (
        SavedSearch.objects.select_for_update(of=("self",))
        .select_related("edition")
        .filter(edition=edition, owner_id=actor.user, pk=pk)
        .first()
    )
    if found is None:
        raise NotFound
    return found


def pause_search(actor: Actor, edition: Edition, pk: UUID, paused: bool = True) -> SavedSearch:
    """Send no more alerts of a search, or send them again: from now on, not of what passed."""
    with work():
        search = _locked(actor, edition, pk)
        if search.paused != paused:
            search.paused, search.checked_at = paused, now()
            search.save(update_fields=["paused", "checked_at"])
            if not paused:
                _keep(search, run(actor, search).keys, None)
            _record("paused" if paused else "resumed", actor, search)
    return search


def pause_all(owner: UUID, edition: UUID) -> int:
    """Of the link in a mail: no more alerts of this conference; returns how many searches."""
    with work():
        rows = SavedSearch.objects.filter(edition_id=edition, owner_id=owner, paused=False)
        found = list(rows)
        rows.update(paused=True)
        for search in found:
            _record("paused", Actor(user=owner, kind="user"), search)
    return len(found)


def delete_search(actor: Actor, edition: Edition, pk: UUID) -> None:
    """A search and what it found."""
    with work():
        search = _locked(actor, edition, pk)
        _record("deleted", actor, search)
        search.delete()


def look(actor: Actor, edition: Edition, pk: UUID) -> SavedSearch:
    """The owner looks at a search: what is found now is new no longer after this. The search is
    returned as it was before, so that the page can say what is new."""
    with work():
        search = _locked(actor, edition, pk)
        _keep(search, run(actor, search).keys, None)
        before = search.looked_at
        SavedSearch.objects.filter(pk=pk).update(looked_at=now())
        search.looked_at = before
    return search


def _keep(search: SavedSearch, keys: list[Key], alert: Alert | None) -> int:
    """Write down what was not known; returns how many. The search is locked."""
    known = set(search.hits.values_list("opening_id", "talent_id"))
    fresh = [key for key in keys if key not in known]
    rows = [
        SearchHit(search=search, opening_id=opening, talent_id=talent, found_at=now(), alert=alert)
        for opening, talent in fresh
    ]
    SearchHit.objects.bulk_create(rows, batch_size=200)
    return len(rows)


def start_alerts(actor: Actor, edition: Edition) -> Job:
    """Look at the actor's own searches now instead of once a day, and tell what is new."""
    side_of(actor, edition)
    return enqueue(
        actor,
        JOB,
        {"edition": str(edition.pk), "owner": str(_account(actor))},
        edition=edition.pk,
    )


def enqueue_due() -> int:
    """Of the worker's clock: one job an edition and hour where a search was not looked at for a
    day. Returns how many."""
    due = SavedSearch.objects.filter(paused=False, checked_at__lte=now() - EVERY)
    editions = set(due.order_by().values_list("edition_id", flat=True).distinct())
    for edition in editions:
        key = f"{edition}/{now():%Y-%m-%dT%H}"
        enqueue(actors.SYSTEM, JOB, {"edition": str(edition)}, edition=edition, key=key)
    return len(editions)


def owners_due(edition: UUID, owner: UUID | None = None) -> list[UUID]:
    """Whose searches are looked at: one owner's now, or all that were not for a day."""
    rows = SavedSearch.objects.filter(edition_id=edition, paused=False)
    if owner is None:
        rows = rows.filter(checked_at__lte=now() - EVERY)
    else:
        rows = rows.filter(owner_id=owner)
    return sorted(set(rows.order_by().values_list("owner_id", flat=True)))


def find_news(edition: UUID, owner: UUID, *, at_once: bool = False) -> Alert | None:
    """Look at one owner's searches; what is new becomes one alert, in one transaction.

    Each hit is written once (a constraint of the database), and with it the alert that tells of
    it. So a job that is killed here has either told of nothing yet or will not find it again.
    """
    actor = actors.load(owner)
    with work():
        rows = SavedSearch.objects.select_for_update(of=("self",)).select_related("edition")
        rows = rows.filter(edition_id=edition, owner_id=owner, paused=False)
        if not at_once:
            rows = rows.filter(checked_at__lte=now() - EVERY)
        searches = list(rows.order_by("id"))
        alert = Alert(edition_id=edition, owner_id=owner, made_at=now())
        alert.save(force_insert=True)
        count = sum(_keep(search, run(actor, search).keys, alert) for search in searches)
        SavedSearch.objects.filter(pk__in=[s.pk for s in searches]).update(checked_at=now())
        if not count:
            alert.delete()
            return None
        record(
            "fair.search.alerted",
            actor=actors.SYSTEM,
            edition=edition,
            obj=alert,
            facts={"hits": str(count)},
        )
    return alert


def waiting_alerts(edition: UUID, owner: UUID | None = None) -> list[UUID]:
    """Alerts that were made and whose mail was not begun (a job was killed between)."""
    rows = Alert.objects.filter(edition_id=edition, state=AlertState.READY)
    if owner is not None:
        rows = rows.filter(owner_id=owner)
    return list(rows.order_by("made_at", "id").values_list("pk", flat=True))


def claim_alert(pk: UUID) -> bool:
    """Begin the mail of an alert; only one caller ever gets it."""
    return bool(
        Alert.objects.filter(pk=pk, state=AlertState.READY).update(
            state=AlertState.SENDING, sent_at=now()
        )
    )


def end_alert(pk: UUID, state: AlertState) -> None:
    """How the mail came out."""
    Alert.objects.filter(pk=pk, state=AlertState.SENDING).update(state=state, sent_at=now())
