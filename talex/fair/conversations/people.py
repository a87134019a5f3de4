"""What happens to conversations and cases when two records become one, and on erasure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q

from talex.core.actor import Actor
from talex.core.errors import Message as Told
from talex.core.ids import parse
from talex.fair.choices import Side
from talex.fair.conversations.models import Conversation, Message, ReadMark, Report
from talex.fair.conversations.queries import shown
from talex.fair.conversations.services import standing
from talex.participants.models import Person, Talent


class PersonsMerge:
    """Conversations follow the talent record; of two about one opening the messages join."""

    name = "conversations.persons"
    kind = "person"

    def clashes(self, keep: UUID, gone: UUID) -> Sequence[Told]:
        return []

    def merge(self, actor: Actor, keep: UUID, gone: UUID) -> Mapping[str, Any]:
        moved: dict[str, list[Any]] = {"conversations": [], "messages": []}
        for goes in Talent.objects.filter(person_id=gone, merged_into__person_id=keep):
            there = {c.opening_id: c for c in Conversation.objects.filter(talent=goes.merged_into)}
            for one in Conversation.objects.filter(talent=goes):
                other = there.get(one.opening_id)
                if other is None:
                    moved["conversations"].append([str(one.pk), str(goes.pk)])
                    Conversation.objects.filter(pk=one.pk).update(talent=goes.merged_into)
                    continue
                pks = [str(pk) for pk in one.messages.values_list("pk", flat=True)]
                moved["messages"].append([str(one.pk), pks])
                Message.objects.filter(pk__in=pks).update(conversation=other)
        cases = Report.objects.filter(against_person=gone)
        moved["cases"] = [str(pk) for pk in cases.values_list("pk", flat=True)]
        cases.update(against_person=keep)
        return moved

    def undo(self, actor: Actor, keep: UUID, gone: UUID, moved: Mapping[str, Any]) -> None:
        for pk, talent in moved.get("conversations", []):
            Conversation.objects.filter(pk=pk).update(talent_id=talent)
        for conversation, pks in moved.get("messages", []):
            Message.objects.filter(pk__in=pks).update(conversation_id=conversation)
        Report.objects.filter(pk__in=moved.get("cases", [])).update(against_person=gone)


class OrganisationsMerge:
    """Cases against an organisation follow it; its conversations follow the openings."""

    name = "conversations.organisations"
    kind = "organisation"

    def clashes(self, keep: UUID, gone: UUID) -> Sequence[Told]:
        return []

    def merge(self, actor: Actor, keep: UUID, gone: UUID) -> Mapping[str, Any]:
        cases = Report.objects.filter(against_organisation=gone)
        moved = [str(pk) for pk in cases.values_list("pk", flat=True)]
        cases.update(against_organisation=keep)
        return {"cases": moved}

    def undo(self, actor: Actor, keep: UUID, gone: UUID, moved: Mapping[str, Any]) -> None:
        Report.objects.filter(pk__in=moved.get("cases", [])).update(against_organisation=gone)


def _accounts(person: UUID) -> list[str]:
    users = Person.objects.filter(pk=person, user__isnull=False).values_list("user_id", flat=True)
    return [str(user) for user in users]


class PersonsErase:
    """All words go: the person's own, and what was written to them as a talent. What is evidence of
    a case stays with the case until its time is over."""

    name = "conversations.persons"

    def erase(self, actor: Actor, person: UUID) -> Mapping[str, int]:
        accounts = _accounts(person)
        about = Q(conversation__talent__person_id=person) | Q(author__in=accounts)
        words = Message.objects.filter(about).exclude(body="").update(body="", language="")
        ReadMark.objects.filter(reader__in=accounts).delete()
        return {"words in conversations": words}

    def export(self, person: UUID) -> Mapping[str, Any]:
        """What the person wrote, and what the pages show them of what was written to them."""
        accounts = _accounts(person)
        rows = (
            Message.objects.filter(
                Q(conversation__talent__person_id=person) | Q(author__in=accounts)
            )
            .select_related("conversation__opening", "conversation__talent__edition")
            .order_by("conversation", "sent_at", "id")
        )
        texts = _texts(rows, person)
        cases = Report.objects.filter(
            Q(reporter__in=accounts) | Q(against_person=person, decided_at__isnull=False)
        )
        return {
            "messages": [
                {
                    "opening": one.conversation.opening.shown_title.texts(),
                    "from": "you" if one.author in accounts else one.side,
                    "sent_at": one.sent_at.isoformat(),
                    "text": texts[one.pk],
                }
                for one in rows
            ],
            "read_until": list(
                ReadMark.objects.filter(reader__in=accounts).values("conversation", "read_at")
            ),
            "cases": [
                {
                    "kind": one.kind,
                    "by_you": one.reporter in accounts,
                    "reason": one.reason,
                    "words": one.words if one.reporter in accounts else "",
                    "decision": one.decision,
                    "decision_words": one.decision_words,
                    "appeal": "" if one.reporter in accounts else one.appeal,
                    "made_at": one.made_at.isoformat(),
                }
                for one in cases
            ],
        }


def _texts(rows: Iterable[Message], person: UUID) -> dict[UUID, str]:
    """Message -> its words as this person may read them: the other side's masked until both agreed,
    as on the page."""
    agreed: dict[UUID, bool] = {}
    found = {}
    for one in rows:
        about = one.conversation
        side = Side.TALENT if about.talent.person_id == person else Side.EMPLOYER
        if about.pk not in agreed:
            edition = about.talent.edition
            agreed[about.pk] = standing(edition, about.talent, about.opening, side).agreed
        found[one.pk], _hidden = shown(one, side, agreed=agreed[about.pk])
    return found


def seen_in(row: Report) -> set[UUID]:
    """The persons of both sides who are read of in a case: about whom it is, and who wrote."""
    authors = {
        pk
        for one in row.evidence.get("messages", ())
        if (pk := parse(one.get("author"))) is not None
    }
    written = Person.objects.filter(user__in=authors, merged_into__isnull=True)
    about = parse(row.evidence.get("talent"))
    talents = Talent.objects.filter(pk__in=[about] if about is not None else [])
    found = {
        *written.filter(erased_at__isnull=True).values_list("pk", flat=True),
        *talents.filter(erased_at__isnull=True).values_list("person_id", flat=True),
    }
    if row.against_person is not None:
        found.add(row.against_person)
    return found
