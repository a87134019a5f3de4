"""What the pages, the API and the home pages read of collecting."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from talex.core.actor import Actor
from talex.core.errors import Message, NotFound
from talex.editions.models import Edition
from talex.editions.rules import can_audit
from talex.fair import contents, show
from talex.fair import rules as fair
from talex.fair.choices import OpeningState
from talex.fair.collecting import rules, tree
from talex.fair.collecting.models import Act, Fault, Quota, Stage, Step, Submission
from talex.fair.collecting.services import quotas
from talex.fair.collecting.services.switching import is_reviewed
from talex.fair.models import Opening
from talex.fair.outside import offers
from talex.participants.models import Participation
from talex.participants.rules import WRITERS
from talex.ui.lists import find_words


def submissions(actor: Actor, edition: Edition) -> QuerySet[Submission]:
    """What the actor may see, with openings and collectors."""
    return (
        Submission.objects.filter(rules.visible(actor, edition.pk))
        .select_related("opening__organisation", "opening__edition", "collector")
        .defer("opening__description", "opening__source_text")
    )


def submission(actor: Actor, edition: Edition, pk: UUID) -> Submission:
    """One of them with all it says. Raises `NotFound`."""
    rows = Submission.objects.select_related(
        "opening__organisation", "opening__edition", "collector", "edition"
    )
    found = rows.filter(rules.visible(actor, edition.pk), pk=pk).first()
    if found is None:
        raise NotFound
    return found


def waiting_for(actor: Actor, edition: Edition) -> int:
    """How many wait for this actor to return or to pass them on."""
    collectors = tree.collecting_for(actor, edition.pk)
    mine = Q(stage=Stage.HANDED_IN, collector_id__in=collectors)
    if rules.can_approve(actor, edition.pk):
        mine |= Q(stage=Stage.PASSED)
    elif not collectors:
        return 0
    return Submission.objects.filter(mine, edition=edition).count()


@dataclass(frozen=True, slots=True)
class Collected:
    """A collector's quota and how much of it is taken."""

    quota: Quota
    room: quotas.Room
    waiting: int


def quotas_seen(actor: Actor, edition: Edition) -> list[Collected]:
    """The quotas the actor sees: all for the office; one's own and those below for a collector."""
    rows = Quota.objects.filter(edition=edition).select_related("organisation", "given_by")
    if not can_audit(actor, edition.pk):
        collectors = tree.collecting_for(actor, edition.pk)
        rows = rows.filter(organisation_id__in=tree.below(collectors))
    waits = dict(
        Submission.objects.filter(edition=edition, stage=Stage.HANDED_IN)
        .values_list("collector_id")
        .annotate(n=Count("pk"))
    )
    return [
        Collected(one, quotas.room_of(one), waits.get(one.organisation_id, 0))
        for one in rows.order_by("organisation__name_line", "pk")
    ]


@dataclass(frozen=True, slots=True)
class Company:
    """How the openings of one organisation below a collector stand."""

    id: UUID
    name: Any
    handed_in: int
    returned: int
    passed: int
    approved: int
    open: int

    @property
    def total(self) -> int:
        return self.handed_in + self.returned + self.passed + self.approved


def companies(actor: Actor, edition: Edition) -> list[Company]:
    """Counts a company, of those that take part; also of those that handed nothing in."""
    if can_audit(actor, edition.pk):
        taking_part = Participation.objects.filter(edition=edition, withdrawn_at__isnull=True)
        ids = set(taking_part.values_list("organisation_id", flat=True))
    else:
        seen = tree.below(tree.collecting_for(actor, edition.pk))
        ids = set(
            Participation.objects.filter(
                edition=edition, withdrawn_at__isnull=True, organisation_id__in=seen
            ).values_list("organisation_id", flat=True)
        )
    counts: dict[tuple[UUID, str], int] = {}
    for organisation, stage, n in (
        Submission.objects.filter(edition=edition, opening__organisation_id__in=ids)
        .values_list("opening__organisation_id", "stage")
        .annotate(n=Count("pk"))
    ):
        counts[organisation, stage] = n
    opened = dict(
        Opening.objects.filter(
            edition=edition, organisation_id__in=ids, state=OpeningState.OPEN
        ).values_list("organisation_id").annotate(n=Count("pk"))
    )  # fmt: skip
    names = tree.names(ids)
    found = [
        Company(
            id=pk,
            name=one.name,
            handed_in=counts.get((pk, Stage.HANDED_IN), 0),
            returned=counts.get((pk, Stage.RETURNED), 0),
            passed=counts.get((pk, Stage.PASSED), 0),
            approved=counts.get((pk, Stage.APPROVED), 0),
            open=opened.get(pk, 0),
        )
        for pk, one in names.items()
    ]
    return sorted(found, key=lambda one: (-one.total, str(one.name), str(one.id)))


@dataclass(frozen=True, slots=True)
class Mine:
    """One of the company's own openings: how far it is, and why it came back."""

    opening: Opening
    submission: Submission | None
    returned: Step | None

    @property
    def faults(self) -> list[Message]:
        return fault_labels(self.returned) if self.returned else []


def own_organisations(actor: Actor, edition: Edition) -> set[UUID]:
    """Whose openings the actor writes."""
    return actor.organisations(edition.pk, pending=True)


def to_hand_in(actor: Actor, edition: Edition) -> int:
    """How many drafts the actor can hand in now: where openings are reviewed, until the end."""
    own = {one for one in offers(actor, edition) if actor.acts_as(edition.pk, one, *WRITERS)}
    if not own or edition.over or not is_reviewed(edition.pk):
        return 0
    drafts = Opening.objects.filter(
        edition=edition, organisation_id__in=own, state=OpeningState.DRAFT
    )
    return drafts.filter(Q(submission=None) | Q(submission__stage=Stage.DRAFT)).count()


def mine(actor: Actor, edition: Edition) -> QuerySet[Opening]:
    """The openings of the actor's own organisations, those to be mended first."""
    rows = Opening.objects.filter(
        edition=edition, organisation_id__in=own_organisations(actor, edition)
    )
    return rows.select_related("organisation", "edition", "submission__collector").order_by(
        "title_line", "id"
    )


def with_reasons(openings: Iterable[Opening]) -> list[Mine]:
    """With the last reason of those that are to be mended, in one statement."""
    rows = [(one, getattr(one, "submission", None)) for one in openings]
    back = [s.pk for _o, s in rows if s is not None and s.stage == Stage.RETURNED]
    reasons = {
        one.submission_id: one
        for one in Step.objects.filter(submission_id__in=back, act=Act.RETURN).order_by("version")
    }
    return [Mine(one, s, reasons.get(s.pk) if s else None) for one, s in rows]


def fault_labels(step: Step) -> list[Message]:
    """Why it was returned, in the reader's language; own words stand beside."""
    return [Fault(one).label for one in step.faults if one in Fault.values and one != Fault.OTHER]


@dataclass(frozen=True, slots=True)
class Change:
    """A field of an open opening that is to change."""

    label: Message
    before: str
    after: str


def as_handed_in(actor: Actor, submission: Submission) -> Opening:
    """The opening as the actor may read it, for reading alone: what its own side writes on in a
    draft, while it was returned or is closed, collectors do not see."""
    found: Opening = submission.opening
    if submission.handed_in and not _reads_drafts(actor, submission):
        for name, value in submission.handed_in.items():
            setattr(found, name, contents.back(name, value))
    return found


def _reads_drafts(actor: Actor, submission: Submission) -> bool:
    found: Opening = submission.opening
    return (
        found.state == OpeningState.OPEN
        or fair.is_employer(actor, found)
        or can_audit(actor, submission.edition_id)
    )


_SEARCHED = ("opening__title_line", "opening__organisation__name_line", "opening__region")


def find(actor: Actor, rows: QuerySet[Submission], words: str) -> QuerySet[Submission]:
    """Those in whose title, organisation or place, as the actor may read them, each word stands:
    finding by the words of a draft would tell what it says."""
    wanted = words.casefold().split()[:8]
    unread = [
        one
        for one in rows.exclude(handed_in={}).select_related("opening__organisation")
        if not _reads_drafts(actor, one)
    ]
    said = {one.pk: _said(as_handed_in(actor, one)) for one in unread}
    told = [pk for pk, text in said.items() if all(word in text for word in wanted)]
    stored = find_words(rows.exclude(pk__in=list(said)), _SEARCHED, words)
    return rows.filter(Q(pk__in=stored.order_by().values("pk")) | Q(pk__in=told))


def _said(opening: Opening) -> str:
    titles = opening.title.texts().values()
    return "\n".join([*titles, opening.organisation.name_line, opening.region]).casefold()


def proposed_opening(actor: Actor, submission: Submission) -> Opening:
    """The same with the changes that wait."""
    found = as_handed_in(actor, submission)
    for name, value in submission.proposed.items():
        setattr(found, name, contents.back(name, value))
    return found


def changes(submission: Submission) -> list[Change]:
    """What waits of an open opening, field by field."""
    before = Opening.objects.get(pk=submission.opening_id)
    after = Opening.objects.get(pk=submission.opening_id)
    for name, value in submission.proposed.items():
        setattr(after, name, contents.back(name, value))
    return [
        Change(contents.FIELD_NAMES[name], show.field(name, before), show.field(name, after))
        for name in contents.RELEVANT
        if name in submission.proposed
    ]
