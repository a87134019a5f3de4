"""A submission from stage to stage. Locks are taken in one order: openings, submissions, quotas."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from talex.core.actor import Actor
from talex.core.clock import now
from talex.core.errors import Conflict, Invalid, Message, NotAllowed, NotFound
from talex.core.work import work
from talex.editions.models import Edition
from talex.fair import contents
from talex.fair import rules as fair
from talex.fair import services as openings
from talex.fair.choices import OpeningState
from talex.fair.collecting import mails, rules, tree
from talex.fair.collecting.models import Act, Fault, Stage, Step, Submission
from talex.fair.collecting.services import quotas
from talex.fair.models import Opening
from talex.fair.outside import suspended_or_refused
from talex.ledger.services import record

WORDS = 2000
#: Stages in which somebody else has it.
UNDER_REVIEW = (Stage.HANDED_IN, Stage.PASSED)


def seats_of(opening: Opening, proposed: dict[str, Any] | None = None) -> int:
    """How many people an opening looks for; one where it does not say."""
    said = (proposed or {}).get("headcount", opening.headcount)
    return int(said) if said else 1


def step(
    actor: Actor,
    submission: Submission,
    act: Act,
    *,
    faults: Sequence[str] = (),
    words: str = "",
    by_office: bool = False,
) -> None:
    """Save the submission, write its history and the ledger. In `work()`."""
    submission.changed_at = now()
    submission.version += 1
    submission.save()
    Step.objects.create(
        submission=submission, act=act, by=actor.id, faults=list(faults), words=words,
        by_office=by_office, version=submission.version,
    )  # fmt: skip
    record(
        f"fair.submission.{act.value}",
        actor=actor,
        edition=submission.edition_id,
        obj=submission,
        facts={
            "opening": str(submission.opening_id),
            "stage": str(submission.stage),
            "collector": str(submission.collector_id or ""),
            "places": str(submission.places),
        },
    )


def submit(actor: Actor, submission: Submission, opening: Opening) -> None:
    """Hand it to whoever collects for its organisation now, else to the office. In `work()`."""
    collector = tree.collector_of(submission.edition_id, opening.organisation_id)
    if opening.state != OpeningState.OPEN:
        submission.holds = False
    if submission.collector_id != collector:
        # What it takes of another collector's quota is not carried over.
        submission.holds = False
    submission.collector_id = collector
    submission.handed_in = {}
    submission.stage = Stage.HANDED_IN if collector else Stage.PASSED
    submission.places = (
        submission.places if submission.holds else seats_of(opening, submission.proposed)
    )
    step(actor, submission, Act.HAND_IN)


def _locked(edition: Edition, ids: Iterable[UUID]) -> list[Submission]:
    """Submissions by id, with their openings, locked in order. Raises `NotFound` for others."""
    wanted = set(ids)
    found = list(
        Submission.objects.select_for_update(of=("self",), no_key=True)
        .filter(edition=edition, pk__in=wanted)
        .select_related("opening__organisation", "opening__edition")
        .order_by("pk")
    )
    if not wanted or len(found) != len(wanted):
        raise NotFound
    return found


def _same(rows: Sequence[Submission], version: int | None) -> None:
    """One that was shown must be as it was shown."""
    if version is not None and any(one.version != version for one in rows):
        raise Conflict


def hand_in(actor: Actor, edition: Edition, opening: UUID) -> Submission:
    """A delegate hands an opening in, for the first time or mended."""
    own = _own(actor, edition, opening)
    if not Submission.objects.filter(opening_id=own, stage__in=UNDER_REVIEW).exists():
        openings.set_openings_state(actor, edition, [own], OpeningState.OPEN)
    with work():
        about = Submission.objects.select_for_update(of=("self",), no_key=True)
        found = about.filter(opening_id=opening).select_related("opening").first()
        if found is None:
            raise Conflict(_("Openings of this conference are not reviewed: it is open."))
        if found.stage == Stage.RETURNED:
            # It is open; what was returned are changes that wait.
            submit(actor, found, found.opening)
    return found


def _own(actor: Actor, edition: Edition, pk: UUID) -> UUID:
    opening = Opening.objects.filter(edition=edition, pk=pk).first()
    if opening is None or not fair.can_see_opening(actor, opening):
        raise NotFound
    if not fair.can_edit_opening(actor, opening):
        raise NotAllowed
    return opening.pk


def take_back(actor: Actor, edition: Edition, pk: UUID) -> Submission:
    """The company takes back what was not approved yet; an open opening stays as it was."""
    with work():
        (one,) = _locked(edition, [pk])
        if not rules.can_see(actor, one):
            raise NotFound
        if not fair.can_edit_opening(actor, one.opening):
            raise NotAllowed
        if one.stage not in (*UNDER_REVIEW, Stage.RETURNED):
            raise Conflict(_("There is nothing to take back."))
        drop(actor, one, one.opening)
    return one


def drop(actor: Actor, submission: Submission, opening: Opening) -> None:
    """What waits is withdrawn: back to what is approved, or to a draft. In `work()`."""
    submission.proposed, submission.handed_in = {}, {}
    is_open = opening.state == OpeningState.OPEN
    submission.stage = Stage.APPROVED if is_open else Stage.DRAFT
    submission.holds = submission.holds and is_open
    step(actor, submission, Act.TAKE_BACK)


def pass_on(
    actor: Actor, edition: Edition, ids: Iterable[UUID], *, version: int | None = None
) -> int:
    """A collector passes submissions on to the office: all of them, or none where they exceed the
    quota. Two at once wait for each other on the quota's row."""
    with work():
        rows = _locked(edition, ids)
        if not all(rules.can_see(actor, one) for one in rows):
            raise NotFound
        if not all(rules.can_collect(actor, one) for one in rows):
            raise NotAllowed
        _same(rows, version)
        if any(one.stage != Stage.HANDED_IN for one in rows):
            raise Conflict(_("Not all of them wait with you any more. Load the page again."))
        _check_allowed(edition, rows)
        for collector in sorted({one.collector_id for one in rows if one.collector_id}):
            here = [one for one in rows if one.collector_id == collector]
            wanted = [seats_of(one.opening, one.proposed) for one in here]
            held = sum(one.places for one in here if one.holds)
            fresh = sum(not one.holds for one in here)
            quotas.take(edition.pk, collector, fresh, sum(wanted) - held)
            for one, seats in zip(here, wanted, strict=True):
                one.stage, one.holds, one.places = Stage.PASSED, True, seats
                step(actor, one, Act.PASS)
    return len(rows)


def _check_allowed(edition: Edition, rows: Sequence[Submission]) -> None:
    """Raises `Conflict` for what nobody could open: it would take up the quota for nothing."""
    theirs = {one.opening.organisation_id: one.opening.organisation for one in rows}
    for pk in sorted(suspended_or_refused(edition, theirs)):
        raise Conflict(
            _("The office has refused or suspended %(name)s: nothing of it opens. Return it.")
            % {"name": theirs[pk].name}
        )


@dataclass(frozen=True, slots=True)
class Return:
    """Give back to be mended: reasons that are read in the company's language, and own words."""

    submissions: Sequence[UUID]
    faults: Sequence[str]
    words: str = ""
    version: int | None = None


def return_submissions(actor: Actor, edition: Edition, command: Return) -> int:
    """The collector returns what waits with it, the office what was passed on."""
    words = command.words.strip()
    faults: dict[str, Message] = {}
    if not command.faults or not set(command.faults) <= set(Fault.values):
        faults["faults"] = _("Say what is to be mended: choose at least one reason.")
    elif Fault.OTHER in command.faults and not words:
        faults["words"] = _("Say in your own words what is to be mended.")
    if len(words) > WORDS:
        faults["words"] = _("Keep it to 2,000 signs.")
    if faults:
        raise Invalid(faults)
    with work():
        rows = _locked(edition, command.submissions)
        if not all(rules.can_see(actor, one) for one in rows):
            raise NotFound
        _same(rows, command.version)
        office = rules.can_approve(actor, edition.pk)
        for one in rows:
            by_office = one.stage == Stage.PASSED
            if one.stage not in UNDER_REVIEW:
                raise Conflict(_("Not all of them wait any more. Load the page again."))
            if not (office if by_office else office or rules.can_collect(actor, one)):
                raise NotAllowed
            one.stage = Stage.RETURNED
            # What is open stays open, and keeps its place.
            one.holds = one.holds and one.opening.state == OpeningState.OPEN
            step(
                actor, one, Act.RETURN,
                faults=[f for f in Fault.values if f in command.faults], words=words,
                by_office=office,
            )  # fmt: skip
        mails.returned(edition, rows, command.faults, words)
    return len(rows)


@dataclass(frozen=True, slots=True)
class Approved:
    """How many are open now; `left`: their organisation was not let in yet, or does not take
    part any more."""

    done: int
    left: int


def approve(
    actor: Actor, edition: Edition, ids: Iterable[UUID], *, version: int | None = None
) -> Approved:
    """The office approves what was passed on: it is open, with the changes that waited."""
    if not rules.can_approve(actor, edition.pk):
        raise NotAllowed
    wanted = set(ids)
    with work():
        about = Submission.objects.filter(edition=edition, pk__in=wanted).values("opening_id")
        list(Opening.objects.select_for_update().filter(pk__in=about).order_by("pk").only("pk"))
        rows = _locked(edition, wanted)
        _same(rows, version)
        if any(one.stage != Stage.PASSED for one in rows):
            raise Conflict(_("Not all of them wait for the office. Load the page again."))
        if len(rows) == 1:
            _check_allowed(edition, rows)
        done = [one for one in rows if _opened(actor, edition, one)]
        if rows and not done and len(rows) == 1:
            raise Conflict(_("Let the organisation in first: it waits for the office."))
        mails.approved(edition, done)
    return Approved(len(done), len(rows) - len(done))


def _opened(actor: Actor, edition: Edition, submission: Submission) -> bool:
    values = contents.of_opening(submission.opening) | dict(submission.proposed)
    opening = submission.opening
    command = openings.SaveOpening(
        organisation=opening.organisation_id,
        **{name: contents.back(name, value) for name, value in values.items()},
        interviews_wanted=opening.interviews_wanted,
        mode=opening.mode,
        state=OpeningState.OPEN,
        id=opening.pk,
    )
    try:
        # It marks the submission as approved (`gate.Gate.saved`).
        openings.save_opening(actor, edition, command)
    except Invalid as fault:
        if {"state", "organisation"} & set(fault.fields):
            return False
        raise
    return True
