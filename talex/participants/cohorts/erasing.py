"""An erased person leaves no name in a university's list; a merged person's memberships move."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q

from talex.accounts.models import normal_email
from talex.core.actor import Actor
from talex.core.errors import Message
from talex.participants.cohorts.models import Member, PendingJoin, RollDraft, RollEntry
from talex.participants.models import Person, Talent


def _address_and_user(person: UUID) -> tuple[str, UUID | None]:
    found = Person.objects.filter(pk=person).values_list("email", "user_id").first()
    return (normal_email(found[0]), found[1]) if found else ("", None)


def _lines(person: UUID, address: str) -> Any:
    named = Q(email=address) if address else Q(pk__in=[])
    return RollEntry.objects.filter(named | Q(member__talent__person_id=person))


class CohortsErase:
    """Lines of lists, student numbers and reasons go; that somebody was a member is counted."""

    name = "cohorts.members"

    def erase(self, actor: Actor, person: UUID) -> Mapping[str, int]:
        address, user = _address_and_user(person)
        gone: Counter[str] = Counter()
        gone["lines of lists"] = _lines(person, address).delete()[0]
        for draft in RollDraft.objects.exclude(rows=[]) if address else ():
            kept = [row for row in draft.rows if row["email"] != address]
            if len(kept) < len(draft.rows):
                draft.rows = kept
                draft.save(update_fields=["rows"])
        Member.objects.filter(talent__person_id=person).update(student_number="", why="", reason="")
        if user is not None:
            gone["joins"] = PendingJoin.objects.filter(user_id=user).delete()[0]
        return gone

    def export(self, person: UUID) -> Mapping[str, Any]:
        address, user = _address_and_user(person)
        waiting = PendingJoin.objects.filter(user_id=user) if user else PendingJoin.objects.none()
        return {
            "cohorts": list(
                Member.objects.filter(talent__person_id=person).values(
                    "cohort__organisation__name_line", "cohort__year", "student_number", "state",
                    "why", "reason", "joined_at", "decided_at",
                )
            ),
            "lines of lists": list(
                _lines(person, address).values(
                    "cohort__organisation__name_line", "name", "email", "student_number", "degree",
                    "language", "invited_at", "used_at",
                )
            ),
            "joins": list(
                waiting.values("cohort__organisation__name_line", "student_number", "created_at")
            ),
        }  # fmt: skip


class CohortsMerge:
    """Memberships follow the registration that another one was merged into."""

    name = "cohorts.members"
    kind = "person"

    def clashes(self, keep: UUID, gone: UUID) -> Sequence[Message]:
        return []

    def merge(self, actor: Actor, keep: UUID, gone: UUID) -> Mapping[str, Any]:
        moved = []
        merged = Talent.objects.filter(person_id=gone, merged_into__isnull=False)
        for talent in merged:
            for member in Member.objects.filter(talent=talent):
                target = talent.merged_into_id
                if target is None:
                    continue
                # Of two in the same cohort the kept record's own stands.
                there = Member.objects.filter(talent_id=target, cohort_id=member.cohort_id)
                if there.exists():
                    continue
                member.talent_id = target
                member.save(update_fields=["talent"])
                moved.append([str(member.pk), str(talent.pk)])
        return {"members": moved}

    def undo(self, actor: Actor, keep: UUID, gone: UUID, moved: Mapping[str, Any]) -> None:
        for member, talent in moved.get("members", ()):
            Member.objects.filter(pk=member).update(talent=talent)
