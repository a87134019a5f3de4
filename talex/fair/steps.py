"""What the fair asks of a reader next."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from talex.core.actor import Actor
from talex.editions.models import Edition
from talex.editions.next_steps import NextStep
from talex.editions.roles import Role
from talex.fair import planned, queries, queries_searches, rules
from talex.fair.choices import InterestState, MatchState, OpeningState, Side
from talex.fair.models import Interest, Match, Opening
from talex.fair.outside import is_suspended, suspended, suspensions
from talex.fair.services import own_talent
from talex.meetings.models import Meeting
from talex.meetings.queries import was_released
from talex.participants.models import Talent

Address = Callable[[str], str]


def next_steps(actor: Actor, edition: Edition) -> Iterator[NextStep]:
    """Port of `editions.next_steps`: only what this actor can do now."""

    def url(name: str) -> str:
        return reverse(f"fair:{name}", kwargs={"edition": edition.slug})

    for why in suspensions(actor, edition):
        yield NextStep(
            key="fair.suspended", title=why.title, text=why.text, url=why.url, action=why.action,
            icon="flag", order=8,
        )  # fmt: skip
    organisations = actor.organisations(edition.pk)
    if organisations or actor.has(edition.pk, Role.TALENT):
        waiting = queries.waiting_for(actor, edition)
        if waiting:
            yield NextStep(
                key="fair.answer", title=_("Answer requests to meet"), url=url("requests"),
                text=_("They expire if nobody answers."), icon="inbox", action=_("Answer"),
                order=10, count=waiting, urgent=True,
            )  # fmt: skip
    fresh = queries_searches.news(actor, edition) if actor.user else 0
    if fresh:
        yield NextStep(
            key="fair.searches", title=_("See what your searches found"), url=url("searches"),
            icon="bell", action=_("Look"), order=28, count=fresh,
        )  # fmt: skip
    yield from _talent(actor, edition, url("for_you"))
    if organisations:
        yield from _delegate(actor, edition, organisations, url)
    if rules.can_match(actor, edition.pk):
        yield from _office(edition, url)


def _talent(actor: Actor, edition: Edition, url: str) -> Iterator[NextStep]:
    if not actor.has(edition.pk, Role.TALENT):
        return
    talent = own_talent(actor, edition)
    if talent is None or is_suspended(edition.pk, talent.person_id):
        return
    yield from _arranged(actor, edition, {"talent": talent})
    if not Interest.objects.filter(talent=talent).exists() and _asks(actor, edition, talent):
        yield NextStep(
            key="fair.browse", title=_("Look for openings and ask to meet"),
            url=reverse("fair:browse", kwargs={"edition": edition.slug}),
            text=_("Choose what you like; the organisation answers, and both get a time."),
            icon="search", action=_("Look at the openings"), order=14,
        )  # fmt: skip
    asked = Interest.objects.filter(talent=talent).values("opening_id")
    fresh = (
        queries.for_you(actor, edition, talent)
        .filter(state=MatchState.PROPOSED)
        .exclude(opening_id__in=asked)
        .count()
    )
    if fresh:
        yield NextStep(
            key="fair.for_you", title=_("See what fits you"), url=url,
            text=_("Every proposal says why it fits."), icon="spark", action=_("Look"),
            order=30, count=fresh,
        )  # fmt: skip


def _arranged(actor: Actor, edition: Edition, own: dict[str, Any]) -> Iterator[NextStep]:
    """What only the office wanted, and has no time yet: whom it concerns may say no. Whom they
    would meet is told where they read it already (`queries_applications`)."""
    if edition.over:
        return
    count = planned.without_time(queries.matches(actor, edition).filter(**own)).count()
    if not count:
        return
    released = was_released(edition)
    yield NextStep(
        key="fair.arranged", title=_("See what the office arranged for you"),
        url=reverse("fair:applications", kwargs={"edition": edition.slug}) + "?stage=planned",
        text=_("Choose a time that is free for both, or say no while it has none.")
        if released
        else _("It gets its time with the timetable. You may say no while it has none."),
        icon="calendar", action=_("Choose a time") if released else _("Look"), order=13,
        count=count,
    )  # fmt: skip


def _asks(actor: Actor, edition: Edition, talent: Talent) -> bool:
    """Whether there is an opening for which the talent may ask now."""
    if edition.over or not rules.can_ask(actor, talent):
        return False
    return queries.openings(actor, edition).filter(state=OpeningState.OPEN).exists()


def _delegate(
    actor: Actor, edition: Edition, organisations: set[UUID], url: Address
) -> Iterator[NextStep]:
    own = organisations - rules.assisted(actor, edition.pk)
    able = own - suspended(edition, own)
    yield from _arranged(actor, edition, {"opening__organisation_id__in": able})
    openings = Opening.objects.filter(edition=edition, organisation_id__in=organisations)
    # An assistant is asked for nothing that the others decide.
    decides = bool(own)
    if decides and not openings.filter(state=OpeningState.OPEN).exists():
        yield NextStep(
            key="fair.offer", title=_("Say what you offer"), url=url("new"),
            text=_("Without an open opening nobody can be proposed to you."), icon="briefcase",
            action=_("Add an opening"), order=20,
        )  # fmt: skip
    asked = Interest.objects.filter(opening__in=openings).values("talent_id")
    if decides and not asked.exists() and not edition.over:
        yield NextStep(
            key="fair.talents", title=_("Look at the talents"),
            url=reverse("participants:talents", kwargs={"edition": edition.slug}),
            text=_("See who takes part, and whom you want to invite to your openings."),
            icon="users", action=_("Look at them"), order=22,
        )  # fmt: skip
    fresh = (
        queries.candidates(actor, edition)
        .filter(state=MatchState.PROPOSED)
        .exclude(talent_id__in=asked)
        .count()
    )
    if fresh:
        yield NextStep(
            key="fair.candidates", title=_("See who fits your openings"), url=url("candidates"),
            icon="users", action=_("Look"), order=30, count=fresh,
        )  # fmt: skip
    untold = (
        Meeting.objects.filter(
            edition=edition,
            status=Meeting.Status.HELD,
            request__subject_kind="opening",
            request__organisation_id__in=organisations,
        )
        .annotate(said=Count("statements", filter=Q(statements__side=Side.EMPLOYER), distinct=True))
        .filter(said=0)
        .count()
    )
    if untold:
        yield NextStep(
            key="fair.outcome", title=_("Say with whom you want to go on"),
            url=reverse("meetings:agenda", kwargs={"edition": edition.slug}),
            icon="handshake", action=_("Open the agenda"), order=25, count=untold,
        )  # fmt: skip


def _office(edition: Edition, url: Address) -> Iterator[NextStep]:
    waiting = Match.objects.filter(edition=edition, state=MatchState.PROPOSED).count()
    if waiting:
        yield NextStep(
            key="fair.approve", title=_("Decide on proposals"), url=url("matches"),
            text=_("What you approve gets a time with the timetable."), icon="check-circle",
            action=_("Look"), order=40, count=waiting,
        )  # fmt: skip
    elif (
        Opening.objects.filter(edition=edition, state=OpeningState.OPEN).exists()
        and queries.last_run(edition) is None
        and not Interest.objects.filter(edition=edition, state=InterestState.ACCEPTED).exists()
    ):
        yield NextStep(
            key="fair.match", title=_("Run the matching"), url=url("run"),
            text=_("It proposes who should meet whom, with reasons."), icon="spark",
            action=_("Run it"), order=40,
        )  # fmt: skip
