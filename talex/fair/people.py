"""What the fair does when two records become one, and when a person is erased."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Exists, Model, OuterRef
from django.utils.translation import gettext_lazy as _

from talex.core.actor import Actor
from talex.core.clock import now
from talex.core.errors import Message
from talex.core.masking import masked
from talex.fair import disclosing
from talex.fair.choices import STANDING, EndedBy, InterestState, MatchState, Side
from talex.fair.hiding import hide_contact
from talex.fair.models import (
    Alert,
    Block,
    Hidden,
    Interest,
    Match,
    Opening,
    Refusal,
    SavedSearch,
    SearchHit,
    Shortlisting,
    Statement,
    Suspension,
    TalentCoverage,
    TextVector,
)
from talex.fair.services.ending import end_waiting, record_planned
from talex.meetings.models import Meeting
from talex.participants.models import Person, Talent

#: Of two proposals for one opening the one with the more weighty decision stays.
WEIGHT = {MatchState.APPROVED.value: 3, MatchState.REJECTED.value: 2, MatchState.PROPOSED.value: 1}

#: What a merge moves by the ids of its rows.
MOVED: dict[str, type[Model]] = {
    "interests": Interest, "matches": Match, "hidden": Hidden, "refusals": Refusal,
    "shortlisted": Shortlisting, "blocks": Block,
}  # fmt: skip

#: And of a merge of organisations.
OF_ORGANISATION: dict[str, type[Model]] = {
    "openings": Opening, "blocks": Block, "suspensions": Suspension,
}  # fmt: skip


def _pairs(keep: UUID, gone: UUID) -> list[tuple[UUID, UUID]]:
    """(talent that stays, talent that was merged into it) of two merged persons."""
    rows = Talent.objects.filter(person_id=gone, merged_into__person_id=keep)
    return [(row.merged_into_id, row.pk) for row in rows if row.merged_into_id is not None]


def _suspended(keep: UUID, gone: UUID) -> list[str]:
    """A suspension follows the person; where both are suspended each row stays."""
    there = Suspension.objects.filter(
        person_id=keep, edition=OuterRef("edition_id"), lifted_at__isnull=True
    )
    rows = Suspension.objects.filter(~Exists(there), person_id=gone)
    pks = [str(pk) for pk in rows.values_list("pk", flat=True)]
    Suspension.objects.filter(pk__in=pks).update(person_id=keep)
    return pks


def _end_of_suspended(actor: Actor, keep: UUID) -> None:
    """What either record asked ends where the person is suspended, as it does with a decision;
    taking the merge back does not ask again."""
    standing = Suspension.objects.filter(
        person_id=keep, edition=OuterRef("edition_id"), lifted_at__isnull=True
    )
    asked = Interest.objects.filter(talent__person_id=keep, side=Side.TALENT)
    end_waiting(actor, asked.filter(Exists(standing)), EndedBy.OFFICE)


class PersonsMerge:
    """Interests, proposals and hidden openings follow the talent record they belong to."""

    name = "fair.persons"
    kind = "person"

    def clashes(self, keep: UUID, gone: UUID) -> Sequence[Message]:
        """Two agreed meetings about the same opening cannot both be one person's."""
        agreed = {
            person: set(
                Interest.objects.filter(
                    talent__person_id=person, state=InterestState.ACCEPTED
                ).values_list("opening_id", flat=True)
            )
            for person in (keep, gone)
        }
        both = Opening.objects.filter(pk__in=agreed[keep] & agreed[gone])
        return [
            _("Both agreed to meet about the same opening: %(title)s. Take one of the two back.")
            % {"title": opening.title}
            for opening in both
        ]

    def merge(self, actor: Actor, keep: UUID, gone: UUID) -> Mapping[str, Any]:
        moved: dict[str, list[Any]] = {
            "interests": [], "matches": [], "hidden": [], "states": [], "twice": [],
            "refusals": [], "shortlisted": [], "blocks": [],
        }  # fmt: skip
        moved["suspensions"] = _suspended(keep, gone)
        for stays, goes in _pairs(keep, gone):
            self._interests(stays, goes, moved)
            self._matches(stays, goes, moved)
            self._hidden(stays, goes, moved)
            self._refusals(stays, goes, moved)
            self._kept_apart(stays, goes, moved)
        _end_of_suspended(actor, keep)
        return moved

    def _interests(self, stays: UUID, goes: UUID, moved: dict[str, list[Any]]) -> None:
        there = {
            one.opening_id: one
            for one in Interest.objects.filter(talent_id=stays, state__in=STANDING)
        }
        for one in Interest.objects.filter(talent_id=goes):
            other = there.get(one.opening_id)
            if one.state in STANDING and other is not None:
                # An agreement wins over a question; else the record that stays keeps its own.
                loser = other if one.state == InterestState.ACCEPTED else one
                moved["states"].append(["interest", str(loser.pk), loser.state])
                loser.state = InterestState.WITHDRAWN
                loser.save(update_fields=["state"])
            moved["interests"].append([str(one.pk), str(goes)])
            Interest.objects.filter(pk=one.pk).update(talent_id=stays)

    def _matches(self, stays: UUID, goes: UUID, moved: dict[str, list[Any]]) -> None:
        there = {
            one.opening_id: one
            for one in Match.objects.filter(talent_id=stays)
            .exclude(state=MatchState.SUPERSEDED)
            .only("id", "opening_id", "state")
        }
        for one in Match.objects.filter(talent_id=goes).only("id", "opening_id", "state"):
            other = there.get(one.opening_id)
            if one.state != MatchState.SUPERSEDED and other is not None:
                loser = other if WEIGHT[one.state] > WEIGHT[other.state] else one
                moved["states"].append(["match", str(loser.pk), loser.state])
                loser.state = MatchState.SUPERSEDED
                loser.save(update_fields=["state"])
            moved["matches"].append([str(one.pk), str(goes)])
            Match.objects.filter(pk=one.pk).update(talent_id=stays)

    def _hidden(self, stays: UUID, goes: UUID, moved: dict[str, list[Any]]) -> None:
        there = Hidden.objects.filter(
            talent_id=stays, opening=OuterRef("opening_id"), side=OuterRef("side")
        )
        twice = Hidden.objects.filter(Exists(there), talent_id=goes)
        moved["twice"] += [[str(goes), str(row.opening_id), row.side] for row in twice]
        twice.delete()
        rows = Hidden.objects.filter(talent_id=goes)
        moved["hidden"] += [[str(pk), str(goes)] for pk in rows.values_list("pk", flat=True)]
        rows.update(talent_id=stays)

    def _refusals(self, stays: UUID, goes: UUID, moved: dict[str, list[Any]]) -> None:
        """What both records refused stays with each: the pair is closed either way."""
        there = Refusal.objects.filter(
            talent_id=stays, opening=OuterRef("opening_id"), side=OuterRef("side")
        )
        rows = Refusal.objects.filter(~Exists(there), talent_id=goes)
        pks = list(rows.values_list("pk", flat=True))
        moved["refusals"] += [[str(pk), str(goes)] for pk in pks]
        Refusal.objects.filter(pk__in=pks).update(talent_id=stays)

    def _kept_apart(self, stays: UUID, goes: UUID, moved: dict[str, list[Any]]) -> None:
        """Shortlists and blocks of the record that goes; what both have stays with each."""
        twice = Shortlisting.objects.filter(talent_id=stays, opening=OuterRef("opening_id"))
        listed = Shortlisting.objects.filter(~Exists(twice), talent_id=goes)
        same = Block.objects.filter(
            talent_id=stays, organisation=OuterRef("organisation_id"), side=OuterRef("side")
        )
        blocks = Block.objects.filter(~Exists(same), talent_id=goes)
        for name, rows in (("shortlisted", listed), ("blocks", blocks)):
            pks = list(rows.values_list("pk", flat=True))
            moved[name] += [[str(pk), str(goes)] for pk in pks]
            MOVED[name]._default_manager.filter(pk__in=pks).update(talent_id=stays)

    def undo(self, actor: Actor, keep: UUID, gone: UUID, moved: Mapping[str, Any]) -> None:
        """Rows go back to the record they came from, with the state they had."""
        Suspension.objects.filter(pk__in=moved.get("suspensions", [])).update(person_id=gone)
        for name, model in MOVED.items():
            by_talent: dict[str, list[str]] = {}
            for pk, talent in moved.get(name, []):
                by_talent.setdefault(talent, []).append(pk)
            for talent, pks in by_talent.items():
                model._default_manager.filter(pk__in=pks).update(talent_id=talent)
        for what, pk, state in moved.get("states", []):
            if what == "interest":
                Interest.objects.filter(pk=pk, state=InterestState.WITHDRAWN).update(state=state)
            else:
                Match.objects.filter(pk=pk, state=MatchState.SUPERSEDED).update(state=state)
        for talent, opening, *side in moved.get("twice", []):
            # A merge of before delegates could hide somebody has no side.
            Hidden.objects.get_or_create(
                talent_id=talent, opening_id=opening, side=side[0] if side else Side.TALENT
            )


class OrganisationsMerge:
    """Openings follow their organisation."""

    name = "fair.organisations"
    kind = "organisation"

    def clashes(self, keep: UUID, gone: UUID) -> Sequence[Message]:
        return []

    def merge(self, actor: Actor, keep: UUID, gone: UUID) -> Mapping[str, Any]:
        same = Block.objects.filter(
            organisation_id=keep, talent=OuterRef("talent_id"), side=OuterRef("side")
        )
        there = Suspension.objects.filter(
            organisation_id=keep, edition=OuterRef("edition_id"), lifted_at__isnull=True
        )
        found: dict[str, list[str]] = {}
        for name, rows in (
            ("openings", Opening.objects.filter(organisation_id=gone)),
            ("blocks", Block.objects.filter(~Exists(same), organisation_id=gone)),
            ("suspensions", Suspension.objects.filter(~Exists(there), organisation_id=gone)),
        ):
            found[name] = [str(pk) for pk in rows.values_list("pk", flat=True)]
            OF_ORGANISATION[name]._default_manager.filter(pk__in=found[name]).update(
                organisation_id=keep
            )
        return found

    def undo(self, actor: Actor, keep: UUID, gone: UUID, moved: Mapping[str, Any]) -> None:
        for name, model in OF_ORGANISATION.items():
            model._default_manager.filter(pk__in=moved.get(name, [])).update(organisation_id=gone)


class PersonsErase:
    """What was written goes, and what was computed from it; that somebody met stays."""

    name = "fair.persons"

    def erase(self, actor: Actor, person: UUID) -> Mapping[str, int]:
        interests = Interest.objects.filter(talent__person_id=person)
        # Recorded, so that the other side hears of it as of one taken back.
        end_waiting(actor, interests, EndedBy.LEFT)
        # What was agreed is off with them, unless they met: then it is history.
        held = Meeting.objects.filter(
            request__parties__person=person, status=Meeting.Status.HELD
        ).values("request__subject_id")
        matches = Match.objects.filter(talent__person_id=person)
        over = Meeting.objects.filter(request__parties__person=person, starts_at__lte=now())
        coming = matches.exclude(opening_id__in=over.values("request__subject_id"))
        record_planned(actor, coming, EndedBy.LEFT)
        agreed = interests.exclude(opening_id__in=held)
        end_waiting(actor, agreed, EndedBy.LEFT, InterestState.ACCEPTED)
        words = interests.exclude(message="", answer="").update(message="", answer="")
        reasons = matches.filter(state=MatchState.APPROVED).update(reasons=[], components=[])
        proposals = matches.exclude(state=MatchState.APPROVED).delete()[0]
        hidden = Hidden.objects.filter(talent__person_id=person).delete()[0]
        refusals = Refusal.objects.filter(talent__person_id=person).delete()[0]
        listed = Shortlisting.objects.filter(talent__person_id=person).delete()[0]
        blocks = Block.objects.filter(talent__person_id=person).delete()[0]
        Suspension.objects.filter(person_id=person).exclude(reason="").update(reason="")
        accounts = Person.objects.filter(pk=person, user__isnull=False).values("user_id")
        searches = SavedSearch.objects.filter(owner_id__in=accounts)
        kept = searches.count()
        searches.delete()
        Alert.objects.filter(owner_id__in=accounts).delete()
        vectors = TextVector.objects.filter(subject=person).delete()[0]
        return {
            "messages": words,
            "proposals": proposals + reasons,
            "hidden openings": hidden,
            "refusals": refusals,
            "shortlists": listed,
            "blocks": blocks,
            "saved searches": kept,
            "text vectors": vectors,
        }

    def export(self, person: UUID) -> Mapping[str, Any]:
        interests = Interest.objects.filter(talent__person_id=person).select_related("opening")
        agreed = disclosing.agreed_pairs((one.talent_id, one.opening_id) for one in interests)
        words = {
            one.pk: disclosing.words_for(
                Side.TALENT, one, agreed=(one.talent_id, one.opening_id) in agreed
            )
            for one in interests
        }
        matches = Match.objects.filter(talent__person_id=person).select_related("opening")
        accounts = list(
            Person.objects.filter(pk=person, user__isnull=False).values_list("user_id", flat=True)
        )
        return {
            "interests": [
                {
                    "opening": one.opening.shown_title.texts(),
                    "asked_by": one.side,
                    "asked_at": one.asked_at.isoformat(),
                    "state": one.state,
                    "message": words[one.pk].message,
                    "answer": words[one.pk].answer,
                    "decline_reason": one.decline_reason,
                }
                for one in interests
            ],
            "shortlisted_for": [
                {"opening": one.opening.shown_title.texts(), "made_at": one.made_at.isoformat()}
                for one in Shortlisting.objects.filter(
                    talent__person_id=person, told=True
                ).select_related("opening")
            ],
            "blocked": [
                {"organisation": one.organisation.name.texts(), "made_at": one.made_at.isoformat()}
                for one in Block.objects.filter(
                    talent__person_id=person, side=Side.TALENT
                ).select_related("organisation")
            ],
            "suspended": [
                {
                    "reason": one.reason,
                    "made_at": one.made_at.isoformat(),
                    "lifted_at": one.lifted_at.isoformat() if one.lifted_at else None,
                }
                for one in Suspension.objects.filter(person_id=person)
            ],
            "proposals": [
                {
                    "opening": one.opening.shown_title.texts(),
                    "score": str(one.score),
                    "state": one.state,
                    "reasons": masked(one.reasons, hide_contact),
                }
                for one in matches.exclude(state=MatchState.SUPERSEDED)
            ],
            "saved_searches": [
                {"name": one.name, "wanted": one.wanted, "paused": one.paused}
                for one in SavedSearch.objects.filter(owner_id__in=accounts)
            ],
            "found_by_searches": [
                {
                    "search": one.search.name,
                    "opening": one.opening.shown_title.texts(),
                    "found_at": one.found_at,
                }
                for one in SearchHit.objects.filter(search__owner_id__in=accounts)
                .select_related("search", "opening")
                .order_by("found_at", "id")
            ],
            "alerts": list(
                Alert.objects.filter(owner_id__in=accounts).values(
                    "edition__slug", "state", "made_at", "sent_at"
                )
            ),
            "hidden_openings": [
                {"opening": one.opening.shown_title.texts(), "hidden_at": one.hidden_at}
                for one in Hidden.objects.filter(
                    talent__person_id=person, side=Side.TALENT
                ).select_related("opening")
            ],
            "how_matching_went": list(
                TalentCoverage.objects.filter(talent__person_id=person)
                .order_by("run")
                .values(
                    "edition__slug", "proposals", "admissible", "excluded", "why", "wanted", "best"
                )
            ),
            "said_after_meetings": list(
                Statement.objects.filter(
                    side=Side.TALENT,
                    meeting__request__parties__person_id=person,
                    meeting__request__parties__side=Side.TALENT,
                ).values("meeting", "kind", "yes", "said_at")
            ),
            "refused": [
                {
                    "opening": one.opening.shown_title.texts(),
                    "reason": one.reason,
                    "note": one.note,
                    "made_at": one.made_at.isoformat(),
                }
                for one in Refusal.objects.filter(
                    talent__person_id=person, side=Side.TALENT
                ).select_related("opening")
            ],
        }
