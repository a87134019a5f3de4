"""The port of `fair.reviewing`: what an organisation opens is handed in, where it is reviewed.

Open means approved: the office opens, or an opening is opened again as it was approved. A change of
an open opening waits in its submission, and what is open stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from talex.core.actor import Actor
from talex.core.errors import Invalid
from talex.editions.rules import is_office
from talex.fair import contents
from talex.fair.choices import OpeningState
from talex.fair.collecting import standing, tree
from talex.fair.collecting.models import Act, Stage, Submission
from talex.fair.collecting.services import quotas
from talex.fair.collecting.services.submissions import (
    UNDER_REVIEW,
    drop,
    seats_of,
    step,
    submit,
)
from talex.fair.collecting.services.switching import is_reviewed
from talex.fair.models import Opening
from talex.fair.reviewing import Held, Standing


@dataclass(frozen=True, slots=True)
class Plan:
    """What follows once an opening is saved. `act`: hand in, take back, approve, or nothing;
    `proposed`: changes that wait; `digest`: of what was approved and is no longer open; `kept`:
    what its collectors go on reading (`Submission.handed_in`), None where that stays as it is."""

    act: str = ""
    proposed: Mapping[str, Any] | None = None
    digest: str | None = None
    kept: Mapping[str, Any] | None = None
    reopened: bool = False
    closed: bool = False


def _of(opening: Opening, *, make: bool = False) -> Submission | None:
    rows = Submission.objects.select_for_update(of=("self",), no_key=True)
    found = rows.filter(opening_id=opening.pk).first()
    if found is None and make:
        found = Submission(opening=opening, edition_id=opening.edition_id)
        found.save(force_insert=True)
    return found


def _kept(
    known: Submission | None, opening: Opening, after: Mapping[str, Any]
) -> Mapping[str, Any] | None:
    """What collectors go on reading while the opening's own side writes `after` as a draft."""
    if known is None or known.stage not in (Stage.RETURNED, Stage.APPROVED):
        return None
    before = contents.of_opening(opening)
    changed = bool(contents.changes(before, after))
    if opening.state == OpeningState.OPEN:
        return before if changed else {}
    return before if changed and not known.handed_in else None


class Gate:
    """Registered in `AppConfig.ready()`."""

    def asked(self, actor: Actor, edition: UUID) -> bool:
        return not is_office(actor, edition) and is_reviewed(edition)

    def hold(
        self, actor: Actor, opening: Opening, values: Mapping[str, Any], state: str, *, fresh: bool
    ) -> Held:
        """The office's word counts at once; an organisation's is handed in where it is reviewed."""
        kept: Mapping[str, Any] | None
        if is_office(actor, opening.edition_id):
            closed = opening.state == OpeningState.OPEN and state != OpeningState.OPEN
            act = "approve" if state == OpeningState.OPEN else ""
            kept = {} if OpeningState.OPEN in (opening.state, state) else None
            return Held(values, state, Plan(act, kept=kept, closed=closed))
        after = contents.contents(values)
        if not is_reviewed(opening.edition_id):
            if fresh:
                return Held(values, state)
            kept = {} if state == OpeningState.OPEN else _kept(_of(opening), opening, after)
            return Held(values, state, Plan(kept=kept))
        if not fresh and opening.state == OpeningState.OPEN:
            return self._of_an_open(opening, values, after, state)
        known = None if fresh else _of(opening)
        if state != OpeningState.OPEN:
            waits = known is not None and known.stage in UNDER_REVIEW
            kept = _kept(known, opening, after)
            return Held(values, state, Plan("take_back" if waits else "", kept=kept))
        if known and known.approved_digest == contents.digest_of(after):
            return Held(values, state, Plan(reopened=True, kept={}))
        return Held(values, OpeningState.DRAFT, Plan("hand_in"))

    def _of_an_open(
        self, opening: Opening, values: Mapping[str, Any], after: dict[str, Any], state: str
    ) -> Held:
        # The organisation is set already, as asked for.
        kept = Opening.objects.filter(pk=opening.pk, organisation_id=opening.organisation_id)
        if not kept.exists():
            told = _("Close the opening before you give it to another organisation.")
            raise Invalid({"organisation": told})
        before = contents.of_opening(opening)
        if state != OpeningState.OPEN:
            plan = Plan(
                digest=contents.digest_of(before),
                kept=_kept(_of(opening), opening, after),
                closed=True,
            )
            return Held(values, state, plan)
        changed = contents.changes(before, after)
        written = {k: v for k, v in values.items() if k not in contents.RELEVANT}
        if changed:
            return Held(written, state, Plan("hand_in", changed))
        known = _of(opening)
        waits = known is not None and bool(known.proposed)
        return Held(written, state, Plan("take_back" if waits else ""))

    def saved(self, actor: Actor, opening: Opening, held: Held) -> None:
        plan = held.plan
        if not isinstance(plan, Plan):
            return
        if plan.kept is not None:
            Submission.objects.filter(opening_id=opening.pk).update(handed_in=dict(plan.kept))
        if plan.closed:
            self._closed(actor, opening, plan.digest)
        if plan.reopened:
            self._reopened(opening)
        if plan.act == "hand_in":
            found = _of(opening, make=True)
            assert found is not None
            found.proposed = dict(plan.proposed or {})
            submit(actor, found, opening)
        elif plan.act == "take_back" and (found := _of(opening)):
            drop(actor, found, opening)
        elif plan.act == "approve":
            self._approved(actor, opening)

    def _approved(self, actor: Actor, opening: Opening) -> None:
        """The office opened it, or approved the changes that waited."""
        found = _of(opening)
        if found is None or found.stage == Stage.APPROVED:
            return
        said = contents.of_opening(opening)
        if contents.changes(said, said | found.proposed):
            # The office changed something else of an open opening: what waits goes on waiting.
            return
        found.proposed, found.stage = {}, Stage.APPROVED
        step(actor, found, Act.APPROVE, by_office=True)

    def _closed(self, actor: Actor, opening: Opening, digest: str | None) -> None:
        """It takes no place any more; with a digest its side may open it again as it was."""
        found = _of(opening, make=digest is not None)
        if found is None:
            return
        if digest is not None:
            found.approved_digest = digest
        found.holds = False
        if found.proposed or found.stage in UNDER_REVIEW:
            drop(actor, found, opening)
        else:
            if found.stage != Stage.APPROVED:
                found.stage = Stage.DRAFT
            found.version += 1
            found.save()

    def _reopened(self, opening: Opening) -> None:
        """Open again as it was approved: where it is collected, a place must be left."""
        found = _of(opening)
        assert found is not None
        collector = tree.collector_of(opening.edition_id, opening.organisation_id)
        if collector is not None:
            quotas.take(opening.edition_id, collector, 1, seats_of(opening))
        found.collector_id, found.holds = collector, collector is not None
        found.places, found.stage = seats_of(opening), Stage.APPROVED
        found.version += 1
        found.save()

    def waiting(self, actor: Actor, openings: Sequence[Opening], state: str) -> set[UUID]:
        """Under review, and asked to be opened by who needs an approval for it."""
        if state != OpeningState.OPEN or not openings:
            return set()
        if not self.asked(actor, openings[0].edition_id):
            return set()
        rows = Submission.objects.filter(
            opening_id__in=[one.pk for one in openings], stage__in=UNDER_REVIEW
        )
        return set(rows.values_list("opening_id", flat=True))

    def states(self, actor: Actor, openings: Sequence[Opening], state: str) -> list[Opening]:
        """Opened, closed or made a draft by the list. What was never handed in and does not wait
        is not looked at one by one."""
        if not openings:
            return []
        asked = self.asked(actor, openings[0].edition_id)
        stages = dict(
            Submission.objects.filter(opening_id__in=[one.pk for one in openings]).values_list(
                "opening_id", "stage"
            )
        )
        there: list[Opening] = []
        for opening in openings:
            stage = stages.get(opening.pk)
            if (not asked and stage is None) or self._one(actor, opening, state):
                there.append(opening)
        return there

    def _one(self, actor: Actor, opening: Opening, state: str) -> bool:
        """Whether its state changes now; else it was handed in."""
        values = {name: getattr(opening, name) for name in contents.RELEVANT}
        held = self.hold(actor, opening, values, state, fresh=False)
        before, opening.state = opening.state, held.state
        self.saved(actor, opening, held)
        opening.state = before
        return held.state == state

    def proposed(self, opening: Opening) -> Mapping[str, Any]:
        waiting = Submission.objects.filter(opening_id=opening.pk).values_list(
            "proposed", flat=True
        )
        found = waiting.first() or {}
        return {name: contents.back(name, value) for name, value in found.items()}

    def standing(self, actor: Actor, opening: Opening) -> Standing | None:
        return standing.standing(actor, opening)
