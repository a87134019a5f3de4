"""From an agreement of two sides to a wanted meeting: whom the talent meets, and how.

Nothing here decides whether they meet. What may be asked is set-based, so that thousands of
approved proposals take a few statements.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from talex.core.actor import Actor
from talex.core.errors import Message
from talex.editions.models import Edition
from talex.fair.choices import InterestState
from talex.fair.models import Interest, Opening
from talex.ledger.services import record
from talex.meetings import services as meetings
from talex.meetings.models import MeetingRequest, RequestParty
from talex.meetings.models import Side as MeetingSide
from talex.meetings.queries import was_released
from talex.participants.choices import Mode
from talex.participants.models import Delegate, Person, Talent

SUBJECT = "opening"
CHUNK = 500
WAYS = {
    Mode.ONSITE.value: frozenset({Mode.ONSITE.value}),
    Mode.ONLINE.value: frozenset({Mode.ONLINE.value}),
    Mode.BOTH.value: frozenset({Mode.ONSITE.value, Mode.ONLINE.value}),
}
NO_COMMON_WAY: Message = _(
    "One side takes part only on site and the other only online, so they cannot meet. One of "
    "them has to change how they take part."
)

Pair = tuple[UUID, UUID]
"""An opening and a person (not a talent record): who meets about what."""


def common_mode(*modes: str) -> str | None:
    """How all of them can meet (a `Mode`), or None where they cannot."""
    ways = frozenset.intersection(*(WAYS[mode] for mode in modes))
    return None if not ways else Mode.BOTH.value if len(ways) > 1 else next(iter(ways))


@dataclass(frozen=True, slots=True)
class Wanted:
    """A talent and an opening that shall meet; `weight` 0 to 1 says how much."""

    talent: Talent
    opening: Opening
    weight: float


@dataclass(slots=True)
class Arranged:
    """requests: those newly made. standing: pairs that had one. apart: no common way to meet."""

    requests: list[MeetingRequest] = field(default_factory=list)
    standing: list[Wanted] = field(default_factory=list)
    apart: list[Wanted] = field(default_factory=list)


def standing_requests(edition: Edition, opening: UUID | None = None) -> dict[Pair, UUID]:
    """(opening, the talent's person) -> the request of meetings that stands for them."""
    rows = RequestParty.objects.filter(
        request__edition=edition, request__subject_kind=SUBJECT, side=MeetingSide.TALENT
    ).exclude(request__state=MeetingRequest.State.WITHDRAWN)
    if opening is not None:
        rows = rows.filter(request__subject_id=opening)
    return {
        (subject, person): request
        for subject, person, request in rows.values_list(
            "request__subject_id", "person_id", "request_id"
        )
    }


def arrange(actor: Actor, edition: Edition, wanted: Sequence[Wanted], origin: str) -> Arranged:
    """Ask the room of meetings for every pair that has no standing request yet.

    Called inside a unit of work, with the openings locked (`lock_openings`). The delegate with
    the fewest meetings is chosen among those who can meet in a common way; an organisation that
    named nobody gets one unnamed delegate, so that it still is in one place at a time.
    """
    found = Arranged()
    one = wanted[0].opening.pk if len({w.opening.pk for w in wanted}) == 1 else None
    standing = standing_requests(edition, one)
    todo: list[Wanted] = []
    for want in wanted:
        key = (want.opening.pk, want.talent.person_id)
        if key in standing:
            found.standing.append(want)
        else:
            standing[key] = key[0]
            todo.append(want)
    delegates = _delegates(actor, edition, {w.opening.organisation_id for w in todo})
    load = _load(edition, [d for each in delegates.values() for d in each])
    asked: list[meetings.AskedMeeting] = []
    for want in todo:
        able = [
            (load[d.person_id], str(d.pk), d, mode)
            for d in delegates[want.opening.organisation_id]
            if (mode := common_mode(want.talent.mode, want.opening.mode, d.mode)) is not None
        ]
        if not able:
            found.apart.append(want)
            continue
        _meetings, _id, delegate, mode = min(able)[:4]
        load[delegate.person_id] += 1
        asked.append(
            meetings.AskedMeeting(
                subject_kind=SUBJECT,
                subject_id=want.opening.pk,
                subject_title=want.opening.shown_title,
                organisation=want.opening.organisation_id,
                talents=(want.talent.person_id,),
                employers=(delegate.person_id,),
                origin=origin,
                weight=want.weight,
                mode=mode,
            )
        )
    if asked:
        found.requests = meetings.request_meetings(actor, edition, asked)
    return found


def lock_openings(openings: Iterable[UUID]) -> None:
    """Two agreements about one opening wait for each other (PostgreSQL; SQLite writes alone)."""
    ids = sorted(set(openings))
    for at in range(0, len(ids), CHUNK):
        # Not so that foreign keys wait: others ask for the same openings meanwhile.
        rows = Opening.objects.select_for_update(no_key=True).filter(pk__in=ids[at : at + CHUNK])
        list(rows.order_by("pk").values_list("pk"))


def _delegates(
    actor: Actor, edition: Edition, organisations: set[UUID]
) -> dict[UUID, list[Delegate]]:
    """Who acts for each organisation in the edition; never nobody."""
    found: dict[UUID, list[Delegate]] = {one: [] for one in organisations}
    present = Delegate.objects.filter(
        edition=edition, withdrawn_at__isnull=True, merged_into__isnull=True
    )
    if len(organisations) <= CHUNK:
        present = present.filter(organisation_id__in=organisations)
    for delegate in present.order_by("created_at", "id"):
        if delegate.organisation_id in found:
            found[delegate.organisation_id].append(delegate)
    nobody = sorted(one for one, delegates in found.items() if not delegates)
    persons = [Person() for _organisation in nobody]
    fresh = [
        Delegate(person=person, organisation_id=organisation, edition=edition)
        for person, organisation in zip(persons, nobody, strict=True)
    ]
    Person.objects.bulk_create(persons, batch_size=CHUNK)
    Delegate.objects.bulk_create(fresh, batch_size=CHUNK)
    for delegate in fresh:
        found[delegate.organisation_id] = [delegate]
        record(
            "fair.delegate.placeholder",
            actor=actor,
            edition=edition.id,
            obj=delegate,
            facts={"organisation": str(delegate.organisation_id)},
        )
    return found


def _load(edition: Edition, delegates: list[Delegate]) -> Counter[UUID]:
    """How many wanted meetings each person has on the employers' side."""
    rows = (
        RequestParty.objects.filter(request__edition=edition, side=MeetingSide.EMPLOYER)
        .exclude(request__state=MeetingRequest.State.WITHDRAWN)
        .order_by()
    )
    if len(delegates) <= CHUNK:
        rows = rows.filter(person_id__in=[d.person_id for d in delegates])
    counted = rows.values("person_id").annotate(n=Count("id"))
    return Counter({row["person_id"]: row["n"] for row in counted})


def to_place(edition: Edition, interest: Interest) -> UUID | None:
    """The wanted meeting of an agreed pair that has no place although a timetable is out: the two
    choose a time that is free for both, or it waits. None where there is nothing to choose."""
    if interest.state != InterestState.ACCEPTED or not was_released(edition):
        return None
    key = (interest.opening_id, interest.talent.person_id)
    found = standing_requests(edition, interest.opening_id).get(key)
    if found is None:
        return None
    still = MeetingRequest.objects.filter(pk=found, state=MeetingRequest.State.OPEN)
    return found if still.exists() else None
