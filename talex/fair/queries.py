"""Reads that pages, API and command line share. They show who the reader is what they may see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Value, When

from talex.core.actor import Actor
from talex.core.clock import now
from talex.core.errors import Message, NotFound
from talex.editions.models import Edition
from talex.editions.rules import can_audit
from talex.evidence.models import Evidence
from talex.evidence.vocabulary import Rung
from talex.fair import disclosing, privacy, rules, stages
from talex.fair.choices import InterestState, MatchState, OpeningState, Side, StatementKind
from talex.fair.models import (
    Hidden,
    Interest,
    Match,
    MatchRun,
    Opening,
    Statement,
)
from talex.fair.outside import suspended
from talex.fair.services import outcomes
from talex.fair.services.arranging import standing_requests
from talex.meetings.models import Meeting
from talex.participants.barred import barred_rows
from talex.participants.models import Talent

HEAVY = ("description", "source_text")


def openings(actor: Actor, edition: Edition) -> QuerySet[Opening]:
    """The openings the actor may see, with their organisations."""
    return (
        Opening.objects.filter(rules.visible_openings(actor), edition=edition)
        .select_related("organisation", "edition")
        .defer(*HEAVY)
    )


def with_counts(rows: QuerySet[Opening]) -> QuerySet[Opening]:
    """With `waiting` and `agreed`: interests that wait for an answer, and that were accepted."""
    return rows.annotate(
        waiting=Count(
            "interests",
            filter=Q(interests__state=InterestState.ASKED, interests__expires_at__gt=now()),
            distinct=True,
        ),
        agreed=Count("interests", filter=Q(interests__state=InterestState.ACCEPTED), distinct=True),
    )


def opening(actor: Actor, edition: Edition, pk: UUID) -> Opening:
    """One opening as the actor reads it, contact details only where they may. Raises `NotFound`."""
    found = (
        Opening.objects.filter(rules.visible_openings(actor), edition=edition, pk=pk)
        .select_related("organisation", "edition")
        .first()
    )
    if found is None:
        raise NotFound
    return disclosing.openings_read(actor, [found])[0]


def state_now(interest: Interest) -> str:
    """The state as of now: what nobody answered in time is over, whether or not it is written."""
    if interest.state == InterestState.ASKED and interest.expires_at <= now():
        return InterestState.EXPIRED
    return interest.state


def interests(actor: Actor, edition: Edition) -> QuerySet[Any]:
    """The interests the actor may see, with `present` as the state of now."""
    return (
        Interest.objects.filter(rules.visible_interests(actor), edition=edition)
        .select_related("talent__person", "opening__organisation")
        .defer("talent__unread", "talent__education", "talent__experience", "opening__description")
        .annotate(
            present=Case(
                When(
                    state=InterestState.ASKED,
                    expires_at__lte=now(),
                    then=Value(InterestState.EXPIRED.value),
                ),
                default=F("state"),
                output_field=CharField(),
            )
        )
        .order_by("-asked_at", "id")
    )


def matches(actor: Actor, edition: Edition) -> QuerySet[Match]:
    """The proposals the actor may see, best first; the office's include decided ones."""
    return (
        Match.objects.filter(rules.visible_matches(actor), edition=edition)
        .exclude(state=MatchState.SUPERSEDED)
        .select_related("talent__person", "opening__organisation")
        .defer(
            "talent__unread", "talent__education", "talent__experience", "opening__description",
            "opening__source_text", "components",
        )
        .order_by("-score", "id")
    )  # fmt: skip


def last_run(edition: Edition) -> MatchRun | None:
    """The latest run of the matching."""
    return MatchRun.objects.filter(edition=edition).order_by("-finished_at").first()


@dataclass(frozen=True, slots=True)
class Card:
    """A proposal as one side sees it: `facts` of the talent are only what it may see."""

    match: Match
    interest: Interest | None
    facts: dict[str, Any] = field(default_factory=dict)
    alias: str = ""


def for_you(actor: Actor, edition: Edition, talent: Talent) -> QuerySet[Match]:
    """What was proposed for a talent, best first, without what they hid or the closed."""
    hidden = Hidden.objects.filter(talent=talent, side=Side.TALENT).values("opening_id")
    return (
        matches(actor, edition)
        .filter(talent=talent, state__in=rules.SHOWN, opening__state=OpeningState.OPEN)
        .exclude(opening_id__in=hidden)
    )


def candidates(actor: Actor, edition: Edition) -> QuerySet[Match]:
    """Who was proposed for the actor's organisations (for the office: for all), best first."""
    found = matches(actor, edition).filter(
        state__in=rules.SHOWN, opening__state=OpeningState.OPEN, talent__withdrawn_at__isnull=True
    )
    if not can_audit(actor, edition.pk):
        found = found.filter(opening__organisation_id__in=actor.organisations(edition.pk))
        found = found.exclude(barred_rows(person="talent__person_id"))
        hidden = Hidden.objects.filter(
            side=Side.EMPLOYER, talent=OuterRef("talent_id"), opening=OuterRef("opening_id")
        )
        found = found.filter(~Exists(hidden))
    return found


def cards(actor: Actor, edition: Edition, rows: Sequence[Match]) -> list[Card]:
    """Proposals with the interest that stands for them, and what may be seen of the talent."""
    pairs = {(m.talent_id, m.opening_id) for m in rows}
    found = {
        (i.talent_id, i.opening_id): i
        for i in Interest.objects.filter(
            talent_id__in={t for t, _o in pairs}, opening_id__in={o for _t, o in pairs}
        ).order_by("asked_at")
    }
    seen = faces(actor, edition, [(m.talent, m.opening.organisation_id) for m in rows])
    return [
        Card(
            match,
            found.get((match.talent_id, match.opening_id)),
            seen[match.talent_id, match.opening.organisation_id],
            privacy.alias(match.talent),
        )
        for match in rows
    ]


def faces(
    actor: Actor, edition: Edition, rows: Iterable[tuple[Talent, UUID]]
) -> dict[tuple[UUID, UUID], dict[str, Any]]:
    """(talent, organisation) -> the facts of the talent that the actor may see there."""
    every = list(rows)
    whole = can_audit(actor, edition.pk)
    own = {talent.pk for talent, _to in every if whole or rules.is_talent(actor, talent)}
    shown = privacy.shown_in((talent, to) for talent, to in every if talent.pk not in own)
    return {
        (talent.pk, to): privacy.card(
            talent, privacy.ALL if talent.pk in own else shown[talent.pk, to]
        )
        for talent, to in every
    }


@dataclass(frozen=True, slots=True)
class Asked:
    """A request in somebody's inbox, with what comes next for the reader."""

    interest: Interest
    state: str
    mine: bool  # the reader's side asked
    facts: dict[str, Any]
    alias: str
    meeting: Meeting | None
    words: disclosing.Words

    @property
    def ended(self) -> Message:
        """Why it is over: a decline's reason for the side that asked, or what ended it."""
        one = self.interest
        if self.state == InterestState.DECLINED:
            return (
                stages.declined_words(one.decline_reason, one.side)
                if self.mine
                else (one.get_decline_reason_display())
            )
        if one.ended_by:
            return stages.over_words(self.state, one.ended_by, self.mine)
        return ""

    @property
    def name(self) -> str:
        """The talent as the reader may call them."""
        return self.facts.get("name") or self.alias


def kept_words(
    words: disclosing.Words, interest: Interest, mine: bool, facts: Mapping[str, Any]
) -> disclosing.Words:
    """What may still be read of a request's words by whoever sees `facts` of the talent.

    A talent's words go to the other side with the request, and name them as a profile does: once
    the request is over, they are shown only to whom the talent still shows it.
    """
    over = state_now(interest) not in (InterestState.ASKED, InterestState.ACCEPTED)
    if interest.side == Side.TALENT and not mine and over and "name" not in facts:
        return disclosing.Words("", words.answer)
    return words


def asked(actor: Actor, edition: Edition, rows: Sequence[Interest], side: str) -> list[Asked]:
    """Requests as a reader of this side sees them."""
    seen = faces(actor, edition, [(i.talent, i.opening.organisation_id) for i in rows])
    words = disclosing.words_read(actor, rows)
    agreed = {i.opening_id for i in rows if i.state == InterestState.ACCEPTED}
    requests: dict[tuple[UUID, UUID], UUID] = {}
    if agreed:
        requests = {
            pair: request
            for pair, request in standing_requests(edition).items()
            if pair[0] in agreed
        }
    placed = {
        m.request_id: m
        for m in Meeting.objects.filter(
            request_id__in=[
                requests[i.opening_id, i.talent.person_id]
                for i in rows
                if (i.opening_id, i.talent.person_id) in requests
            ]
        ).exclude(status=Meeting.Status.CANCELLED)
    }
    return [
        Asked(
            interest,
            state_now(interest),
            interest.side == side,
            seen[interest.talent_id, interest.opening.organisation_id],
            privacy.alias(interest.talent),
            placed.get(requests.get((interest.opening_id, interest.talent.person_id))),  # type: ignore[arg-type]
            kept_words(
                words[interest.pk],
                interest,
                interest.side == side,
                seen[interest.talent_id, interest.opening.organisation_id],
            ),
        )
        for interest in rows
    ]


def waiting_for(actor: Actor, edition: Edition) -> int:
    """Requests that wait for an answer of the actor's own sides."""
    open_rows = Interest.objects.filter(
        edition=edition, state=InterestState.ASKED, expires_at__gt=now()
    )
    own = actor.organisations(edition.pk)
    own = own - suspended(edition, own) - rules.assisted(actor, edition.pk)
    mine = Q(side=Side.EMPLOYER, talent__person_id__in=actor.persons()) | Q(
        side=Side.TALENT, opening__organisation_id__in=own
    )
    return open_rows.filter(mine).count()


@dataclass(frozen=True, slots=True)
class Step:
    """A rung of a meeting: when it was reached and by whom confirmed, or not yet."""

    rung: str
    label: str
    reached_at: datetime | None
    confirmed_by: str
    row: Evidence | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a meeting: the rungs from evidence, and what each side said."""

    steps: list[Step]
    said: dict[tuple[str, str], bool]

    @property
    def highest(self) -> str:
        """The highest rung that stands, or ''."""
        reached = [step.rung for step in self.steps if step.row]
        return reached[-1] if reached else ""

    @property
    def following(self) -> str:
        """The next rung the employer can confirm, or ''."""
        rungs = [step.rung for step in self.steps if step.row is None]
        return rungs[0] if rungs and rungs[0] in outcomes.LATER else ""

    def answer(self, side: str, kind: str = StatementKind.INTENT) -> bool | None:
        """What a side said; None where it said nothing."""
        return self.said.get((side, kind))


def outcome(meeting: Meeting) -> Outcome:
    """The outcome of a meeting, read from evidence."""
    held = outcomes.standing(meeting)
    steps = []
    for rung in outcomes.LADDER:
        row = held[rung][0] if rung in held else None
        steps.append(
            Step(
                rung.value,
                str(Rung(rung).label),
                row.happened_at if row else None,
                row.confirmed_by if row else "",
                row,
            )
        )
    said = {
        (side, kind): yes
        for side, kind, yes in Statement.objects.filter(meeting=meeting).values_list(
            "side", "kind", "yes"
        )
    }
    return Outcome(steps, said)


def industries(edition: Edition) -> list[str]:
    """The industries that open openings name, the most frequent first."""
    rows = (
        Opening.objects.filter(edition=edition, state=OpeningState.OPEN)
        .exclude(industry="")
        .values_list("industry")
        .annotate(n=Count("id"))
        .order_by("-n", "industry")[:40]
    )
    return [name for name, _count in rows]


__all__ = [
    "Asked", "Card", "Outcome", "Step", "asked", "candidates", "cards", "for_you", "industries",
    "interests", "last_run", "matches", "opening", "openings", "outcome", "state_now",
    "waiting_for", "with_counts",
]  # fmt: skip
