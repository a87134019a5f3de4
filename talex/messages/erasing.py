"""What the outbox holds of a person, taken out and erased with them.

Messages hang on the account and the address, not on the person: two persons that are merged keep
what was written to either, and undoing it moves nothing back.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from talex.core import clock
from talex.core.actor import Actor
from talex.messages.models import About, Handle, Message, OptOut, Preference, State
from talex.participants.models import Person


class PersonsMessages:
    """The port `registries.erase`."""

    name = "messages.outbox"

    def erase(self, actor: Actor, person: UUID) -> Mapping[str, int]:
        found = _owner(person)
        user, email = found if found else (None, "")
        choices = Preference.objects.filter(user=user).delete()[0] if user else 0
        if user:
            choices += Handle.objects.filter(user=user).delete()[0]
        if email:
            choices += OptOut.objects.filter(address=email).delete()[0]
        return {
            "messages": messages_of(person).delete()[0],
            "messages that told of them": _forget(person),
            "message preferences": choices,
        }

    def export(self, person: UUID) -> Mapping[str, Any]:
        found = _owner(person)
        user, email = found if found else (None, "")
        return {
            "preferences": dict(
                Preference.objects.filter(user=user).values_list("group", "way") if user else ()
            ),
            "reached_by": dict(
                Handle.objects.filter(user=user).values_list("channel", "handle") if user else ()
            ),
            "opted_out": list(
                OptOut.objects.filter(address=email).values_list("group", flat=True)
                if email
                else ()
            ),
            "messages": [
                {
                    "kind": m.kind,
                    "address": m.address,
                    "language": m.language,
                    "subject": m.subject,
                    "text": m.text,
                    "state": m.state,
                    "written_at": m.created_at,
                    "ended_at": m.ended_at,
                }
                for m in messages_of(person).order_by("created_at")
            ],
            # To whom is theirs; the log of looks says which organisations know the person.
            "told_to_others": [
                {"kind": kind, "written_at": at}
                for kind, at in _told_of(person)
                .order_by("created_at")
                .values_list("kind", "created_at")
            ],
        }


def _forget(person: UUID) -> int:
    """Take the words out of what others were told of the person, and end what did not leave yet.
    That there was a message stays in the log."""
    rows = _told_of(person)
    waiting = rows.filter(state__in=[State.GATHERED, State.QUEUED])
    waiting.update(state=State.UNWANTED, ended_at=clock.now())
    return rows.update(subject="", text="", calendar="", method="", fields={})


def _told_of(person: UUID) -> QuerySet[Message]:
    """What others were told of a person."""
    theirs = Person.objects.filter(Q(pk=person) | Q(merged_into=person)).values("pk")
    return Message.objects.filter(pk__in=About.objects.filter(person__in=theirs).values("message"))


def _owner(person: UUID) -> tuple[UUID | None, str] | None:
    """(account, address in small letters) of a person."""
    found = Person.objects.filter(pk=person).first()
    return None if found is None else (found.user_id, found.email.lower())


def messages_of(person: UUID) -> QuerySet[Message]:
    """What was written to a person, to the account or to the address without one."""
    found = _owner(person)
    if found is None:
        return Message.objects.none()
    user, email = found
    mine = Q()
    if user:
        mine |= Q(user=user)
    if email:
        mine |= Q(address__iexact=email, user=None)
    return Message.objects.filter(mine) if mine else Message.objects.none()
