"""An erased person's papers go, the decisions stay; a merged person's cases move."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q

from talex.accounts.models import normal_email
from talex.core.actor import Actor
from talex.core.errors import Message
from talex.core.models import Upload
from talex.participants.credentials.models import (
    Case,
    DelegateInvitation,
    Draft,
    JoinRequest,
    Paper,
)
from talex.participants.credentials.services.cases import PURPOSE, forget
from talex.participants.models import Person, Talent


class CasesErase:
    """Papers, notes, drafts and requests to be let in."""

    name = "credentials.cases"

    def erase(self, actor: Actor, person: UUID) -> Mapping[str, int]:
        gone: Counter[str] = Counter()
        for case in Case.objects.filter(talent__person_id=person):
            for paper in case.papers.filter(upload__isnull=False):
                forget(paper)
                gone["documents"] += 1
            case.note, case.opened_by, case.accepted = "", None, {}
            case.facts.pop("answer", None)
            case.save(update_fields=["note", "opened_by", "accepted", "facts"])
        user = _user_of(person)
        if user is not None:
            gone["drafts"] = Draft.objects.filter(user_id=user).delete()[0]
            gone["requests to be let in"] = JoinRequest.objects.filter(user_id=user).delete()[0]
            Case.objects.filter(opened_by=user).update(opened_by=None)
        address = _address_of(person)
        if address:
            gone["invitations"] = DelegateInvitation.objects.filter(email=address).delete()[0]
        return gone

    def export(self, person: UUID) -> Mapping[str, Any]:
        user = _user_of(person)
        return {
            "cases": [
                {
                    "kind": case.kind,
                    "state": case.state,
                    "submitted_at": case.submitted_at,
                    "decided_at": case.decided_at,
                    "reason": case.reason,
                    "note": case.note,
                    "answer": case.facts.get("answer", ""),
                    "accepted": case.accepted,
                    "valid_until": case.valid_until,
                    "documents": list(
                        case.papers.values("kind", "name", "size", "sha256", "removed_at")
                    ),
                }
                for case in Case.objects.filter(talent__person_id=person).order_by("opened_at")
            ],
            "invitations": list(
                DelegateInvitation.objects.filter(email=_address_of(person) or None).values(
                    "organisation__name_line", "role", "created_at", "used_at", "revoked_at"
                )
            ),
            "drafts": list(Draft.objects.filter(user_id=user).values("answers", "saved_at"))
            if user
            else [],
            "requests to be let in": list(
                JoinRequest.objects.filter(user_id=user).values(
                    "organisation__name_line",
                    "name",
                    "title",
                    "message",
                    "state",
                    "asked_at",
                    "reason",
                )
            )
            if user
            else [],
        }


class CasesFiles:
    """The port `registries.own_files`: papers about the person, and those the person handed in."""

    name = "credentials.papers"

    def files(self, person: UUID) -> list[tuple[UUID, str]]:
        about = Q(case__talent__person_id=person)
        if user := _user_of(person):
            given = Upload.objects.filter(owner_id=user, purpose=PURPOSE)
            about |= Q(upload__in=given.values("pk"))
        return [
            (paper.upload, f"{paper.added_at:%Y-%m-%d}-{paper.kind}-{paper.name}")
            for paper in Paper.objects.filter(about, upload__isnull=False).order_by("added_at")
            if paper.upload is not None
        ]


def _address_of(person: UUID) -> str:
    found = Person.objects.filter(pk=person).values_list("email", flat=True).first()
    return normal_email(found or "")


def _user_of(person: UUID) -> UUID | None:
    found: UUID | None = Person.objects.filter(pk=person).values_list("user_id", flat=True).first()
    return found


class CasesMerge:
    """Cases follow the registration that another one was merged into."""

    name = "credentials.cases"
    kind = "person"

    def clashes(self, keep: UUID, gone: UUID) -> Sequence[Message]:
        return []

    def merge(self, actor: Actor, keep: UUID, gone: UUID) -> Mapping[str, Any]:
        moved = []
        merged = Talent.objects.filter(person_id=gone, merged_into__isnull=False)
        for talent in merged:
            target = talent.merged_into_id
            if target is None:
                continue
            for case in Case.objects.filter(talent=talent):
                # Of two of the same kind the kept record's own stands; the other stays behind.
                if Case.objects.filter(talent_id=target, kind=case.kind).exists():
                    continue
                case.talent_id = target
                case.save(update_fields=["talent"])
                moved.append([str(case.pk), str(talent.pk)])
        return {"cases": moved}

    def undo(self, actor: Actor, keep: UUID, gone: UUID, moved: Mapping[str, Any]) -> None:
        for case, talent in moved.get("cases", ()):
            Case.objects.filter(pk=case).update(talent=talent)
