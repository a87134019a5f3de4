"""What the rooms below `web` have for the office to look at."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Count, Q
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from talex.core import clock
from talex.core.actor import Actor
from talex.core.models import Job, JobState
from talex.editions.models import Edition
from talex.fair.choices import InterestState, MatchState
from talex.fair.models import Interest, Match
from talex.meetings.lists import WHY
from talex.meetings.models import Meeting, MeetingRequest
from talex.meetings.rules import can_schedule
from talex.participants.importing.models import Import, ImportState, RowState
from talex.participants.rules import can_review_same
from talex.participants.same import waiting
from talex.web.board.registry import Attention

# A failed job older than this was seen by somebody.
RECENT = timedelta(days=7)


def address(edition: Edition, *names: str, query: str = "") -> str:
    """The first of these pages of the edition that is installed, or an empty string."""
    for name in names:
        try:
            found = reverse(name, kwargs={"edition": edition.slug})
        except NoReverseMatch:
            continue
        return f"{found}?{query}" if query else found
    return ""


def unplaced(actor: Actor, edition: Edition) -> Iterator[Attention]:
    """Wanted meetings without a place, by the reason the last timetable gave. One statement."""
    rows = dict(
        MeetingRequest.objects.filter(edition=edition, state=MeetingRequest.State.OPEN)
        .order_by()
        .values_list("unplaced")
        .annotate(n=Count("pk"))
    )
    waiting = rows.pop("", 0)
    if rows:
        number = sum(rows.values())
        yield Attention(
            key="unplaced",
            count=number,
            title=ngettext_lazy("meeting has no place", "meetings have no place", number),
            parts=tuple(
                (WHY.get(reason) or reason, n)
                for reason, n in sorted(rows.items(), key=lambda item: (-item[1], item[0]))
            ),
            url=address(edition, "meetings:requests"),
            action=_("Look at them"),
            order=10,
        )
    if waiting:
        may = can_schedule(actor, edition.pk)
        yield Attention(
            key="untried",
            count=waiting,
            state="info",
            title=ngettext_lazy(
                "meeting waits for the timetable", "meetings wait for the timetable", waiting
            ),
            url=address(edition, "meetings:make" if may else "meetings:requests"),
            action=_("Make the timetable") if may else _("Look at them"),
            order=20,
        )


def without_outcome(actor: Actor, edition: Edition) -> Iterator[Attention]:
    """Meetings that are over, and nobody said whether they were held. One statement."""
    number = Meeting.objects.filter(
        edition=edition, status=Meeting.Status.PLANNED, ends_at__lt=clock.now()
    ).count()
    if number:
        yield Attention(
            key="without_outcome",
            count=number,
            title=ngettext_lazy(
                "past meeting without an outcome", "past meetings without an outcome", number
            ),
            text=_("Figures count only what somebody confirms."),
            url=address(edition, "meetings:meetings", query="status=planned&sort=when"),
            action=_("Ask or record"),
            order=30,
        )


def failed_jobs(actor: Actor, edition: Edition) -> Iterator[Attention]:
    """Long work that failed, unless the same work succeeded since. One statement."""
    rows = Job.objects.filter(
        edition_id=edition.pk,
        created_at__gte=clock.now() - RECENT,
        state__in=[JobState.FAILED, JobState.SUCCEEDED],
    )
    latest: dict[str, str] = {}
    for kind, state in rows.order_by("created_at").values_list("kind", "state"):
        latest[kind] = state
    kinds = sorted(kind for kind, state in latest.items() if state == JobState.FAILED)
    if kinds:
        yield Attention(
            key="failed_jobs",
            count=len(kinds),
            state="danger",
            title=ngettext_lazy("task failed", "tasks failed", len(kinds)),
            text=", ".join(kinds),
            url=address(edition, "web:jobs", "core:jobs"),
            action=_("See why"),
            order=10,
        )


def missed(actor: Actor, edition: Edition) -> Iterator[Attention]:
    """No-shows of the last day: somebody may want another time. One statement."""
    number = Meeting.objects.filter(
        Q(status=Meeting.Status.NO_SHOW),
        edition=edition,
        ends_at__gte=clock.now() - timedelta(days=1),
        ends_at__lte=clock.now(),
    ).count()
    if number:
        yield Attention(
            key="no_shows",
            count=number,
            state="info",
            title=ngettext_lazy(
                "meeting somebody did not come to, within a day",
                "meetings somebody did not come to, within a day",
                number,
            ),
            url=address(edition, "meetings:meetings", query="status=no_show"),
            action=_("Offer another time"),
            order=40,
        )


def imports(actor: Actor, edition: Edition) -> Iterator[Attention]:
    """Files that wait to be looked at, and the rows in them to be mended. One statement."""
    waiting = (ImportState.PREVIEWED, ImportState.FAILED)
    rows = list(
        Import.objects.filter(edition=edition, state__in=waiting)
        .order_by()
        .annotate(faults=Count("rows", filter=Q(rows__state=RowState.FAULT)))
        .values_list("state", "faults")
    )
    failed = sum(1 for state, _faults in rows if state == ImportState.FAILED)
    previewed = len(rows) - failed
    faults = sum(number for _state, number in rows)
    url = address(edition, "importing:imports")
    if failed:
        yield Attention(
            key="imports_failed",
            count=failed,
            state="danger",
            title=ngettext_lazy("import failed", "imports failed", failed),
            url=url,
            action=_("See why"),
            order=20,
        )
    if previewed:
        yield Attention(
            key="imports",
            count=previewed,
            state="warning" if faults else "info",
            title=ngettext_lazy(
                "import waits for you to look at it",
                "imports wait for you to look at them",
                previewed,
            ),
            parts=(
                ((ngettext_lazy("row to be mended", "rows to be mended", faults), faults),)
                if faults
                else ()
            ),
            url=url,
            action=_("Open the imports"),
            order=50,
        )


def same_people(actor: Actor, edition: Edition) -> Iterator[Attention]:
    """Pairs of records that may be one person. One statement."""
    if not can_review_same(actor, edition.pk):
        return
    number = waiting(edition.pk).count()
    if number:
        yield Attention(
            key="same_people",
            count=number,
            title=ngettext_lazy(
                "pair of records may be one person", "pairs of records may be one person", number
            ),
            url=address(edition, "participants:candidates"),
            action=_("Decide"),
            order=60,
        )


def interests(actor: Actor, edition: Edition) -> Iterator[Attention]:
    """Wishes to meet that nobody answered yet. One statement."""
    now = clock.now()
    found = Interest.objects.filter(
        edition=edition, state=InterestState.ASKED, expires_at__gt=now
    ).aggregate(n=Count("pk"), soon=Count("pk", filter=Q(expires_at__lt=now + timedelta(days=1))))
    if found["n"]:
        yield Attention(
            key="interests",
            count=found["n"],
            state="warning" if found["soon"] else "info",
            title=ngettext_lazy(
                "wish to meet waits for an answer", "wishes to meet wait for an answer", found["n"]
            ),
            parts=((_("expire within a day"), found["soon"]),) if found["soon"] else (),
            url=address(edition, "fair:requests"),
            action=_("Open the requests"),
            order=40,
        )


def proposals(actor: Actor, edition: Edition) -> Iterator[Attention]:
    """Proposals of the matching that nobody decided on. One statement."""
    number = Match.objects.filter(edition=edition, state=MatchState.PROPOSED).count()
    if number:
        yield Attention(
            key="proposals",
            count=number,
            state="info",
            title=ngettext_lazy(
                "proposal waits for a decision", "proposals wait for a decision", number
            ),
            url=address(edition, "fair:matches"),
            action=_("Approve proposals"),
            order=30,
        )


PROVIDERS = (
    failed_jobs,
    imports,
    unplaced,
    without_outcome,
    missed,
    interests,
    proposals,
    same_people,
)
